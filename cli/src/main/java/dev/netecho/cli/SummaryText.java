// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoStatistics;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.StringJoiner;

/** The end of a run as text. */
final class SummaryText {
    /** More lines are too many to read during a run. */
    private static final int MOST_LINES_SO_FAR = 10;

    private SummaryText() {}

    /**
     * {@return the line with the numbers of packets} Up to the time it is what ping prints, for the programs that read
     * that. What ping does not count comes last.
     */
    static String packets(TargetStatistics target, RunResult result) {
        StringJoiner text = new StringJoiner(", ");
        OptionalLong sent = result.sent(target);
        text.add(sent.isPresent() ? sent.getAsLong() + " packets transmitted" : target.asked() + " packets asked")
                .add(target.received() + " received");
        EchoStatistics requester = result.requester();
        addIf(text, result.attributed(requester.duplicates(), 0, 0), "+%d duplicates");
        addIf(text, OptionalLong.of(target.icmpErrors()), "+%d errors");
        if (target.ended() > 0) {
            text.add(loss(target) + " packet loss");
        }
        text.add("time " + result.elapsed().toMillis() + "ms");
        addIf(text, OptionalLong.of(target.altered()), "%d altered");
        addIf(text, OptionalLong.of(target.notSent()), "%d not sent");
        addIf(text, OptionalLong.of(target.givenUp()), "%d given up at the interrupt");
        return text.toString();
    }

    /** {@return the part of the ended requests, at least one, that had no reply} */
    static String loss(TargetStatistics target) {
        return lossPercent(target) + "%";
    }

    /** {@return the same without the sign} */
    static String lossPercent(TargetStatistics target) {
        return Decimals.percent(target.lost(), target.ended());
    }

    /** {@return the line with the round-trip times, at least one} */
    static String roundTrips(RttStatistics rtt) {
        return "rtt min/avg/max/mdev = " + Decimals.millis(rtt.min()) + "/" + Decimals.millis(rtt.mean()) + "/"
                + Decimals.millis(rtt.max()) + "/" + Decimals.millis(rtt.standardDeviation()) + " ms";
    }

    /**
     * {@return the lines of an interim summary} One for each target; if they are many, one for all. Requests without an
     * outcome are not counted.
     */
    static List<String> soFar(List<TargetStatistics> targets, Duration elapsed) {
        if (targets.size() <= MOST_LINES_SO_FAR) {
            return targets.stream().map(SummaryText::soFar).toList();
        }
        long ended = 0;
        long lost = 0;
        int all = 0;
        int some = 0;
        int none = 0;
        for (TargetStatistics target : targets) {
            ended += target.ended();
            lost += target.lost();
            if (target.received() > 0) {
                all += target.lost() == 0 ? 1 : 0;
                some += target.lost() == 0 ? 0 : 1;
            } else if (target.ended() > 0) {
                none++;
            }
        }
        return List.of(
                targets.size() + " targets so far: " + all + " answered every request, " + some + " some, " + none
                        + " none, " + (targets.size() - all - some - none) + " without an outcome yet; "
                        + packetsSoFar(ended, lost) + "; time " + elapsed.toMillis() + "ms");
    }

    private static String soFar(TargetStatistics target) {
        return target.target().shown() + ": " + packetsSoFar(target.ended(), target.lost())
                + (target.rtt().isEmpty() ? "" : ", " + roundTrips(target.rtt()));
    }

    /** As ping prints them. */
    private static String packetsSoFar(long ended, long lost) {
        return (ended - lost) + "/" + ended + " packets"
                + (ended == 0 ? "" : ", " + Decimals.percent(lost, ended) + "% loss");
    }

    /** {@return what only the requester has seen; empty if nothing} */
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
