// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.testkit.simulated.SimulatedHost;
import dev.netecho.testkit.simulated.SimulatedHosts;
import dev.netecho.testkit.simulated.SimulatedNetwork;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.instrumentation.micrometer.v1_5.OpenTelemetryMeterRegistry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** OpenTelemetry gets the meters through its bridge from Micrometer, under the names and units of docs/metrics.md. */
@Timeout(60)
class OpenTelemetryTest {
    private static final Map<String, String> KINDS = Map.ofEntries(
            Map.entry("netecho.sent", "DOUBLE_SUM "),
            Map.entry("netecho.replies", "DOUBLE_SUM "),
            Map.entry("netecho.icmp.errors", "DOUBLE_SUM "),
            Map.entry("netecho.timeouts", "DOUBLE_SUM "),
            Map.entry("netecho.not.sent", "DOUBLE_SUM "),
            Map.entry("netecho.abandoned", "DOUBLE_SUM "),
            Map.entry("netecho.in.flight", "DOUBLE_GAUGE "),
            Map.entry("netecho.queued", "DOUBLE_GAUGE "),
            Map.entry("netecho.queue.time", "DOUBLE_GAUGE seconds"),
            Map.entry("netecho.pace.time", "DOUBLE_SUM seconds"),
            Map.entry("netecho.strays", "DOUBLE_SUM "),
            Map.entry("netecho.receive.drops", "DOUBLE_SUM "),
            Map.entry("netecho.round.trip", "HISTOGRAM s"),
            Map.entry("netecho.round.trip.max", "DOUBLE_GAUGE s"));

    private final InMemoryMetricReader reader = InMemoryMetricReader.create();
    private final OpenTelemetrySdk openTelemetry = OpenTelemetrySdk.builder()
            .setMeterProvider(
                    SdkMeterProvider.builder().registerMetricReader(reader).build())
            .build();
    private final MeterRegistry registry = OpenTelemetryMeterRegistry.create(openTelemetry);

    @AfterEach
    void close() {
        registry.close();
        openTelemetry.close();
    }

    @Test
    void namesUnitsAndValuesAreThoseOfTheMeters() throws Exception {
        InetAddress up = InetAddress.getByName("192.0.2.1");
        InetAddress unreachable = InetAddress.getByName("192.0.2.2");
        InetAddress multicast = InetAddress.getByName("224.0.0.1");
        SimulatedNetwork network = new SimulatedNetwork(new SimulatedHosts()
                .put(up, SimulatedHost.up(Duration.ofMillis(3)))
                .put(unreachable, SimulatedHost.unreachable(up, Duration.ofMillis(3))));
        try (EchoRequester requester =
                        network.newRequesterBuilder().name("seen").open();
                EchoMetrics metrics = new EchoMetrics(requester);
                RoundTripTimer timer = new RoundTripTimer(registry, requester)) {
            metrics.bindTo(registry);
            for (InetAddress each : List.of(up, up, unreachable, multicast)) {
                requester.sendAsync(EchoRequest.to(each), timer.around((request, outcome) -> {}));
            }
            network.clock().advance(Duration.ofMinutes(1));

            Map<String, MetricData> metricsNow = reader.collectAllMetrics().stream()
                    .collect(Collectors.toMap(MetricData::getName, Function.identity()));
            Map<String, String> kinds = new TreeMap<>();
            metricsNow.forEach((name, data) -> kinds.put(name, data.getType() + " " + data.getUnit()));
            assertThat(kinds).isEqualTo(KINDS);
            assertThat(value(metricsNow, "netecho.sent", Map.of())).isEqualTo(3);
            assertThat(value(metricsNow, "netecho.replies", Map.of())).isEqualTo(2);
            assertThat(value(metricsNow, "netecho.icmp.errors", Map.of("kind", "host_unreachable")))
                    .isEqualTo(1);
            assertThat(value(metricsNow, "netecho.not.sent", Map.of("reason", "invalid_destination")))
                    .isEqualTo(1);
            assertThat(value(metricsNow, "netecho.not.sent", Map.of("reason", "no_route")))
                    .isZero();
            HistogramPointData replies = metricsNow.get("netecho.round.trip").getHistogramData().getPoints().stream()
                    .filter(point -> point.getAttributes().equals(attributes(Map.of("outcome", "reply"))))
                    .findFirst()
                    .orElseThrow();
            assertThat(replies.getCount()).isEqualTo(2);
            assertThat(replies.getSum()).isCloseTo(0.006, within(1e-6));
        }
        // The SDK keeps a histogram for good.
        assertThat(reader.collectAllMetrics()).extracting(MetricData::getName).containsExactly("netecho.round.trip");
    }

    @Test
    void aCollectionReadsTheStatisticsOnce() {
        FakeRequester requester = new FakeRequester("a");
        EchoMetricsTest.unhurried(requester).bindTo(registry);
        long before = requester.reads.get();
        for (int collection = 1; collection <= 3; collection++) {
            assertThat(reader.collectAllMetrics()).isNotEmpty();
            assertThat(requester.reads).hasValue(before + collection);
        }
    }

    private static double value(Map<String, MetricData> metrics, String name, Map<String, String> tags) {
        return metrics.get(name).getDoubleSumData().getPoints().stream()
                .filter(point -> point.getAttributes().equals(attributes(tags)))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private static Attributes attributes(Map<String, String> tags) {
        var all = Attributes.builder().put("requester", "seen");
        tags.forEach((key, value) -> all.put(AttributeKey.stringKey(key), value));
        return all.build();
    }
}
