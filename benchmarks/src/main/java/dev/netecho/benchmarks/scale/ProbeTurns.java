// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Session;
import dev.netecho.benchmarks.Spread;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPInputStream;

/** {@code /probe} of the agent and of blackbox_exporter in turn, asked as Prometheus does. */
final class ProbeTurns {
    private static final int AT_ONCE = 32;

    /** Until the compilers of the JVM are done with what a probe does: ten minutes of 500 targets each 15 s. */
    private static final int WARM_PROBES = 20_000;

    private static final double MOST_RATIO = 0.5;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int firstHost;
    private final int count;

    private ProbeTurns(int firstHost, int count) {
        this.firstHost = firstHost;
        this.count = count;
    }

    /** Measures; the hosts from this one on answer. */
    static void compare(Session session, int firstHost) throws Exception {
        try (HttpProgram blackbox = HttpProgram.blackbox(
                        session, "modules: {icmp: {prober: icmp, icmp: {preferred_ip_protocol: ip4}}}\n");
                HttpProgram agent = HttpProgram.agent(session, "probe: {allow: [198.18.0.0/15]}\n")) {
            ProbeTurns turns = new ProbeTurns(firstHost, session.quick() ? 200 : 1_000);
            session.figures().add("agent_probe_cold_cpu_us", turns.turn(agent));
            for (int i = 0; i < WARM_PROBES / turns.count; i++) {
                turns.turn(agent);
            }
            turns.turn(blackbox);
            double[] ours = new double[session.pairs()];
            double[] theirs = new double[session.pairs()];
            for (int round = 0; round < ours.length; round++) {
                if (round % 2 == 0) {
                    ours[round] = turns.turn(agent);
                    theirs[round] = turns.turn(blackbox);
                } else {
                    theirs[round] = turns.turn(blackbox);
                    ours[round] = turns.turn(agent);
                }
            }
            session.figures()
                    .goal("agent_probe_cpu_ratio", Spread.ofRatios(ours, theirs), Comparison.AT_MOST, MOST_RATIO);
            session.figures().add("agent_probe_cpu_us", Spread.of(ours));
            session.figures().add("blackbox_probe_cpu_us", Spread.of(theirs));
            session.figures().add("agent_probe_resident_peak_mb", agent.peakMb());
            session.figures().add("blackbox_probe_resident_peak_mb", blackbox.peakMb());
        }
    }

    /** {@return microseconds of CPU per probe} */
    private double turn(HttpProgram program) throws IOException, InterruptedException {
        Semaphore places = new Semaphore(AT_ONCE);
        List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>(count);
        long cpu = program.cpuNanos();
        for (int i = 0; i < count; i++) {
            places.acquire();
            String host = BenchAddress.of(firstHost + i).getHostAddress();
            HttpRequest request = HttpRequest.newBuilder(program.url("/probe?module=icmp&target=" + host))
                    .header(
                            "Accept",
                            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
                                    + "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
                    .header("Accept-Encoding", "gzip")
                    .header("User-Agent", "Prometheus/2.42.0")
                    .header("X-Prometheus-Scrape-Timeout-Seconds", "10")
                    .build();
            answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                    .whenComplete((answer, failure) -> places.release()));
        }
        places.acquire(AT_ONCE);
        double micros = (program.cpuNanos() - cpu) / 1e3 / count;
        for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
            String text = text(answer.join());
            if (!text.contains("\nprobe_success 1")) {
                throw new IOException("a probe did not succeed: " + text);
            }
        }
        return micros;
    }

    private static String text(HttpResponse<byte[]> answer) {
        boolean compressed = answer.headers().firstValue("Content-Encoding").isPresent();
        try (GZIPInputStream in = compressed ? new GZIPInputStream(new ByteArrayInputStream(answer.body())) : null) {
            return new String(in == null ? answer.body() : in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
