// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.MissingToolException;
import dev.netecho.benchmarks.ProcessCost;
import dev.netecho.benchmarks.Session;
import dev.netecho.benchmarks.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the live view of {@code netecho monitor} costs on a terminal of 120 columns and 40 lines, beside {@code fping
 * -l}, which asks the same hosts as often at the same time.
 */
final class MonitorCost implements Experiment {
    private static final int TARGETS = 1_000;
    private static final double MOST_PERCENT = 5;

    /** Until the compilers of the JVM are done with what a second repeats. */
    private static final int WARM_SECONDS = 20;

    private static final int QUICK_WARM_SECONDS = 5;

    /** A turn has to have several rounds of all hosts. */
    private static final double TURN_SECONDS = 5;

    @Override
    public String name() {
        return "monitor";
    }

    @Override
    public String question() {
        return "How much of a core does the live view take with 1,000 hosts each second, compared with fping -l?";
    }

    @Override
    public void run(Session session) throws Exception {
        Path script = Path.of(System.getProperty("netecho.benchmarks.home", "benchmarks"))
                .resolve("../netecho")
                .normalize();
        if (!Files.isExecutable(script)) {
            throw new MissingToolException(script + " is not there: the source tree is needed");
        }
        Path terminal = session.tool("script"); // of util-linux: a pseudo-terminal
        Path fping = session.tool("fping");
        // The first run may have to build the command.
        session.run(new ProcessBuilder(script.toString(), "--version"), Duration.ofMinutes(5));
        String hosts = IntStream.range(0, TARGETS)
                .mapToObj(i -> "127.1." + i / 250 + "." + (1 + i % 250))
                .collect(Collectors.joining("\n", "", "\n"));
        String file = Files.writeString(session.scratch().resolve("monitor.hosts"), hosts)
                .toAbsolutePath()
                .toString();
        String command = "stty cols 120 rows 40; exec " + script.toAbsolutePath() + " monitor -f " + file;
        ProcessBuilder ours = new ProcessBuilder(terminal.toString(), "-qec", command, "/dev/null");
        ours.environment().put("TERM", "xterm-256color");
        ProcessBuilder theirs = new ProcessBuilder(fping.toString(), "-l", "-p", "1000", "-q", "-f", file);
        Process view = session.start(discarding(ours));
        Process reference = session.start(discarding(theirs));
        try {
            TimeUnit.SECONDS.sleep(session.quick() ? QUICK_WARM_SECONDS : WARM_SECONDS);
            measure(session, monitor(view).pid(), reference.pid());
        } finally {
            session.end(view);
            session.end(reference);
        }
    }

    /** Standard input stays open: its end would end the view. */
    private static ProcessBuilder discarding(ProcessBuilder builder) {
        return builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    /** {@return the JVM below the pseudo-terminal's program} */
    private static ProcessHandle monitor(Process view) throws IOException {
        return view.descendants()
                .filter(each -> each.info().command().orElse("").endsWith("/java"))
                .max(Comparator.comparingLong(ProcessHandle::pid))
                .orElseThrow(() -> new IOException("the monitor has ended, or did not start"));
    }

    private static void measure(Session session, long ours, long theirs) throws InterruptedException {
        double[] view = new double[session.pairs()];
        double[] reference = new double[session.pairs()];
        for (int i = 0; i < view.length; i++) {
            long start = System.nanoTime();
            long viewBefore = ProcessCost.cpuNanosOf(ours);
            long referenceBefore = ProcessCost.cpuNanosOf(theirs);
            TimeUnit.NANOSECONDS.sleep((long) (session.secondsOf(session.quick() ? 1 : TURN_SECONDS) * 1e9));
            double nanos = System.nanoTime() - start;
            view[i] = 100 * (ProcessCost.cpuNanosOf(ours) - viewBefore) / nanos;
            reference[i] = 100 * (ProcessCost.cpuNanosOf(theirs) - referenceBefore) / nanos;
        }
        session.figures().goal("monitor_core_percent", Spread.of(view), Comparison.AT_MOST, MOST_PERCENT);
        session.figures().add("monitor_fping_core_percent", Spread.of(reference));
        session.figures().add("monitor_to_fping", Spread.ofRatios(view, reference));
    }
}
