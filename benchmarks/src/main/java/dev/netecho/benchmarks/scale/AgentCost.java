// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Figures;
import dev.netecho.benchmarks.MissingToolException;
import dev.netecho.benchmarks.Session;
import dev.netecho.benchmarks.Spread;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * What {@code netecho agent} costs: its own schedule, a scrape of all targets, and a probe beside blackbox_exporter.
 */
final class AgentCost implements Experiment {
    private static final int FIRST_HOST = 256;

    /** How many targets the goals of memory, time and schedule are for. */
    private static final int GOAL_TARGETS = 10_000;

    private static final double MOST_CPU_MICROS = 20;
    private static final double MOST_MB = 256;
    private static final double MOST_SCRAPE_MILLIS = 1_000;
    private static final double MOST_JITTER_MILLIS = 10;

    /** Until the compilers of the JVM are done with what a scrape does. */
    private static final int WARM_TARGETS = 400_000;

    private static final String LOOPBACK = "127.0.0.1";

    /** Of this host, and not loopback: the own side of {@link BenchNetwork}. */
    private static final String ELSEWHERE = "198.18.0.1";

    private static final String TEXT = "text/plain;version=0.0.4";

    /** In which Prometheus gets native histograms. */
    private static final String PROTOBUF =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    @Override
    public String name() {
        return "agent";
    }

    @Override
    public String question() {
        return "What does the agent cost per target: its schedule, a scrape, and a probe beside blackbox_exporter?";
    }

    @Override
    public void run(Session session) throws Exception {
        try (BenchNetwork answering = BenchNetwork.startEven(session)) {
            answering.account(); // it answers
            try {
                ProbeTurns.compare(session, FIRST_HOST);
            } catch (MissingToolException e) {
                session.say("  no probes compared: " + e.getMessage());
            }
            for (int targets : session.quick() ? new int[] {1_000} : new int[] {1_000, GOAL_TARGETS, 100_000}) {
                measureScrapes(session, targets);
            }
        }
    }

    private static void measureScrapes(Session session, int targets) throws Exception {
        Duration interval = Duration.ofSeconds(session.quick() ? 1 : 10);
        StringBuilder config =
                new StringBuilder("interval: ").append(interval.toSeconds()).append("s\ntargets:\n");
        for (int i = 0; i < targets; i++) {
            config.append("  - ")
                    .append(BenchAddress.of(FIRST_HOST + i).getHostAddress())
                    .append('\n');
        }
        try (HttpProgram agent = HttpProgram.agent(session, config.toString())) {
            new Scrapes(session, agent, targets, interval).measure();
        }
    }

    /** An agent with so many targets. */
    private static final class Scrapes {
        private final Session session;
        private final HttpProgram agent;
        private final int targets;
        private final Duration interval;
        private final String prefix;

        Scrapes(Session session, HttpProgram agent, int targets, Duration interval) {
            this.session = session;
            this.agent = agent;
            this.targets = targets;
            this.interval = interval;
            this.prefix = "agent_" + targets + "_";
        }

        void measure() throws Exception {
            Figures figures = session.figures();
            boolean goals = targets == GOAL_TARGETS;
            long start = System.nanoTime();
            String page = page();
            figures.add(prefix + "first_scrape_ms", (System.nanoTime() - start) / 1e6);
            long series = page.lines()
                    .filter(line -> line.startsWith("netecho_target_up{"))
                    .count();
            if (series != targets) {
                throw new IOException("of " + targets + " targets the page has " + series);
            }
            figures.add(prefix + "bytes_per_target", (double) page.length() / targets);
            for (int i = 0; i < Math.max(5, WARM_TARGETS / targets); i++) {
                scrape(LOOPBACK, false, TEXT);
                scrape(ELSEWHERE, true, TEXT);
                scrape(ELSEWHERE, true, PROTOBUF);
            }
            double[] plain = new double[session.pairs()];
            double[] compressed = new double[session.pairs()];
            double[] binary = new double[session.pairs()];
            List<Double> millis = new ArrayList<>();
            for (int round = 0; round < session.pairs(); round++) {
                plain[round] = turn(LOOPBACK, false, TEXT, millis);
                compressed[round] = turn(ELSEWHERE, true, TEXT, millis);
                binary[round] = turn(ELSEWHERE, true, PROTOBUF, millis);
            }
            figures.goal(prefix + "scrape_cpu_us", Spread.of(plain), Comparison.AT_MOST, MOST_CPU_MICROS);
            figures.goal(prefix + "scrape_gzip_cpu_us", Spread.of(compressed), Comparison.AT_MOST, MOST_CPU_MICROS);
            figures.goal(prefix + "scrape_protobuf_cpu_us", Spread.of(binary), Comparison.AT_MOST, MOST_CPU_MICROS);
            measureSchedule();
            figures.goal(prefix + "timed_out", (double) counted("netecho_timeouts_total{"), Comparison.AT_MOST, 0);
            Spread wall =
                    Spread.of(millis.stream().mapToDouble(Double::doubleValue).toArray());
            if (goals) {
                figures.goal(prefix + "scrape_ms", wall, Comparison.AT_MOST, MOST_SCRAPE_MILLIS);
                figures.goal(prefix + "resident_peak_mb", agent.peakMb(), Comparison.AT_MOST, MOST_MB);
            } else {
                figures.add(prefix + "scrape_ms", wall);
                figures.add(prefix + "resident_peak_mb", agent.peakMb());
            }
        }

