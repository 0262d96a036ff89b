// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Finished;
import dev.netecho.benchmarks.PeerNamespace;
import dev.netecho.benchmarks.Session;
import dev.netecho.benchmarks.Spread;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Whether a sweep by packet sockets is faster than one by a requester, as fast as C, and finds every host. */
final class NetworkSweeps implements Experiment {
    /** The shared address space of RFC 6598: 524,288 of its addresses, all of which the peer's kernel answers for. */
    private static final String NETWORK = "100.64.0.0/13";

    private static final int HOSTS = 524_288;
    private static final String FIRST = "100.64.0.0";
    private static final String LARGE = "10.0.0.0/8";
    private static final String SOURCE = "198.18.100.1";
    private static final String COOL_DOWN_MILLIS = "200";
    private static final int WARM_UPS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final double MOST_CPU_TO_ENGINE = 0.45;
    private static final double LEAST_RATE_TO_ENGINE = 2;
    private static final double LEAST_RATE_TO_C = 0.97;
    private static final double MOST_MEGABYTES = 40;

    @Override
    public String name() {
        return "sweep";
    }

    @Override
    public String question() {
        return "What does a sweep of " + HOSTS + " hosts cost by packet sockets, by a requester, and in C?";
    }

    @Override
    public void run(Session session) throws Exception {
        try (PeerNamespace peer = PeerNamespace.open(session)) {
            peer.inside("ip", "route", "add", "local", NETWORK, "dev", "lo");
            for (String network : List.of(NETWORK, LARGE)) {
                session.succeed(new ProcessBuilder(
                        session.tool("ip").toString(), "route", "add", network, "via", peer.address4()));
            }
            compare(session, peer.address4());
            measureMemory(session);
        }
    }

    /** One turn of a program, and what it said. */
    private interface Turn {
        Map<String, String> run() throws Exception;
    }

    private static void compare(Session session, String router) throws Exception {
        try (Conversation packet = worker(session, "packet", NETWORK);
                Conversation engine = worker(session, "engine", NETWORK)) {
            List<String> c = List.of(
                    session.c("sweep").toString(),
                    PeerNamespace.NEAR_END,
                    SOURCE,
                    router,
                    FIRST,
                    Integer.toString(HOSTS),
                    COOL_DOWN_MILLIS);
            List<Turn> turns = List.of(
                    () -> turn(packet),
                    () -> turn(engine),
                    () -> session.run(new ProcessBuilder(c), PATIENCE).values());
            for (int i = 0; i < WARM_UPS; i++) {
                turn(packet);
                turn(engine);
            }
            long seed = System.nanoTime();
            session.say("  order of the turns: seed " + seed);
            measure(session, turns, new Random(seed));
        }
    }

    private static void measure(Session session, List<Turn> turns, Random random) throws Exception {
        int pairs = session.pairs();
        double[][] rates = new double[turns.size()][pairs];
        double[][] cpu = new double[turns.size()][pairs];
        double[][] found = new double[turns.size()][pairs];
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2));
        for (int pair = 0; pair < pairs; pair++) {
            Collections.shuffle(order, random);
            for (int way : order) {
                Map<String, String> values = turns.get(way).run();
                rates[way][pair] = number(values, "rate");
                cpu[way][pair] = number(values, "cpu_us");
                found[way][pair] = 100 * number(values, "found") / HOSTS;
            }
        }
        var figures = session.figures();
        figures.goal("packet_to_engine_cpu", Spread.ofRatios(cpu[0], cpu[1]), Comparison.AT_MOST, MOST_CPU_TO_ENGINE);
        figures.goal(
                "packet_to_engine_rate",
                Spread.ofRatios(rates[0], rates[1]),
                Comparison.AT_LEAST,
                LEAST_RATE_TO_ENGINE);
        figures.goal("packet_to_c_rate", Spread.ofRatios(rates[0], rates[2]), Comparison.AT_LEAST, LEAST_RATE_TO_C);
        figures.add("packet_to_c_cpu", Spread.ofRatios(cpu[0], cpu[2]));
        figures.goal(
                "packet_found_percent_least", Arrays.stream(found[0]).min().orElseThrow(), Comparison.AT_LEAST, 100);
        figures.add("engine_found_percent_least", Arrays.stream(found[1]).min().orElseThrow());
        figures.add("c_found_percent_least", Arrays.stream(found[2]).min().orElseThrow());
        figures.add("packet_rate", Spread.of(rates[0]));
        figures.add("packet_cpu_us_per_host", Spread.of(cpu[0]));
        figures.add("engine_cpu_us_per_host", Spread.of(cpu[1]));
    }

    private static void measureMemory(Session session) throws Exception {
        try (Conversation worker = worker(session, "memory", LARGE)) {
            Map<String, String> values = Finished.valuesOf(worker.await("result", PATIENCE));
            double sum = number(values, "heap_mb") + number(values, "ring_mb");
            session.figures().goal("packet_mb_of_16777216_hosts", sum, Comparison.AT_MOST, MOST_MEGABYTES);
        }
    }

    private static Conversation worker(Session session, String way, String network) throws Exception {
        ProcessBuilder builder = session.java(List.of("-Xmx256m"), SweepTurns.class, way, network, COOL_DOWN_MILLIS);
        Conversation worker = new Conversation(session, builder);
        try {
            worker.await("ready", PATIENCE);
            return worker;
        } catch (IOException e) {
            worker.close();
            throw e;
        }
    }

    private static Map<String, String> turn(Conversation worker) throws Exception {
        worker.say("go");
        return Finished.valuesOf(worker.await("result", PATIENCE));
    }

    private static double number(Map<String, String> values, String key) throws IOException {
        String value = values.get(key);
        if (value == null) {
            throw new IOException("a sweep gave no " + key + ": " + values);
        }
        return Double.parseDouble(value);
    }
}
