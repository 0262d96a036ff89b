// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.StringJoiner;

/** For many targets: a live line on a terminal during the run, and one row per target at the end, worst first. */
final class TableReport implements PingReport {
    private static final int NARROWEST = 15;

    /** With more rows than this the first ones are gone from the screen when the last is printed. */
    private static final int ROWS_OF_A_SCREEN = 20;

    private static final int MOST_NAMED = 5;

    /** The columns after the target: together with an IPv6 address of 39 characters 80. */
    private static final String[] TITLES = {"loss", "sent", "lost", "avg ms", "max ms"};

    private static final int[] WIDTHS = {8, 6, 6, 8, 8};

    /** Without any reply the reason stands in the place of the times. */
    private static final int[] WIDTHS_WITHOUT_TIMES = {8, 6, 6, 17};

    private static final String[] ALL_TITLES = {
        "sent", "received", "errors", "timeouts", "not sent", "loss", "min ms", "avg ms", "max ms", "mdev ms"
    };

    private static final int[] ALL_WIDTHS = {8, 8, 6, 8, 8, 9, 10, 10, 10, 10};

    private final PrintStream out;
    private final Terminal terminal;
    private final List<Target> targets;
    private final int payloadSize;
    private final boolean all;
    private final boolean quiet;
    private final PacketLines lines;
    private final ProgressLine progress;

    /**
     * Constructs the report.
     *
     * @param all whether to print every packet, and every column, however wide the table becomes
     * @param quiet whether to print nothing before the end
     */
    TableReport(
            PrintStream out,
            Terminal terminal,
            List<Target> targets,
            int payloadSize,
            PacketLines lines,
            boolean all,
            boolean quiet) {
        this.out = out;
        this.terminal = terminal;
        this.targets = targets;
        this.payloadSize = payloadSize;
        this.lines = lines;
        this.all = all;
        this.quiet = quiet;
        this.progress = new ProgressLine(out, terminal);
    }

    @Override
    public void started() {
        print("PING " + targets.size() + " targets, " + payloadSize + " bytes of data");
    }

    @Override
    public void outcome(TargetStatistics target, Probe probe, EchoOutcome outcome) {
        progress.add(target);
        if (all && !quiet) {
            progress.clear();
            print(lines.outcome(probe, outcome));
        }
    }

    @Override
    public void outstanding(TargetStatistics target, long sequence) {
        if (!quiet) {
            progress.clear();
            print(lines.outstanding(target.target(), sequence));
        }
    }

    @Override
    public void moved(Target before, Target now) {
        if (!quiet) {
            progress.clear();
            print(lines.moved(before, now));
        }
    }

    @Override
    public void tick() {
        if (!quiet) {
            progress.show();
        }
    }

    @Override
    public void interrupted() {
        progress.clear();
    }

    @Override
    public void finished(RunResult result) {
        progress.clear();
        int[] widths = all ? ALL_WIDTHS : WIDTHS;
        int most = terminal.columns();
        for (int width : WIDTHS) {
            most -= 1 + width;
        }
        int width = NARROWEST;
        for (Target target : targets) {
            width = Math.max(width, Math.min(most, name(target, most).length()));
        }
        print(row(width, "target", widths, all ? ALL_TITLES : TITLES));
        List<TargetStatistics> worstFirst = new ArrayList<>(result.targets());
        worstFirst.sort(Comparator.comparingDouble(TargetStatistics::lossRatio).reversed());
        for (TargetStatistics target : worstFirst) {
            String[] numbers = all ? allNumbers(target, result) : numbers(target, result);
            String row = row(
                    width,
                    name(target.target(), width),
                    numbers.length == WIDTHS_WITHOUT_TIMES.length ? WIDTHS_WITHOUT_TIMES : widths,
                    numbers);
            print(
                    target.lost() == 0
                            ? row
                            : terminal.in(target.received() == 0 ? Terminal.Colour.RED : Terminal.Colour.YELLOW, row));
        }
        totals(result, worstFirst);
    }

    /** {@return what the user gave, and as much of its label as there is room for} */
    private static String name(Target target, int width) {
        String text = target.shown();
        if (target.label().isEmpty() || text.length() >= width) {
            return text;
        }
        String whole = text + " " + OneLine.of(target.label());
        return whole.substring(0, Math.min(width, whole.length())).stripTrailing();
    }

    private static String[] numbers(TargetStatistics target, RunResult result) {
        OptionalLong sent = result.sent(target);
        RttStatistics rtt = target.rtt();
        String loss = target.ended() == 0 ? "-" : SummaryText.loss(target);
        String packets = sent.isPresent() ? Long.toString(sent.getAsLong()) : "-";
        String lost = Long.toString(target.lost());
        EchoOutcome failure = target.failure();
        return rtt.isEmpty() && failure != null
                ? new String[] {loss, packets, lost, OutcomeText.inShort(target.target(), failure)}
                : new String[] {
                    loss,
                    packets,
                    lost,
                    rtt.isEmpty() ? "-" : Decimals.millis(rtt.mean()),
                    rtt.isEmpty() ? "-" : Decimals.millis(rtt.max())
                };
    }

    private static String[] allNumbers(TargetStatistics target, RunResult result) {
        OptionalLong sent = result.sent(target);
        RttStatistics rtt = target.rtt();
        return new String[] {
            sent.isPresent() ? Long.toString(sent.getAsLong()) : "-",
            Long.toString(target.received()),
            Long.toString(target.icmpErrors()),
            Long.toString(target.timedOut()),
            Long.toString(target.notSent()),
            target.ended() == 0 ? "-" : SummaryText.loss(target),
            rtt.isEmpty() ? "-" : Decimals.millis(rtt.min()),
            rtt.isEmpty() ? "-" : Decimals.millis(rtt.mean()),
            rtt.isEmpty() ? "-" : Decimals.millis(rtt.max()),
            rtt.isEmpty() ? "-" : Decimals.millis(rtt.standardDeviation())
        };
    }

    /**
     * {@return one row; a name that is too long has a line of its own} Not with {@link String#format}, which would take
     * most of the time of a large report.
     */
    private static String row(int width, String target, int[] widths, String... numbers) {
        StringBuilder row = new StringBuilder(width + 112).append(target);
        if (target.length() > width) {
            row.append('\n').append(" ".repeat(width));
        } else {
            row.append(" ".repeat(width - target.length()));
        }
        for (int i = 0; i < numbers.length; i++) {
            row.append(" ".repeat(1 + Math.max(0, widths[i] - numbers[i].length())))
                    .append(numbers[i]);
        }
        return row.toString();
    }

    private void totals(RunResult result, List<TargetStatistics> worstFirst) {
        long every = 0;
        long none = 0;
        for (TargetStatistics target : worstFirst) {
            if (target.received() == 0) {
                none++;
            } else if (target.isAnswered()) {
                every++;
            }
        }
        print("");
        print(targets.size() + " targets: " + every + " answered every request, " + (targets.size() - every - none)
                + " some, " + none + " none; time " + result.elapsed().toMillis() + "ms");
        if (none > 0 && targets.size() > ROWS_OF_A_SCREEN) {
            StringJoiner names = new StringJoiner(", ");
            worstFirst.stream()
                    .filter(target -> target.received() == 0)
                    .limit(MOST_NAMED)
                    .forEach(target -> names.add(target.target().shown()));
            print("no reply from " + names + (none > MOST_NAMED ? " and " + (none - MOST_NAMED) + " more" : ""));
        }
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