        private void scrape(String address, boolean compressed, String format) throws IOException {
            agent.get(address, "/metrics", compressed, format, OutputStream.nullOutputStream());
        }

        private String page() throws IOException {
            ByteArrayOutputStream page = new ByteArrayOutputStream();
            agent.get(LOOPBACK, "/metrics", false, TEXT, page);
            return page.toString(StandardCharsets.UTF_8);
        }

        /** Watches an interval without a scrape, and two and a half with one in each, as Prometheus makes them. */
        private void measureSchedule() throws Exception {
            Figures figures = session.figures();
            Duration time = interval.multipliedBy(5).dividedBy(2);
            long asked = counted("netecho_sent_total{");
            long cpu = agent.cpuNanos();
            TimeUnit.NANOSECONDS.sleep(interval.toNanos());
            long used = agent.cpuNanos() - cpu;
            figures.add(prefix + "request_cpu_us", used / 1e3 / (counted("netecho_sent_total{") - asked));
            Thread scraper = new Thread(this::scrapeOnceAnInterval, "scraper");
            scraper.start();
            try (PacketCapture capture = PacketCapture.start(session, "bench0")) {
                double jitter = jitterMillis(capture.requests(time));
                if (targets == GOAL_TARGETS) {
                    figures.goal(prefix + "jitter_p99_ms", jitter, Comparison.AT_MOST, MOST_JITTER_MILLIS);
                } else {
                    figures.add(prefix + "jitter_p99_ms", jitter);
                }
            } catch (MissingToolException e) {
                session.say("  no jitter: " + e.getMessage());
            } finally {
                scraper.interrupt();
                scraper.join();
            }
        }

        private void scrapeOnceAnInterval() {
            try {
                while (true) {
                    scrape(ELSEWHERE, true, TEXT);
                    TimeUnit.NANOSECONDS.sleep(interval.toNanos());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // enough
            }
        }

        /** {@return of all times between two requests to a host, by how much 99 in 100 at most miss the interval} */
        private double jitterMillis(Map<String, List<Long>> requests) throws IOException {
            double[] misses = requests.values().stream()
                    .flatMapToDouble(times -> IntStream.range(1, times.size())
                            .mapToDouble(i -> Math.abs(times.get(i) - times.get(i - 1) - interval.toNanos()) / 1e6))
                    .sorted()
                    .toArray();
            if (misses.length < targets) {
                throw new IOException("of " + targets + " targets only " + misses.length + " were seen twice");
            }
            return misses[(int) (misses.length * 0.99)];
        }

        private long counted(String beginning) throws IOException {
            return page().lines()
                    .filter(line -> line.startsWith(beginning))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }

        /** {@return microseconds of CPU per target and scrape, with what the schedule takes in the meantime} */
        private double turn(String address, boolean compressed, String format, List<Double> millis) throws IOException {
            long start = System.nanoTime();
            long cpu = agent.cpuNanos();
            int scrapes = 0;
            long now = start;
            while (scrapes == 0 || now - start < session.seconds() * 1e9) {
                scrape(address, compressed, format);
                scrapes++;
                long last = now;
                now = System.nanoTime();
                millis.add((now - last) / 1e6);
            }
            return (agent.cpuNanos() - cpu) / 1e3 / scrapes / targets;
        }
    }
}
