// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import dev.netecho.benchmarks.Finished;
import dev.netecho.benchmarks.MissingToolException;
import dev.netecho.benchmarks.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What operators use today, as quick as it goes. */
final class OtherPrograms {
    static final int FPING_TARGETS = 200;

    /** What both reach at least, so that a turn of theirs lasts about as long as the others'. */
    private static final int ECHOES_PER_SECOND = 100_000;

    /** fping 5.1 keeps each sequence number for ten seconds and gives up when it has none left, as it says itself. */
    private static final int FPING_SEQUENCES = 65_535;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern PING_RECEIVED = Pattern.compile("(\\d+) received");
    private static final Pattern FPING_RECEIVED = Pattern.compile("(\\d+) ICMP Echo Replies received");

    private OtherPrograms() {}

    /** {@return iputils {@code ping -f}, whose next packet leaves when the reply to the last has come} */
    static Outcome ping(Session session, double seconds)
            throws MissingToolException, IOException, InterruptedException {
        String ping = session.tool("ping").toString();
        String count = Long.toString(Math.round(seconds * ECHOES_PER_SECOND));
        return measure(session, List.of(ping, "-f", "-q", "-n", "-c", count, "127.0.0.1"), PING_RECEIVED);
    }

    /** {@return fping without any pause, at {@value #FPING_TARGETS} addresses of the loopback network} */
    static Outcome fping(Session session, double seconds)
            throws MissingToolException, IOException, InterruptedException {
        String fping = session.tool("fping").toString();
        Path targets = session.scratch().resolve("fping-targets.txt");
        Files.writeString(
                targets,
                IntStream.rangeClosed(1, FPING_TARGETS)
                        .mapToObj(i -> "127.0.1." + i + "\n")
                        .collect(Collectors.joining()));
        long wanted = Math.round(seconds * ECHOES_PER_SECOND / FPING_TARGETS);
        String count = Long.toString(Math.max(1, Math.min(wanted, FPING_SEQUENCES / FPING_TARGETS)));
        List<String> command =
                List.of(fping, "-q", "-s", "-c", count, "-i", "0", "-p", "0", "-t", "500", "-f", targets.toString());
        return measure(session, command, FPING_RECEIVED);
    }

    private static Outcome measure(Session session, List<String> program, Pattern received)
            throws MissingToolException, IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(session.c("timed").toString()));
        command.addAll(program);
        Finished finished = session.run(new ProcessBuilder(command), PATIENCE);
        Matcher matcher = received.matcher(finished.output());
        Map<String, String> timed = finished.values();
        if (!matcher.find() || !timed.containsKey("timed_seconds")) {
            throw new IOException(String.join(" ", program) + " ended with status " + finished.status()
                    + " and no count of replies: " + finished.output());
        }
        double replies = Double.parseDouble(matcher.group(1));
        double rate = replies / Double.parseDouble(timed.getOrDefault("timed_seconds", "0"));
        double cpu = Double.parseDouble(timed.getOrDefault("timed_cpu", "0")) * 1e6 / replies;
        return Outcome.of(program.get(0), Map.of("rate", Double.toString(rate), "cpu_us", Double.toString(cpu)));
    }
}
