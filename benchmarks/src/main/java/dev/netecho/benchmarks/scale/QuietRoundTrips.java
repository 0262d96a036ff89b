// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Finished;
import dev.netecho.benchmarks.MissingToolException;
import dev.netecho.benchmarks.PeerNamespace;
import dev.netecho.benchmarks.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The round-trip times of single echoes, beside those of iputils ping and of a packet capture. */
final class QuietRoundTrips implements Experiment {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern TIME = Pattern.compile("time=([0-9.]+) ms");

    /**
     * Below 10 ms ping does not sleep between packets but spins (main_loop() of iputils), which keeps its caches warm.
     */
    private static final double PAUSE_MILLIS = 20;

    private static final String PING = "_ping";
    private static final double MOST_RATIO = 1;
    private static final double MOST_DIFFERENCE_MICROS = 10;
    private static final double MICROS = 1e3;

    @Override
    public String name() {
        return "quiet-round-trips";
    }

    @Override
    public String question() {
        return "Is a single echo reported as quick as ping reports it, and as a packet capture saw it?";
    }

    @Override
    public void run(Session session) throws Exception {
        measure(session, "loopback", "127.0.0.1", "lo");
        try (PeerNamespace peer = PeerNamespace.open(session)) {
            measure(session, "veth", peer.address4(), PeerNamespace.NEAR_END);
        }
        Optional<Path> jdk25 = session.jdk25();
        if (jdk25.isPresent()) {
            compareBindings(session, jdk25.get());
        } else {
            session.say("  not measured with each binding: no JDK 25 is installed");
        }
    }

    /** Through {@code java.lang.foreign} and through JNA, beside ping, in the same rounds. */
    private static void compareBindings(Session session, Path jdk) throws Exception {
        String address = "127.0.0.1";
        int count = count(session);
        try (Conversation ffm = new Conversation(
                        session, session.java(jdk, options("ffm"), QuietSender.class, arguments(address, count)));
                Conversation jna = new Conversation(
                        session, session.java(jdk, options("jna"), QuietSender.class, arguments(address, count)))) {
            ffm.await("ready", PATIENCE);
            jna.await("ready", PATIENCE);
            compareWithPing(session, "loopback_jdk25", address, new TreeMap<>(Map.of("_ffm", ffm, "_jna", jna)), count);
        } catch (MissingToolException e) {
            session.say("  bindings not compared with ping: " + e.getMessage());
        }
    }

    private static List<String> options(String binding) {
        return List.of("-Xmx64m", "-Dnetecho.binding=" + binding);
    }

    private static String[] arguments(String address, int count) {
        return new String[] {address, Integer.toString(count), Double.toString(PAUSE_MILLIS)};
    }

    private static int count(Session session) {
        return session.quick() ? 30 : 150;
    }

    private static void measure(Session session, String label, String address, String device) throws Exception {
        int count = count(session);
        ProcessBuilder builder = session.java(List.of("-Xmx64m"), QuietSender.class, arguments(address, count));
        try (Conversation sender = new Conversation(session, builder)) {
            sender.await("ready", PATIENCE);
            try {
                compareWithPing(session, label, address, Map.of("", sender), count);
            } catch (MissingToolException e) {
                session.say("  not compared with ping: " + e.getMessage());
            }
            try {
                compareWithCapture(session, label, device, sender, count);
            } catch (MissingToolException e) {
                session.say("  not compared with a capture: " + e.getMessage());
            }
        }
    }

    /** {@code senders} by what their figures' names have behind the label. */
    private static void compareWithPing(
            Session session, String label, String address, Map<String, Conversation> senders, int count)
            throws Exception {
        Map<String, double[]> times = new TreeMap<>();
        List<String> programs = new ArrayList<>(senders.keySet());
        programs.add(PING);
        for (int round = 0; round < session.pairs(); round++) {
            for (String program : programs) {
                Conversation sender = senders.get(program);
                double[] turn = sender == null ? ping(session, address, count) : turn(sender);
                times.merge(program, turn, QuietRoundTrips::joined);
            }
            Collections.rotate(programs, 1); // another one begins
        }
        // Of all rounds together: in one turn of the quick run the 99th percentile would be the largest of 30.
        for (int percent : new int[] {50, 99}) {
            String name = "quiet_rtt_" + label + "_p" + percent;
            double other = quantile(Objects.requireNonNull(times.get(PING)), percent / 100.0);
            for (String suffix : senders.keySet()) {
                double own = quantile(Objects.requireNonNull(times.get(suffix)), percent / 100.0);
                session.figures().goal(name + suffix + "_ratio_to_ping", own / other, Comparison.AT_MOST, MOST_RATIO);
                session.figures().add(name + suffix + "_us", own);
            }
            session.figures().add(name + PING + "_us", other);
        }
    }

    /** {@return the microseconds that iputils ping prints; it cuts them to three digits} */
    private static double[] ping(Session session, String address, int count) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                session.tool("ping").toString(),
                "-n",
                "-c",
                Integer.toString(count),
                "-i",
                Double.toString(PAUSE_MILLIS / MICROS),
                address);
        Finished finished = session.run(builder, PATIENCE);
        Matcher times = TIME.matcher(finished.output());
        double[] micros = times.results()
                .mapToDouble(time -> Double.parseDouble(time.group(1)) * MICROS)
                .toArray();
        if (finished.status() != 0 || micros.length != count) {
            throw new IOException(
                    "ping printed " + micros.length + " times instead of " + count + ": " + finished.output());
        }
        return micros;
    }

    private static double[] turn(Conversation sender) throws IOException, InterruptedException {
        sender.say("turn");
        return Arrays.stream(sender.await("turn", PATIENCE).split(" ", -1))
                .skip(1)
                .mapToDouble(nanos -> Long.parseLong(nanos) / MICROS)
                .toArray();
    }

    private static void compareWithCapture(Session session, String label, String device, Conversation sender, int count)
            throws Exception {
        double[] differences = new double[count * session.pairs()];
        double[] sizes = new double[differences.length];
        for (int round = 0; round < session.pairs(); round++) {
            try (PacketCapture capture = PacketCapture.start(session, device)) {
                double[] reported = turn(sender);
                List<Long> captured = capture.roundTrips(count);
                for (int i = 0; i < count; i++) {
                    differences[round * count + i] = reported[i] - captured.get(i) / MICROS;
                    sizes[round * count + i] = Math.abs(differences[round * count + i]);
                }
            }
        }
        String name = "quiet_rtt_" + label + "_from_capture";
        session.figures().goal(name + "_p99_us", quantile(sizes, 0.99), Comparison.AT_MOST, MOST_DIFFERENCE_MICROS);
        session.figures().add(name + "_median_us", quantile(differences, 0.5));
        session.figures().add(name + "_least_us", quantile(differences, 0));
        session.figures().add(name + "_most_us", quantile(differences, 1));
    }

    private static double[] joined(double[] some, double[] more) {
        double[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }

    private static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.round(share * (sorted.length - 1))];
    }
}
