// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoStatistics;
import java.util.OptionalLong;
import java.util.StringJoiner;

/** The end of a run as text. */
final class SummaryText {
    private SummaryText() {}

    /** {@return the line with the numbers of packets} */
    static String packets(TargetStatistics target, RunResult result) {
        StringJoiner text = new StringJoiner(", ");
        text.add(target.sent() + " packets transmitted").add(target.received() + " received");
        EchoStatistics requester = result.requester();
        addIf(text, result.attributed(requester.duplicates(), 0, 0), "+%d duplicates");
        addIf(text, OptionalLong.of(target.altered()), "+%d altered");
        addIf(text, OptionalLong.of(target.icmpErrors()), "+%d errors");
        addIf(text, OptionalLong.of(target.notSent()), "%d not sent");
        addIf(text, OptionalLong.of(target.givenUp()), "%d given up at the interrupt");
        if (target.asked() > 0) {
            text.add(loss(target) + " packet loss");
        }
        return text.add("time " + result.elapsed().toMillis() + "ms").toString();
    }

    /** {@return the part of the requests that have ended, of which there is at least one, without a reply} */
    static String loss(TargetStatistics target) {
        return Decimals.percent(target.lost(), target.asked()) + "%";
    }

    /** {@return the line with the round-trip times, of which there is at least one} */
    static String roundTrips(RttStatistics rtt) {
        return "rtt min/avg/max/stddev = " + Decimals.millis(rtt.min()) + "/" + Decimals.millis(rtt.mean()) + "/"
                + Decimals.millis(rtt.max()) + "/" + Decimals.millis(rtt.standardDeviation()) + " ms";
    }

    /** {@return what the requester alone has seen; empty if that is nothing} */
    static String strays(EchoStatistics requester) {
        StringJoiner text = new StringJoiner(", ");
        addIf(text, requester.duplicates(), "%d duplicates");
        addIf(text, requester.late(), "%d late answers");
        addIf(text, requester.altered(), "%d altered answers");
        addIf(text, requester.wrongSource(), "%d answers from a wrong address");
        addIf(text, requester.droppedLocally(), "%d packets dropped by this host's own receive buffer");
        return text.length() == 0 ? "" : "also seen, all targets together: " + text;
    }

    private static void addIf(StringJoiner text, OptionalLong count, String format) {
        if (count.orElse(0) > 0) {
            text.add(format.replace("%d", Long.toString(count.getAsLong())));
        }
    }
}
