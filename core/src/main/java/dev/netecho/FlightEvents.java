// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import dev.netecho.spi.EchoCounters;
import jdk.jfr.FlightRecorder;

/**
 * Events for Java Flight Recorder, off by default. The module {@code jdk.jfr} is optional: an image may lack it. An
 * event that is off costs one or two branches.
 *
 * <p>The events are not even loaded before there is a recorder: that costs a command about a fifth of its start
 * (measured on JDK 17 and 25).
 */
@SuppressForbidden("jdk.jfr is not in every Java runtime: this class finds out whether it is")
final class FlightEvents {
    /** A constant to the compiler. */
    private static final boolean PRESENT = arePresent();

    private FlightEvents() {}

    private static boolean arePresent() {
        try {
            FlightRecorder.isInitialized();
            return true;
        } catch (LinkageError e) { // the JVM has no module jdk.jfr, or this module does not read it
            return false;
        }
    }

    private static boolean mayBeOn() {
        return PRESENT && FlightRecorder.isInitialized();
    }

    /** {@return whether requests are recorded} */
    static boolean ofRequests() {
        try {
            return mayBeOn() && Loaded.isRequestOn();
        } catch (LinkageError | OutOfMemoryError e) { // rather no event than no request
            return false;
        }
    }

    /** The kernel dropped packets that were for this requester. */
    static void dropped(String requester, long packets) {
        try {
            if (mayBeOn() && ReceiveDropsEvent.isOn()) {
                ReceiveDropsEvent.record(requester, packets);
            }
        } catch (LinkageError | OutOfMemoryError e) {
            return; // as above: the engine's thread has more to do
        }
    }

    /** The thread of this requester's engine was held. */
    static void held(String requester, long nanos) {
        try {
            if (mayBeOn() && nanos >= EchoCounters.SHORTEST_STALL_NANOS && LoopStallEvent.isOn()) {
                LoopStallEvent.record(requester, nanos);
            }
        } catch (LinkageError | OutOfMemoryError e) {
            return; // as above
        }
    }

    /** Loads all events on the thread of a caller: it would hold the engine's thread, and be recorded as a stall. */
    private static final class Loaded {
        static {
            ReceiveDropsEvent.isOn();
            LoopStallEvent.isOn();
        }

        static boolean isRequestOn() {
            return EchoRequestEvent.isOn();
        }
    }
}
