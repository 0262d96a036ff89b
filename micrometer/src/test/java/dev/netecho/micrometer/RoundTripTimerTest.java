// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import dev.netecho.TimestampSource;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RoundTripTimerTest {
    private static final InetAddress HOST = InetAddress.getLoopbackAddress();
    private static final EchoRequest REQUEST = EchoRequest.to(HOST);
    private static final EchoOutcome ERROR = new EchoOutcome.IcmpError(
            HOST,
            IcmpErrorKind.HOST_UNREACHABLE,
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Duration.ofMillis(7),
            Duration.ZERO);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RoundTripTimer timer = new RoundTripTimer(registry, new FakeRequester("a"));

    @Test
    void recordsRoundTripsAndNothingElse() {
        List<EchoOutcome> outcomes = List.of(
                reply(Duration.ofMillis(3)),
                reply(Duration.ofNanos(1)),
                ERROR,
                new EchoOutcome.TimedOut(Duration.ofSeconds(1), false),
                EchoOutcome.NotSent.because(NotSentReason.NO_ROUTE, ""));
        List<EchoOutcome> told = new ArrayList<>();

        outcomes.forEach(each -> timer.around((request, outcome) -> {
                    assertThat(request).isSameAs(REQUEST);
                    told.add(outcome);
                })
                .onOutcome(REQUEST, each));

        assertThat(told).isEqualTo(outcomes);
        assertThat(of("reply").count()).isEqualTo(2);
        assertThat(of("reply").totalTime(TimeUnit.NANOSECONDS)).isCloseTo(3_000_001, within(0.5));
        assertThat(of("icmp_error").count()).isEqualTo(1);
        assertThat(of("icmp_error").totalTime(TimeUnit.NANOSECONDS)).isCloseTo(7_000_000, within(0.5));
    }

    @Test
    void aListenerThatThrowsIsRecordedAllTheSame() {
        assertThatThrownBy(() -> timer.around((request, outcome) -> {
                            throw new IllegalStateException("of a test");
                        })
                        .onOutcome(REQUEST, ERROR))
                .isInstanceOf(IllegalStateException.class);
        assertThat(of("icmp_error").count()).isEqualTo(1);
    }

    @Test
    void prometheusShowsSeconds() {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        RoundTripTimer timed = new RoundTripTimer(prometheus, new FakeRequester("a"));
        timed.record(reply(Duration.ofMillis(250)));
        assertThat(prometheus.scrape().lines())
                .contains(
                        "netecho_round_trip_seconds_count{outcome=\"reply\",requester=\"a\"} 1",
                        "netecho_round_trip_seconds_sum{outcome=\"reply\",requester=\"a\"} 0.25");
        timed.close();
        assertThat(prometheus.scrape()).doesNotContain("netecho");
    }

    private static EchoOutcome reply(Duration time) {
        return new EchoOutcome.Reply(
                HOST, time, Duration.ZERO, TimestampSource.KERNEL, OptionalInt.empty(), EchoPayload.DEFAULT, true);
    }

    private Timer of(String outcome) {
        return registry.get("netecho.round.trip")
                .tags("requester", "a", "outcome", outcome)
                .timer();
    }
}
