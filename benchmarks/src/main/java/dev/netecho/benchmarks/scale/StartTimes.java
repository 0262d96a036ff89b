// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Finished;
import dev.netecho.benchmarks.MissingToolException;
import dev.netecho.benchmarks.Session;
import dev.netecho.benchmarks.Spread;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** How long it takes from nothing to the first reply, inside a JVM and with one. */
final class StartTimes implements Experiment {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int FIRST_ONES = 5;
    private static final double MOST_OPEN_MILLIS = 5;
    private static final double MOST_COMMAND_MILLIS = 400;

    @Override
    public String name() {
        return "start-times";
    }

    @Override
    public String question() {
        return "How long is it to the first reply: from open() in a warm JVM, and from the start of the command?";
    }

    @Override
    public void run(Session session) throws Exception {
        measureOpen(session);
        measureCommand(session);
    }

    private static void measureOpen(Session session) throws Exception {
        int count = session.quick() ? 20 : 200;
        ProcessBuilder builder =
                session.java(List.of("-Xmx64m"), FirstReply.class, Integer.toString(count + FIRST_ONES));
        double[] millis = session.run(builder, PATIENCE)
                .output()
                .lines()
                .map(Finished::valuesOf)
                .filter(values -> values.containsKey("open"))
                .mapToDouble(values -> Double.parseDouble(values.get("open")))
                .toArray();
        if (millis.length != count + FIRST_ONES) {
            throw new IOException("of " + (count + FIRST_ONES) + " requesters only " + millis.length + " had a reply");
        }
        double[] warm = new double[count];
        System.arraycopy(millis, FIRST_ONES, warm, 0, count);
        session.figures().goal("open_to_reply_warm_ms", Spread.of(warm), Comparison.AT_MOST, MOST_OPEN_MILLIS);
    }

    private static void measureCommand(Session session) throws Exception {
        Path script = Path.of(System.getProperty("netecho.benchmarks.home", "benchmarks"))
                .resolve("../netecho")
                .normalize();
        if (!Files.isExecutable(script)) {
            throw new MissingToolException(script + " is not there: the source tree is needed");
        }
        ProcessBuilder command = new ProcessBuilder(script.toString(), "ping", "-c", "1", "127.0.0.1");
        // The first run may have to build the command.
        session.run(command, Duration.ofMinutes(5));
        int runs = session.quick() ? 5 : 15;
        double[] commandMillis = new double[runs];
        for (int i = 0; i < runs; i++) {
            commandMillis[i] = millisToLine(session, command, "64 bytes from");
        }
        session.figures()
                .goal("command_to_reply_ms", Spread.of(commandMillis), Comparison.AT_MOST, MOST_COMMAND_MILLIS);
    }

    private static double millisToLine(Session session, ProcessBuilder builder, String word) throws IOException {
        ProcessBuilder fresh = new ProcessBuilder(builder.command()).redirectErrorStream(true);
        long start = System.nanoTime();
        Process process = session.start(fresh);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(word)) {
                    return (System.nanoTime() - start) / 1e6;
                }
            }
            throw new IOException(String.join(" ", fresh.command()) + " ended without a reply");
        } finally {
            session.end(process);
        }
    }
}
