// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome.NotSent;
import dev.netecho.NotSentReason;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /metrics}, {@code /targets}, and the pages for whoever runs the agent. */
class MetricsTest {
    @TempDir
    Path folder;

    @Test
    void everyTargetHasItsSeries() throws Exception {
        FakeRequester requester = new FakeRequester()
                .end("192.0.2.1", FakeRequester.timedOut(false))
                .end("192.0.2.2", FakeRequester.timedOut(true))
                .end("192.0.2.3", NotSent.because(NotSentReason.NO_ROUTE, "no route to \"it\""));
        try (RunningAgent running = new RunningAgent(requester, folder, """
                interval: 100ms
                targets: [192.0.2.1, 192.0.2.2, 192.0.2.3, four.test, nowhere.test]
                """)) {
            String page =
                    running.await("/metrics", text -> text.contains("\nnetecho_target_up{target=\"192.0.2.1\"} 0.0\n"));
            assertThat(page)
                    .contains("\nnetecho_target_up{target=\"192.0.2.2\"} NaN\n")
                    .contains("\nnetecho_target_up{target=\"192.0.2.3\"} NaN\n")
                    .contains("\nnetecho_target_up{target=\"four.test\"} 1.0\n")
                    .contains("\nnetecho_target_up{target=\"nowhere.test\"} NaN\n")
                    .contains("\nnetecho_target_resolved{target=\"nowhere.test\"} 0.0\n")
                    .contains("\nnetecho_target_info{address=\"192.0.2.4\",target=\"four.test\"} 1\n")
                    .contains("\nnetecho_target_round_trip_seconds_bucket{target=\"four.test\",le=\"8.0E-4\"} 0\n")
                    .contains("\n# TYPE netecho_target_requests_total counter\n")
                    .contains("\nnetecho_agent_targets 5.0\n", "\nnetecho_agent_unresolved_targets 1.0\n")
                    .contains("\nnetecho_agent_schedule_lag_seconds_count ")
                    .contains("\nnetecho_sent_total{requester=\"fake\"} ");
            for (String outcome : new String[] {
                "outcome=\"timed_out\",reason=\"silent\",target=\"192.0.2.1\"",
                "outcome=\"timed_out\",reason=\"local_drops_suspected\",target=\"192.0.2.2\"",
                "outcome=\"not_sent\",reason=\"no_route\",target=\"192.0.2.3\"",
                "outcome=\"not_sent\",reason=\"unresolved\",target=\"nowhere.test\"",
                "outcome=\"reply\",target=\"four.test\""
            }) {
                assertThat(page).containsPattern("\nnetecho_target_outcomes_total\\{" + outcome + "\\} [1-9]");
            }
            assertThat(running.get("/targets").body())
                    .contains("{\"target\":\"192.0.2.3\",\"labels\":{},\"address\":\"192.0.2.3\",\"state\":\"unknown\","
                            + "\"last\":{\"outcome\":\"not_sent\",\"reason\":\"no_route\","
                            + "\"detail\":\"no route to \\\"it\\\"\",\"time\":\"")
                    .contains("\"detail\":\"does not resolve (no such name)\"");
            HttpResponse<String> open = running.get("/metrics", "Accept", "application/openmetrics-text;version=1.0.0");
            assertThat(open.headers().firstValue("content-type").orElseThrow()).startsWith("application/openmetrics");
            assertThat(open.body()).endsWith("# EOF\n");
        } finally {
            requester.close();
        }
    }

