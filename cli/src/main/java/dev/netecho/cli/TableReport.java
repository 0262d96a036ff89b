// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import java.io.PrintStream;
import java.util.List;
import java.util.OptionalLong;

/** For many targets: a live line on a terminal during the run, and one row per target at the end. */
final class TableReport implements PingReport {
    private static final int NARROWEST = 15;
    private static final int WIDEST = 45;

    /** Of the columns after the target. */
    private static final int[] WIDTHS = {8, 8, 6, 8, 8, 9, 10, 10, 10, 10};

    private final PrintStream out;
    private final List<Target> targets;
    private final int payloadSize;
    private final ProgressLine progress;

    TableReport(PrintStream out, List<Target> targets, int payloadSize, ProgressLine progress) {
        this.out = out;
        this.targets = targets;
        this.payloadSize = payloadSize;
        this.progress = progress;
    }

    @Override
    public void started() {
        print("PING " + targets.size() + " targets, " + payloadSize + " bytes of data");
    }

    @Override
    public void outcome(TargetStatistics target, long sequence, EchoOutcome outcome) {
        progress.add(outcome);
    }

    @Override
    public void tick() {
        progress.show();
    }

    @Override
    public void interrupted() {
        progress.clear();
    }

    @Override
    public void finished(RunResult result) {
        progress.clear();
        int width = NARROWEST;
        for (Target target : targets) {
            width = Math.max(width, Math.min(WIDEST, target.text().length()));
        }
        print(row(
                width,
                "target",
                "sent",
                "received",
                "errors",
                "timeouts",
                "not sent",
                "loss",
                "min ms",
                "avg ms",
                "max ms",
                "stddev ms"));
        for (TargetStatistics target : result.targets()) {
            RttStatistics rtt = target.rtt();
            OptionalLong sent = result.sent(target);
            print(row(
                    width,
                    OneLine.of(target.target().text()),
                    sent.isPresent() ? Long.toString(sent.getAsLong()) : "-",
                    Long.toString(target.received()),
                    Long.toString(target.icmpErrors()),
                    Long.toString(target.timedOut()),
                    Long.toString(target.notSent()),
                    target.ended() == 0 ? "-" : SummaryText.loss(target),
                    rtt.isEmpty() ? "-" : Decimals.millis(rtt.min()),
                    rtt.isEmpty() ? "-" : Decimals.millis(rtt.mean()),
                    rtt.isEmpty() ? "-" : Decimals.millis(rtt.max()),
                    rtt.isEmpty() ? "-" : Decimals.millis(rtt.standardDeviation())));
        }
        totals(result);
    }

    /** Not with {@link String#format}, which would take most of the time of a large report. */
    private static String row(int width, String target, String... numbers) {
        StringBuilder row = new StringBuilder(width + 112).append(target);
        row.append(" ".repeat(Math.max(0, width - target.length())));
        for (int i = 0; i < numbers.length; i++) {
            row.append(" ".repeat(1 + Math.max(0, WIDTHS[i] - numbers[i].length())))
                    .append(numbers[i]);
        }
        return row.toString();
    }

    private void totals(RunResult result) {
        long all = 0;
        long none = 0;
        for (TargetStatistics target : result.targets()) {
            if (target.received() == 0) {
                none++;
            } else if (target.isAnswered()) {
                all++;
            }
        }
        print("");
        print(targets.size() + " targets: " + all + " answered every request, " + (targets.size() - all - none)
                + " some, " + none + " none; time " + result.elapsed().toMillis() + "ms");
        if (result.givenUp() > 0) {
            print(result.givenUp() + " requests were given up at the interrupt, " + result.givenUpSent()
                    + " of them sent; they are not counted as lost");
        }
        String strays = SummaryText.strays(result.requester());
        if (!strays.isEmpty()) {
            print(strays);
        }
    }

    private void print(String line) {
        out.print(line + "\n");
    }
}
