// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Finished;
import dev.netecho.benchmarks.MissingToolException;
import dev.netecho.benchmarks.Session;
import dev.netecho.benchmarks.Spread;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Whether an echo costs more when there are many targets. */
final class ManyDestinations implements Experiment {
    private static final int FEW = 10;
    private static final List<Integer> MANY = List.of(1_000, 100_000);
    private static final double MOST_RATIO = 1.10;

    @Override
    public String name() {
        return "many-destinations";
    }

    @Override
    public String question() {
        return "Does an echo cost more processor time with 100,000 destinations than with ten?";
    }

    @Override
    public void run(Session session) throws Exception {
        ProcessBuilder builder = session.java(
                List.of("-Xmx256m"),
                DestinationLoop.class,
                Double.toString(session.seconds()),
                Integer.toString(session.pairs()),
                Integer.toString(FEW),
                Integer.toString(MANY.get(0)),
                Integer.toString(MANY.get(1)));
        String output = PairedTurns.output(session, builder);
        for (int many : MANY) {
            PairedTurns turns = PairedTurns.of(output, "pair destinations=" + many + " ");
            Spread ratios = turns.ratios("many", "few");
            session.figures().goal("cpu_ratio_" + many + "_to_10_destinations", ratios, Comparison.AT_MOST, MOST_RATIO);
            session.figures()
                    .add(
                            "cpu_us_per_echo_" + many + "_destinations",
                            turns.spread("many").median());
            session.figures()
                    .add(
                            "bytes_per_echo_" + many + "_destinations",
                            turns.spread("bytes").median());
        }
        if (session.quick()) {
            return; // C has no goal here, and its turns take as long as those of the library
        }
        try {
            compareWithC(session);
        } catch (MissingToolException e) {
            session.say("  not compared with C: " + e.getMessage());
        }
    }

    private static void compareWithC(Session session) throws IOException, InterruptedException, MissingToolException {
        for (int many : MANY) {
            session.figures().add("c_cpu_ratio_" + many + "_to_10_destinations", reference(session, many));
        }
    }

    /**
     * The same of C, which does nothing of its own for a destination: what the kernel and the processor's caches add.
     */
    private static Spread reference(Session session, int many)
            throws IOException, InterruptedException, MissingToolException {
        double[] few = new double[session.pairs()];
        double[] every = new double[session.pairs()];
        for (int pair = 0; pair < session.pairs(); pair++) {
            boolean first = pair % 2 == 0;
            double before = referenceMicros(session, first ? FEW : many);
            double after = referenceMicros(session, first ? many : FEW);
            few[pair] = first ? before : after;
            every[pair] = first ? after : before;
        }
        return Spread.ofRatios(every, few);
    }

    private static double referenceMicros(Session session, int destinations)
            throws IOException, InterruptedException, MissingToolException {
        List<String> command = List.of(
                session.c("reference").toString(),
                "--watch",
                "idle",
                "--destinations",
                Integer.toString(destinations),
                "--warm-up",
                // It goes round all of them, as the library does.
                Double.toString(Math.max(1, session.seconds())),
                "--seconds",
                Double.toString(session.seconds()),
                "127.0.0.1");
        Finished finished =
                session.run(new ProcessBuilder(command), Duration.ofSeconds(30 + 2 * (long) session.seconds()));
        String micros = finished.values().get("cpu_us");
        if (finished.status() != 0 || micros == null) {
            throw new IOException("the C reference ended with status " + finished.status() + ": " + finished.output());
        }
        return Double.parseDouble(micros);
    }
}