    /** The page is made of pieces, and looks as if it were not. */
    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/openmetrics-text;version=1.0.0"})
    void manyTargetsMakeOnePage(String format) throws Exception {
        FakeRequester requester = new FakeRequester();
        StringBuilder yaml = new StringBuilder("interval: 100ms\ntargets: [nowhere.test");
        for (int i = 0; i < 1_000; i++) {
            yaml.append(", 10.0.").append(i / 250).append('.').append(i % 250);
        }
        try (RunningAgent running =
                new RunningAgent(requester, folder, yaml.append(']').toString())) {
            running.await(
                    "/metrics",
                    text -> text.lines()
                                    .filter(line -> line.startsWith("netecho_target_reply_hop_limit{"))
                                    .count()
                            == 1_000);
            List<String> lines =
                    running.get("/metrics", "Accept", format).body().lines().toList();
            assertThat(lines.stream().filter(line -> line.startsWith("# ")).toList())
                    .doesNotHaveDuplicates();
            for (String name : new String[] {
                "up",
                "resolved",
                "info",
                "requests_total",
                "outcomes_total{outcome=\"reply\",",
                "reply_hop_limit",
                "round_trip_seconds_count"
            }) {
                long targets = lines.stream()
                        .filter(line -> line.startsWith("netecho_target_" + name))
                        .count();
                assertThat(targets).as(name).isBetween(1_000L, 1_001L);
            }
            assertThat(lines.indexOf("# EOF")).isEqualTo(format.startsWith("text") ? -1 : lines.size() - 1);
            // All series of a name stand together, behind the lines about it.
            List<String> names = lines.stream()
                    .filter(line -> line.startsWith("# TYPE ") || line.startsWith("netecho_target_up{"))
                    .toList();
            assertThat(names.lastIndexOf("netecho_target_up{target=\"nowhere.test\"} NaN")
                            - names.indexOf("# TYPE netecho_target_up gauge"))
                    .isEqualTo(1_001);
        } finally {
            requester.close();
        }
    }

    @Test
    void hostileLabelsStayText() throws Exception {
        FakeRequester requester = new FakeRequester();
        try (RunningAgent running = new RunningAgent(
                requester,
                folder,
                "targets: [{targets: [127.0.0.1], labels: {site: \"<script>\\\\\\\"'\\n{}\\u2028\"}}]")) {
            String labels = "{site=\"<script>\\\\\\\"'\\n{}\u2028\",target=\"127.0.0.1\"}";
            assertThat(running.get("/metrics").body()).contains("\nnetecho_target_resolved" + labels + " 1.0\n");
            HttpResponse<String> json = running.get("/targets");
            assertThat(json.body()).contains("{\"site\":\"\\u003cscript\\u003e\\\\\\\"'\\u000a{}\\u2028\"}");
            assertThat(json.headers().firstValue("x-content-type-options")).contains("nosniff");
        } finally {
            requester.close();
        }
    }

    @Test
    void healthIsToldAndWritingIsRefused() throws Exception {
        FakeRequester requester = new FakeRequester();
        try (RunningAgent running = new RunningAgent(requester, folder, "")) {
            assertThat(running.get("/-/healthy").statusCode()).isEqualTo(200);
            running.await("/-/ready", text -> text.equals("The agent is ready.\n"));
            assertThat(running.get("/").body()).contains("/metrics", "/targets");
        } finally {
            requester.close();
        }
    }

    /** As while a reload with other buckets is under way. */
    @Test
    void timesHaveTheBoundsThatTheyAreCountedBy() throws Exception {
        List<TargetState> targets = new ArrayList<>();
        for (String buckets : new String[] {"[0.1, 0.2]", "[0.3, 0.4]", "[0.5]"}) {
            Path file = Files.writeString(folder.resolve("agent.yml"), "buckets: " + buckets);
            AgentConfig config = AgentConfig.read(new AgentSettings(file, null, null, null, null, null, List.of()));
            targets.add(new TargetState(TargetSpec.of("192.0.2." + targets.size()), null, config));
        }
        List<Double> first = new ArrayList<>();
        for (TargetMetrics.Maker maker : TargetMetrics.makers(false)) {
            if (maker.of(targets) instanceof HistogramSnapshot times) {
                times.getDataPoints()
                        .forEach(point -> first.add(point.getClassicBuckets().getUpperBound(0)));
            }
        }
        assertThat(first).containsExactly(0.1, 0.3, 0.5);
    }
}
