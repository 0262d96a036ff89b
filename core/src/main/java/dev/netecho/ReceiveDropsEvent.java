// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** The kernel dropped packets; seen when the engine reads its counter. */
@Name("dev.netecho.ReceiveDrops")
@Label("Receive Drops")
@Category("Netecho")
@Description("The kernel dropped packets because the receive buffer of a requester was full")
@Enabled(false)
@StackTrace(false)
@SuppressForbidden("jdk.jfr is not in every Java runtime: FlightEvents knows whether it is")
final class ReceiveDropsEvent extends Event {
    private static final ReceiveDropsEvent PROBE = new ReceiveDropsEvent();

    @Label("Requester")
    @Nullable
    String requester;

    @Label("Packets")
    long packets;

    static boolean isOn() {
        return PROBE.isEnabled();
    }

    static void record(String requester, long packets) {
        ReceiveDropsEvent event = new ReceiveDropsEvent();
        event.requester = requester;
        event.packets = packets;
        event.commit();
    }
}
