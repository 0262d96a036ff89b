// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Figures;
import dev.netecho.benchmarks.PeerNamespace;
import dev.netecho.benchmarks.Session;
import dev.netecho.benchmarks.Spread;
import dev.netecho.benchmarks.throughput.Turn.Style;
import java.util.ArrayList;
import java.util.List;

/** The library beside C, on loopback and over veth, with both kinds of socket, both families and every way to ask. */
public final class ThroughputExperiment implements Experiment {
    private static final int WINDOW = 64;
    private static final int THREADS = 200;
    private static final String C = "c";
    private static final String C_UNWATCHED = "C that looks away from a busy socket";
    private static final String C_WIDE = "C with as many in flight as threads";
    private static final String EVERY_STYLE = "loopback_datagram_v4";

    @Override
    public String name() {
        return "throughput";
    }

    @Override
    public String question() {
        return "How many echoes per second, and how much CPU for each, compared with C?";
    }

    @Override
    public void run(Session session) throws Exception {
        session.c("reference");
        try (PeerNamespace peer = PeerNamespace.open(session);
                WorkerProcess worker = WorkerProcess.start(session)) {
            List<Way> ways = ways(peer);
            warmUp(session, worker, ways);
            double notAnswered = 0;
            for (Way way : ways) {
                notAnswered += compare(session, worker, way);
            }
            session.figures().goal("throughput_not_answered", notAnswered, Comparison.AT_MOST, 0);
        }
    }

    private static List<Way> ways(PeerNamespace peer) {
        List<Way> ways = new ArrayList<>();
        for (String kind : List.of("datagram", "raw")) {
            ways.add(new Way("loopback", kind, "v4", "127.0.0.1"));
            ways.add(new Way("loopback", kind, "v6", "::1"));
            ways.add(new Way("veth", kind, "v4", peer.address4()));
            ways.add(new Way("veth", kind, "v6", peer.address6()));
        }
        return ways;
    }

    private static void warmUp(Session session, WorkerProcess worker, List<Way> ways) throws Exception {
        for (Way way : ways) {
            for (Style style : styles(session, way)) {
                worker.warmUp(turn(way, style, 0, 1), session.quick() ? 0.75 : 10);
            }
        }
    }

    /** The quick run goes every way, but asks in every style on one of them only. */
    private static List<Style> styles(Session session, Way way) {
        return session.quick() && !way.toString().equals(EVERY_STYLE)
                ? List.of(Style.LISTENER)
                : List.of(Style.LISTENER, Style.FUTURE, Style.BLOCKING);
    }

    private static Turn turn(Way way, Style style, double warmUp, double seconds) {
        int window = style == Style.BLOCKING ? THREADS : WINDOW;
        return new Turn("linux-" + way.kind, style, way.address, 1, window, warmUp, seconds);
    }

    /** {@return how many requests ended without a reply} */
    private static double compare(Session session, WorkerProcess worker, Way way) throws Exception {
        double warmUp = session.quick() ? 0.05 : 0.3;
        List<Style> styles = styles(session, way);
        Comparisons comparisons = new Comparisons();
        Turn narrow = turn(way, Style.LISTENER, warmUp, session.seconds());
        comparisons.add(C, () -> Reference.measure(session, narrow));
        if (!session.quick()) {
            comparisons.add(C_UNWATCHED, () -> Reference.measureUnwatched(session, narrow));
        }
        if (styles.contains(Style.BLOCKING)) { // as much in flight as its threads have
            Turn wide = turn(way, Style.BLOCKING, warmUp, session.seconds());
            comparisons.add(C_WIDE, () -> Reference.measure(session, wide));
        }
        for (Style style : styles) {
            Turn turn = turn(way, style, warmUp, session.seconds());
            comparisons.add(style.toString(), () -> worker.measure(turn));
        }
        comparisons.run(session.pairs());

        Figures figures = session.figures();
        figures.add(way + "_c_rate", Spread.of(comparisons.rates(C)).median());
        double notAnswered = 0;
        for (Style style : styles) {
            notAnswered += add(figures, comparisons, way, style);
        }
        return notAnswered;
    }

    /** {@return how many requests ended without a reply} */
    private static double add(Figures figures, Comparisons comparisons, Way way, Style style) throws Exception {
        String name = way + "_" + style;
        String reference = style == Style.BLOCKING ? C_WIDE : C;
        Spread rate = comparisons.rateRatio(style.toString(), reference);
        Spread cpu = comparisons.cpuRatio(style.toString(), reference);
        List<Double> bytes = new ArrayList<>();
        double notAnswered = 0;
        for (Outcome outcome : comparisons.of(style.toString())) {
            bytes.add(outcome.value("bytes"));
            notAnswered += outcome.value("others");
        }
        double bytesPerEcho =
                Spread.of(bytes.stream().mapToDouble(it -> it).toArray()).median();
        switch (style) {
            case LISTENER -> {
                double bound = way.network.equals("loopback") && way.kind.equals("datagram") ? 0.98 : 0.97;
                figures.goal(name + "_rate_ratio", rate, Comparison.AT_LEAST, bound);
                figures.goal(name + "_cpu_ratio", cpu, Comparison.AT_MOST, 1.05);
                figures.goal(name + "_bytes_per_echo", bytesPerEcho, Comparison.AT_MOST, 64);
                if (comparisons.has(C_UNWATCHED)) {
                    figures.add(name + "_rate_to_unwatched_c", comparisons.rateRatio(style.toString(), C_UNWATCHED));
                    figures.add(name + "_cpu_to_unwatched_c", comparisons.cpuRatio(style.toString(), C_UNWATCHED));
                }
            }
            case FUTURE -> {
                figures.goal(name + "_rate_ratio", rate, Comparison.AT_LEAST, 0.95);
                figures.add(name + "_cpu_ratio", cpu);
                figures.goal(name + "_bytes_per_echo", bytesPerEcho, Comparison.AT_MOST, 256);
            }
            default -> {
                figures.goal(name + "_rate_ratio", rate, Comparison.AT_LEAST, 0.5);
                figures.add(name + "_cpu_ratio", cpu);
                figures.add(name + "_bytes_per_echo", bytesPerEcho);
            }
        }
        return notAnswered;
    }

    /** A way to somebody who answers. */
    private record Way(String network, String kind, String family, String address) {
        @Override
        public String toString() {
            return network + "_" + kind + "_" + family;
        }
    }
}
