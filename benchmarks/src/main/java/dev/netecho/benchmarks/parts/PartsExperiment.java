// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.parts;

import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Session;
import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Every JMH benchmark of this module; JMH's own report goes to a file. */
public final class PartsExperiment implements Experiment {
    @Override
    public String name() {
        return "parts";
    }

    @Override
    public String question() {
        return "How many nanoseconds do codec, token, slot table, timer, submission and provider look-up take?";
    }

    @Override
    public void run(Session session) throws IOException, RunnerException {
        // JMH shows what it is doing in a lock file of the temporary directory, and refuses to run twice on a host.
        System.setProperty("jmh.ignoreLock", "true");
        OptionsBuilder options = new OptionsBuilder();
        options.include("^dev\\.netecho\\..*Benchmark\\.")
                .shouldFailOnError(true)
                .timeout(TimeValue.seconds(60))
                .output(session.scratch().resolve("jmh.txt").toString());
        if (session.quick()) {
            options.forks(1)
                    .warmupIterations(1)
                    .warmupTime(TimeValue.milliseconds(150))
                    .measurementIterations(2)
                    .measurementTime(TimeValue.milliseconds(100));
        } else {
            options.forks(3)
                    .warmupIterations(3)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(5)
                    .measurementTime(TimeValue.seconds(1));
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        for (RunResult result : results) {
            Result<?> primary = result.getPrimaryResult();
            session.figures().add("jmh_" + snakeCase(primary.getLabel()) + "_ns", primary.getScore());
        }
    }

    /** {@return the name of a method as figures are called} */
    static String snakeCase(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
