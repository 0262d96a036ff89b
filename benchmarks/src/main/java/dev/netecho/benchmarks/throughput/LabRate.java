// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Session;
import dev.netecho.benchmarks.Spread;
import dev.netecho.testkit.lab.LabPlan;
import dev.netecho.testkit.lab.LabProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;

/** How many answers a second the network lab of the testkit gives, so that tests need not wait for it. */
public final class LabRate implements Experiment {
    private static final int WINDOW = 64;

    @Override
    public String name() {
        return "lab-rate";
    }

    @Override
    public String question() {
        return "How many answers per second does the network lab of the testkit give to the C reference?";
    }

    @Override
    public void run(Session session) throws Exception {
        session.c("reference");
        Process lab = session.start(
                session.java(List.of(), LabProgram.class, "lab").redirectError(ProcessBuilder.Redirect.INHERIT));
        try (BufferedReader out = lab.inputReader()) {
            String line = out.readLine();
            if (!"lab ready".equals(line)) {
                throw new IOException("the lab does not run: " + line);
            }
            String address = LabPlan.AT_ONCE.ipv4(1).getHostAddress();
            double[] rates = new double[session.pairs()];
            double warmUp = session.quick() ? 1 : 3;
            for (int i = 0; i < rates.length; i++) {
                Turn turn = new Turn(
                        "linux-datagram",
                        Turn.Style.LISTENER,
                        address,
                        1,
                        WINDOW,
                        i == 0 ? warmUp : 0.1,
                        session.seconds());
                rates[i] = Reference.measure(session, turn).value("rate");
            }
            session.figures().goal("lab_rate", Spread.of(rates), Comparison.AT_LEAST, 20_000);
        } finally {
            session.end(lab);
        }
    }
}
