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
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** An engine's thread did nothing for a while although it had to; seen when it continues. */
@Name("dev.netecho.LoopStall")
@Label("Loop Stall")
@Category("Netecho")
@Description("The thread of an engine was held, by a listener, by the owner of a lent loop, or by the system")
@Enabled(false)
@StackTrace(false)
@SuppressForbidden("jdk.jfr is not in every Java runtime: FlightEvents knows whether it is")
final class LoopStallEvent extends Event {
    private static final LoopStallEvent PROBE = new LoopStallEvent();

    @Label("Requester")
    @Nullable
    String requester;

    @Label("Held")
    @Timespan
    long held;

    static boolean isOn() {
        return PROBE.isEnabled();
    }

    static void record(String requester, long nanos) {
        LoopStallEvent event = new LoopStallEvent();
        event.requester = requester;
        event.held = nanos;
        event.commit();
    }
}
