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
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How long it takes from nothing to the first reply, inside a JVM and with one. */
final class StartTimes implements Experiment {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> HEAP = List.of("-Xmx64m");
    private static final int FIRST_ONES = 5;
    private static final double MOST_WARM_MILLIS = 2;
    private static final double MOST_COLD_MILLIS = 150;
    private static final double MOST_COMMAND_MILLIS = 200;

    @Override
    public String name() {
        return "start-times";
    }

    @Override
    public String question() {
        return "How long does open() take, and how long is it to the first reply: in a warm JVM, in a cold one, and "
                + "from the start of the command?";
    }

    @Override
    public void run(Session session) throws Exception {
        measureWarm(session);
        measureCold(session, "open_cold", Path.of(System.getProperty("java.home")));
        Optional<Path> jdk25 = session.jdk25();
        if (jdk25.isPresent()) {
            measureCold(session, "open_cold_jdk25", jdk25.get());
        } else {
            session.say("  not measured on JDK 25: none is installed");
        }
        measureCommand(session);
    }

    private static void measureWarm(Session session) throws Exception {
        int count = session.quick() ? 20 : 200;
        ProcessBuilder builder = session.java(HEAP, FirstReply.class, Integer.toString(count + FIRST_ONES));
        double[] warm = opened(session, builder, count + FIRST_ONES)
                .skip(FIRST_ONES)
                .mapToDouble(values -> Double.parseDouble(values.get("reply")))
                .toArray();
        session.figures().goal("open_to_reply_warm_ms", Spread.of(warm), Comparison.AT_MOST, MOST_WARM_MILLIS);
    }

    /** The first requester of a JVM that has done nothing else; an embedder's has loaded some of the classes. */
    private static void measureCold(Session session, String name, Path jdk) throws Exception {
        int runs = session.quick() ? 5 : 15;
        double[] open = new double[runs];
        double[] reply = new double[runs];
        for (int i = 0; i < runs; i++) {
            Map<String, String> values = opened(session, session.java(jdk, HEAP, FirstReply.class, "1"), 1)
                    .findFirst()
                    .orElseThrow();
            open[i] = Double.parseDouble(values.get("open"));
            reply[i] = Double.parseDouble(values.get("reply"));
        }
        session.figures().goal(name + "_ms", Spread.of(open), Comparison.AT_MOST, MOST_COLD_MILLIS);
        session.figures().add(name + "_to_reply_ms", Spread.of(reply));
    }

    /** {@return what the program says of each requester that it has opened} */
    private static Stream<Map<String, String>> opened(Session session, ProcessBuilder builder, int count)
            throws IOException, InterruptedException {
        Finished finished = session.run(builder, PATIENCE);
        List<Map<String, String>> values = finished.output()
                .lines()
                .map(Finished::valuesOf)
                .filter(each -> each.containsKey("open"))
                .toList();
        if (values.size() != count) {
            throw new IOException(
                    "of " + count + " requesters only " + values.size() + " had a reply: " + finished.output());
        }
        return values.stream();
    }

    private static void measureCommand(Session session) throws Exception {
        Path script = Path.of(System.getProperty("netecho.benchmarks.home", "benchmarks"))
                .resolve("../netecho")
                .normalize();
        if (!Files.isExecutable(script)) {
            throw new MissingToolException(script + " is not there: the source tree is needed");
        }
        List<String> command = List.of(script.toString(), "ping", "-c", "1", "127.0.0.1");
        // The first run may have to build the command.
        Finished first = session.run(new ProcessBuilder(command), Duration.ofMinutes(5));
        if (first.status() != 0) {
            throw new IOException("the command does not run: " + first.output());
        }
        List<String> ping = List.of(session.tool("ping").toString(), "-n", "-c", "1", "127.0.0.1");
        int runs = session.quick() ? 5 : 15;
        double[] ours = new double[runs];
        double[] theirs = new double[runs];
        for (int i = 0; i < runs; i++) {
            ours[i] = millisToReply(session, command);
            theirs[i] = millisToReply(session, ping);
        }
        session.figures().goal("command_to_reply_ms", Spread.of(ours), Comparison.AT_MOST, MOST_COMMAND_MILLIS);
        session.figures().add("ping_to_reply_ms", Spread.of(theirs));
    }

    private static double millisToReply(Session session, List<String> command) throws IOException {
        long start = System.nanoTime();
        Process process = session.start(new ProcessBuilder(command).redirectErrorStream(true));
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("64 bytes from")) {
                    return (System.nanoTime() - start) / 1e6;
                }
            }
            throw new IOException(String.join(" ", command) + " ended without a reply");
        } finally {
            session.end(process);
        }
    }
}
