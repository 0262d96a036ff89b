// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoRequester;
import dev.netecho.testkit.lab.LabTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real Prometheus, and two shards of two replicas, which share the many hosts of the network lab. */
@LabTest
@Timeout(180)
class ShardsTest {
    private static final int FEW = 2_000;
    private static final int MANY = 5_000;

    @TempDir
    Path folder;

    @BeforeAll
    static void needsPrometheus() {
        RunningPrometheus.assume();
    }

    /** Writes the list that all agents share, at once: a reader sees the old one or the new one. */
    private void list(int count) throws IOException {
        StringBuilder hosts = new StringBuilder("[{\"labels\": {\"site\": \"lab\"}, \"targets\": [");
        for (int i = 0; i < count; i++) {
            hosts.append(i == 0 ? "\"" : ", \"")
                    .append("198.19.")
                    .append(i / 250)
                    .append('.')
                    .append(i % 250 + 1)
                    .append('"');
        }
        Path made = Files.writeString(folder.resolve("list.new"), hosts.append("]}]"));
        Files.move(made, folder.resolve("list.json"), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path shard(String replica, int index) throws IOException {
        Path own = Files.createDirectories(folder.resolve(replica + index));
        Files.writeString(own.resolve("agent.yml"), yaml(index, "4s"));
        return own;
    }

    private static String yaml(int index, String interval) {
        return "interval: " + interval + "\ntimeout: 2s\nbuckets: [0.1]\nshard: {index: " + index
                + ", of: 2}\nfile_sd: [../list.json]\n";
    }

    @Test
    void everyTargetIsOnceInEachReplicaAndOutlivesAnAgent() throws Exception {
        list(FEW);
        try (EchoRequester requester = EchoRequester.newBuilder().name("agent").open();
                RunningAgent a0 = new RunningAgent(requester, shard("a", 0), yaml(0, "4s"));
                RunningAgent a1 = new RunningAgent(requester, shard("a", 1), yaml(1, "4s"));
                RunningAgent b0 = new RunningAgent(requester, shard("b", 0), yaml(0, "4s"));
                AgentProcess b1 = new AgentProcess(shard("b", 1));
                RunningPrometheus prometheus =
                        new RunningPrometheus(folder, """
                        global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
                        rule_files: [RULES]
                        scrape_configs:
                          - job_name: agent
                            static_configs:
                              - {targets: ["127.0.0.1:A0", "127.0.0.1:A1"], labels: {replica: a}}
                              - {targets: ["127.0.0.1:B0", "127.0.0.1:B1"], labels: {replica: b}}
                        """.replace("A0", Integer.toString(a0.port()))
                                .replace("A1", Integer.toString(a1.port()))
                                .replace("B0", Integer.toString(b0.port()))
                                .replace("B1", Integer.toString(b1.port()))
                                .replace(
                                        "RULES",
                                        Path.of("prometheus/alerts.yml")
                                                .toAbsolutePath()
                                                .toString()))) {
            prometheus.number("count(netecho_target_up{site=\"lab\"} == 1)", 2 * FEW);
            prometheus.number("count(netecho_target_up)", 2 * FEW);
            prometheus.number("count(count by (replica, target) (netecho_target_up) == 1)", 2 * FEW);
            int first = a0.agent.targets();
            assertThat(first).isBetween(FEW / 3, FEW * 2 / 3).isEqualTo(b0.agent.targets());
            assertThat(first + a1.agent.targets()).isEqualTo(FEW);

            b1.kill();
            prometheus.query("up == 0", ":" + b1.port() + "\"");
            prometheus.number("count(netecho_target_up{replica=\"b\"})", first);
            prometheus.number("count(count by (target) (netecho_target_up == 1))", FEW);

            // More targets and another interval, while Prometheus scrapes.
            list(MANY);
            for (int i = 0; i < 10; i++) {
                Files.writeString(folder.resolve("a0/agent.yml"), yaml(0, i % 2 == 0 ? "3s" : "4s"));
                assertThat(a0.post("/-/reload").statusCode()).isEqualTo(200);
            }
            prometheus.number("count(netecho_target_up{replica=\"a\"} == 1)", MANY);
            prometheus.number("count(count by (replica, target) (netecho_target_up{replica=\"a\"}) == 1)", MANY);

            String whole = "[5m]";
            assertThat(prometheus.now("min_over_time(netecho_target_up" + whole + ") == 0"))
                    .as("targets that were ever called down")
                    .contains("\"result\":[]");
            assertThat(prometheus.now("ALERTS{alertname=\"NetechoHostDown\"}")).contains("\"result\":[]");
            assertThat(prometheus.now("resets(netecho_target_requests_total" + whole + ") > 0"))
                    .as("counts that a reload lost")
                    .contains("\"result\":[]");
            prometheus.number("min(min_over_time(up{replica=\"a\"}" + whole + "))", 1);
        }
    }
}
