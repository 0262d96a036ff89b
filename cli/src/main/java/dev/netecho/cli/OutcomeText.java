// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoOutcome.IcmpError;
import dev.netecho.EchoOutcome.NotSent;
import dev.netecho.EchoOutcome.Reply;
import dev.netecho.EchoOutcome.TimedOut;
import java.net.InetAddress;

/** One outcome as a line of text, in the form of {@code ping}. */
final class OutcomeText {
    /** The ICMP header (RFC 792), which {@code ping} counts among the bytes received. */
    private static final int ICMP_HEADER = 8;

    /** SPEC TIM-3: no time is 0, and none may look like 0 with three decimals of a millisecond. */
    private static final long LEAST_SHOWN = 1_000;

    private OutcomeText() {}

    static String of(Target target, long sequence, EchoOutcome outcome) {
        String number = "icmp_seq=" + sequence;
        if (outcome instanceof Reply reply) {
            return reply(target, number, reply);
        }
        if (outcome instanceof IcmpError error) {
            return "From " + AddressText.of(error.responder()) + " " + number + " " + IcmpErrorText.of(error);
        }
        if (outcome instanceof TimedOut timedOut) {
            return number + " timed out after "
                    + Decimals.scaled(timedOut.waited().toNanos(), 1_000_000, 0) + " ms"
                    + (timedOut.localDropsSuspected()
                            ? " (this host dropped packets meanwhile: the request or its answer may be among them)"
                            : "");
        }
        if (outcome instanceof NotSent notSent) {
            return number + " not sent: " + OneLine.of(notSent.detail()) + " ("
                    + JsonReport.lowerCase(notSent.reason())
                    + (notSent.osError().isPresent()
                            ? ", error " + notSent.osError().getAsInt()
                            : "") + ")";
        }
        return number + " " + outcome;
    }

    private static String reply(Target target, String number, Reply reply) {
        return (reply.payload().size() + ICMP_HEADER) + " bytes from " + responder(target, reply.responder()) + ": "
                + number
                + (reply.hopLimit().isPresent() ? " ttl=" + reply.hopLimit().getAsInt() : "")
                + " time="
                + time(
                        reply.roundTripTime().toNanos(),
                        reply.roundTripUncertainty().toNanos())
                + (reply.payloadIntact() ? "" : " ALTERED PAYLOAD: what came back is not what was sent");
    }

    /** {@return a round-trip time, and its uncertainty if that is more than a tenth and more than the digits show} */
    private static String time(long nanos, long uncertainty) {
        String time = Decimals.shortMillis(Math.max(nanos, LEAST_SHOWN)) + " ms";
        return uncertainty <= nanos / 10 || uncertainty < LEAST_SHOWN
                ? time
                : time + " (+/- " + Decimals.shortMillis(uncertainty) + " ms)";
    }

    private static String responder(Target target, InetAddress responder) {
        String address = AddressText.of(responder);
        return isName(target) ? OneLine.of(target.text()) + " (" + address + ")" : address;
    }

    private static boolean isName(Target target) {
        String text = target.text();
        return text.indexOf(':') < 0 && !text.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }
}
