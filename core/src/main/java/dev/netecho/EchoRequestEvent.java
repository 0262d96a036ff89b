// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A request from the call to its outcome. */
@Name("dev.netecho.EchoRequest")
@Label("Echo Request")
@Category("Netecho")
@Description("An ICMP echo request, from the call to its outcome")
@Enabled(false)
@StackTrace(false)
@Threshold("100 ms")
@SuppressForbidden("jdk.jfr is not in every Java runtime: FlightEvents knows whether it is")
final class EchoRequestEvent extends Event {
    private static final EchoRequestEvent PROBE = new EchoRequestEvent();

    /** What JFR shows as absent. */
    private static final long NO_TIME = Long.MIN_VALUE;

    @Label("Requester")
    @Nullable
    String requester;

    @Label("Destination")
    @Nullable
    String destination;

    @Label("Payload")
    @DataAmount
    int payload;

    @Label("Outcome")
    @Description("reply, icmp_error, timed_out or not_sent")
    @Nullable
    String outcome;

    @Label("Reason")
    @Description("The kind of the ICMP error, or why the request was not sent")
    @Nullable
    String reason;

    @Label("Round Trip")
    @Timespan
    long roundTrip = NO_TIME;

    static boolean isOn() {
        return PROBE.isEnabled();
    }

    /** Ends the event, and records it if it lasted long enough. */
    void record(String name, EchoRequest request, EchoOutcome result) {
        end();
        if (!shouldCommit()) {
            return;
        }
        requester = name;
        destination = request.destination().getHostAddress();
        payload = request.payload().size();
        if (result instanceof EchoOutcome.Reply reply) {
            outcome = "reply";
            roundTrip = reply.roundTripTime().toNanos();
        } else if (result instanceof EchoOutcome.IcmpError error) {
            outcome = "icmp_error";
            reason = lowerCase(error.kind());
            roundTrip = error.roundTripTime().toNanos();
        } else if (result instanceof EchoOutcome.TimedOut) {
            outcome = "timed_out";
        } else if (result instanceof EchoOutcome.NotSent refusal) {
            outcome = "not_sent";
            reason = lowerCase(refusal.reason());
        }
        commit();
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
