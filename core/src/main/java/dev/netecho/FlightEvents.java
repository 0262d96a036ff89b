// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import dev.netecho.spi.EchoCounters;

/**
 * Events for Java Flight Recorder, off by default. The module {@code jdk.jfr} is optional: an image may lack it. An
 * event that is off costs one branch, and nothing in the compiled code while no recording was ever started.
 */
final class FlightEvents {
    /** A constant to the compiler. */
    private static final boolean PRESENT = arePresent();

    private FlightEvents() {}

    /** Loads them, before they are needed. */
    static boolean arePresent() {
        try {
            EchoRequestEvent.isOn();
            ReceiveDropsEvent.isOn();
            LoopStallEvent.isOn();
            return true;
        } catch (LinkageError e) { // the JVM has no module jdk.jfr, or this module does not read it
            return false;
        }
    }

    /** {@return whether requests are recorded} */
    static boolean ofRequests() {
        return PRESENT && EchoRequestEvent.isOn();
    }

    /** The kernel dropped packets that were for this requester. */
    static void dropped(String requester, long packets) {
        if (PRESENT && ReceiveDropsEvent.isOn()) {
            ReceiveDropsEvent.record(requester, packets);
        }
    }

    /** The thread of this requester's engine was held. */
    static void held(String requester, long nanos) {
        if (PRESENT && nanos >= EchoCounters.SHORTEST_STALL_NANOS && LoopStallEvent.isOn()) {
            LoopStallEvent.record(requester, nanos);
        }
    }
}
