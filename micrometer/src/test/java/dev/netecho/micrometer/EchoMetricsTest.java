// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.testkit.simulated.SimulatedHost;
import dev.netecho.testkit.simulated.SimulatedHosts;
import dev.netecho.testkit.simulated.SimulatedNetwork;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EchoMetricsTest {
    private static final List<String> ENDED = List.of("replies", "icmp_errors", "timeouts", "abandoned");

    private final MeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void everyOutcomeIsInItsMeter() throws Exception {
        InetAddress up = InetAddress.getByName("192.0.2.1");
        InetAddress unreachable = InetAddress.getByName("192.0.2.2");
        InetAddress silent = InetAddress.getByName("192.0.2.3");
        InetAddress multicast = InetAddress.getByName("224.0.0.1");
        SimulatedNetwork network = new SimulatedNetwork(new SimulatedHosts()
                .put(up, SimulatedHost.up(Duration.ofMillis(3)))
                .put(unreachable, SimulatedHost.unreachable(up, Duration.ofMillis(3))));
        try (EchoRequester requester =
                        network.newRequesterBuilder().name("seen").open();
                EchoMetrics metrics = new EchoMetrics(requester)) {
            metrics.bindTo(registry);
            for (InetAddress each : List.of(up, up, up, unreachable, unreachable, silent, multicast)) {
                requester.sendAsync(EchoRequest.to(each), (request, outcome) -> {});
            }
            network.clock().advance(Duration.ofMillis(1));
            assertThat(registry.get("netecho.in.flight").gauge().value()).isEqualTo(6);
            network.clock().advance(Duration.ofMinutes(1));

            // Read for the second time, so that the others come from a new snapshot too.
            assertThat(registry.get("netecho.in.flight").gauge().value()).isZero();
            assertThat(count("netecho.sent")).isEqualTo(6);
            assertThat(count("netecho.replies")).isEqualTo(3);
            assertThat(count("netecho.timeouts")).isEqualTo(1);
            assertThat(count("netecho.icmp.errors", "kind", "host_unreachable")).isEqualTo(2);
            assertThat(count("netecho.icmp.errors", "kind", "other")).isZero();
            assertThat(count("netecho.not.sent", "reason", "invalid_destination"))
                    .isEqualTo(1);
            assertThat(count("netecho.not.sent", "reason", "no_route")).isZero();
        }
    }

    private double count(String name, String... tags) {
        return registry.get(name)
                .tags("requester", "seen")
                .tags(tags)
                .functionCounter()
                .count();
    }

    @Test
    void prometheusNamesThemByItsConventions() {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new EchoMetrics(List.of(new FakeRequester("a"), new FakeRequester("b")), Tags.of("site", "x"))
                .bindTo(prometheus);
        assertThat(prometheus.scrape().lines())
                .contains(
                        "# TYPE netecho_sent_total counter",
                        "netecho_sent_total{requester=\"b\",site=\"x\"} 17.0",
                        "netecho_icmp_errors_total{kind=\"hop_limit_exceeded\",requester=\"a\",site=\"x\"} 2.0",
                        "netecho_not_sent_total{reason=\"cancelled\",requester=\"a\",site=\"x\"} 2.0",
                        "# TYPE netecho_in_flight gauge",
                        "netecho_queue_time_seconds{requester=\"a\",site=\"x\"} 0.0",
                        "netecho_pace_time_seconds_total{requester=\"a\",site=\"x\"} 0.0",
                        "netecho_strays_total{kind=\"late\",requester=\"a\",site=\"x\"} 2.0");
    }

    @Test
    void aScrapeReadsTheStatisticsOnce() {
        FakeRequester requester = new FakeRequester("a");
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        unhurried(requester).bindTo(prometheus);
        long before = requester.reads.get();
        for (int scrape = 1; scrape <= 20; scrape++) {
            checkAddsUp(prometheus.scrape());
            assertThat(requester.reads).hasValue(before + scrape);
        }
    }

    @Test
    void scrapesAtTheSameTimeAddUpEach() {
        FakeRequester requester = new FakeRequester("a");
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        unhurried(requester).bindTo(prometheus);
        CompletableFuture.allOf(scrapes(prometheus), scrapes(prometheus)).join();
    }

    /** {@return metrics whose scrapes may take any time: a busy machine stops a thread for more than 50 ms} */
    static EchoMetrics unhurried(EchoRequester requester) {
        return new EchoMetrics(List.of(requester), Tags.empty(), () -> 0);
    }

    private static CompletableFuture<Void> scrapes(PrometheusMeterRegistry prometheus) {
        return CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 100; i++) {
                checkAddsUp(prometheus.scrape());
            }
        });
    }

    private static void checkAddsUp(String scraped) {
        Map<String, Double> sums = Pattern.compile("(?m)^netecho_([a-z_]+?)(?:_total)?\\{.*} (\\S+)$")
                .matcher(scraped)
                .results()
                .collect(Collectors.groupingBy(
                        (MatchResult line) -> line.group(1),
                        Collectors.summingDouble(line -> Double.parseDouble(line.group(2)))));
        assertThat(ENDED.stream().mapToDouble(sums::get).sum() + sums.get("in_flight"))
                .as("what became of what was sent, %s", sums)
                .isEqualTo(sums.get("sent"));
    }

    @Test
    void whatTheSystemHidesHasNoMeter() {
        new EchoMetrics(new FakeRequester("a")).bindTo(registry);
        assertThat(registry.find("netecho.strays").tag("kind", "late").functionCounter())
                .isNotNull();
        assertThat(registry.find("netecho.strays").tag("kind", "duplicate").functionCounter())
                .isNull();
        assertThat(registry.find("netecho.receive.drops").functionCounter()).isNull();
    }

    @Test
    void closeRemovesThem() {
        registry.counter("other");
        EchoMetrics metrics = new EchoMetrics(new FakeRequester("a"));
        CompositeMeterRegistry both = new CompositeMeterRegistry();
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        both.add(prometheus);
        metrics.bindTo(registry);
        metrics.bindTo(registry); // as a container may
        metrics.bindTo(both);
        assertThat(prometheus.scrape()).contains("netecho_sent_total");

        metrics.close();

        assertThat(registry.getMeters()).hasSize(1);
        assertThat(prometheus.scrape()).doesNotContain("netecho");
        metrics.bindTo(registry);
        assertThat(registry.find("netecho.sent").functionCounter()).isNotNull();
    }

    @Test
    void twoOfOneNameAreRefused() {
        FakeRequester first = new FakeRequester("a");
        FakeRequester second = new FakeRequester("a");
        assertThatThrownBy(() -> new EchoMetrics(List.of(first, second), Tags.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"a\"")
                .hasMessageContaining("Builder.name");
        new EchoMetrics(first).bindTo(registry);
        int before = registry.getMeters().size();
        EchoMetrics both = new EchoMetrics(List.of(new FakeRequester("b"), second), Tags.empty());
        assertThatThrownBy(() -> both.bindTo(registry))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("\"a\"")
                .hasMessageContaining("Builder.name");
        assertThat(registry.getMeters()).hasSize(before);
        new EchoMetrics(List.of(second), Tags.of("site", "x")).bindTo(registry);
    }

    @Test
    void metersDoNotKeepARequester() throws InterruptedException {
        WeakReference<FakeRequester> dropped = bindAndDrop();
        for (int i = 0; i < 100 && dropped.get() != null; i++) {
            System.gc();
            Thread.sleep(1); // the collector decides when
        }
        assertThat(dropped.get()).isNull();
        assertThat(registry.find("netecho.sent").functionCounter()).isNotNull();
    }

    private WeakReference<FakeRequester> bindAndDrop() {
        FakeRequester requester = new FakeRequester("a");
        new EchoMetrics(requester).bindTo(registry);
        return new WeakReference<>(requester);
    }
}
