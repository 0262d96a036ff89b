// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoRequester;
import dev.netecho.testkit.lab.Lab;
import dev.netecho.testkit.lab.LabTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real Prometheus scrapes an agent that watches the network lab, through both ways. */
@LabTest
@Timeout(90)
class PrometheusTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void needsPrometheus() {
        RunningPrometheus.assume();
    }

    @Test
    void bothWaysOfScrapingTellTheSameHosts(Lab lab) throws Exception {
        try (EchoRequester requester = EchoRequester.newBuilder().name("agent").open();
                RunningAgent running = new RunningAgent(requester, folder, """
                        interval: 200ms
                        timeout: 150ms
                        targets:
                          - targets: [198.18.1.1, 198.18.3.1, 198.18.9.13]
                            labels: {site: lab}
                        """)) {
            try (RunningPrometheus prometheus =
                    new RunningPrometheus(folder, """
                    global: {scrape_interval: 500ms, scrape_timeout: 500ms}
                    scrape_configs:
                      - job_name: agent
                        static_configs: [{targets: ["127.0.0.1:AGENT"]}]
                      - job_name: blackbox
                        metrics_path: /probe
                        scrape_interval: 2s
                        scrape_timeout: 2s
                        params: {module: [icmp]}
                        static_configs: [{targets: [198.18.1.2, 198.18.3.2, 198.18.9.13]}]
                        relabel_configs:
                          - {source_labels: [__address__], target_label: __param_target}
                          - {source_labels: [__param_target], target_label: instance}
                          - {target_label: __address__, replacement: "127.0.0.1:AGENT"}
                    """.replace("AGENT", Integer.toString(running.port())))) {
                prometheus.query("count(netecho_target_up{site=\"lab\"} == 1)", "\"1\"]");
                prometheus.query("netecho_target_up == 0", "\"target\":\"198.18.3.1\"");
                prometheus.query(
                        "netecho_target_outcomes_total{reason=\"administratively_prohibited\"} > 0",
                        "\"target\":\"198.18.9.13\"");
                prometheus.query(
                        "histogram_quantile(0.5, rate(netecho_target_round_trip_seconds_bucket[10s])) < 1",
                        "\"target\":\"198.18.1.1\"");
                prometheus.query("probe_success == 1", "\"instance\":\"198.18.1.2\"");
                prometheus.query("probe_success == 0", "\"instance\":\"198.18.3.2\"");
                prometheus.query(
                        "probe_icmp_error_info{kind=\"administratively_prohibited\",type=\"3\",code=\"13\"}",
                        "\"instance\":\"198.18.9.13\"");
                prometheus.query("min(up)", "\"1\"]");
            }
        }
    }

    /** The rules and the dashboard have to find round trips whichever histogram Prometheus keeps. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void roundTripsAreAClassicHistogramOrANativeOne(boolean asNative, Lab lab) throws Exception {
        String config = """
                global: {scrape_interval: 300ms, scrape_timeout: 300ms, evaluation_interval: 300ms}
                rule_files: [RULES]
                scrape_configs:
                  - job_name: agent
                    static_configs: [{targets: ["127.0.0.1:AGENT"]}]
                """.replace(
                "RULES", Path.of("prometheus/alerts.yml").toAbsolutePath().toString());
        String[] options = asNative ? new String[] {"--enable-feature=native-histograms"} : new String[0];
        try (EchoRequester requester = EchoRequester.newBuilder().name("agent").open();
                RunningAgent running = new RunningAgent(requester, folder, """
                        interval: 200ms
                        timeout: 1s
                        targets: [{targets: [198.18.2.25], labels: {site: "a\\\"\\nü"}}]
                        """);
                RunningPrometheus prometheus = new RunningPrometheus(
                        folder, config.replace("AGENT", Integer.toString(running.port())), options)) {
            String host = "\"target\":\"198.18.2.25\"";
            // It answers after 100 ms.
            prometheus.query("netecho_target:round_trip_seconds:mean_rate5m > 0.09 < 0.3", host);
            Matcher expression = Pattern.compile("\"expr\": \"(.*netecho_target_round_trip_seconds.*)\"")
                    .matcher(Files.readString(Path.of("prometheus/dashboard.json")));
            int asked = 0;
            while (expression.find()) {
                asked++;
                String query = expression
                        .group(1)
                        .replace("\\\"", "\"")
                        .replace("$instance", ".+")
                        .replace("$target", ".+")
                        .replace("$__rate_interval", "10s");
                prometheus.query("(" + query + ") > 0.05 < 0.5", host);
            }
            assertThat(asked).isPositive();
            prometheus.query("count(netecho_target_up{site=\"a\\\"\\nü\"} == 1)", "\"1\"]");
            prometheus.query("netecho_agent_schedule_lag_seconds_bucket{le=\"+Inf\"} > 3", "\"le\":\"+Inf\"");
            String kept = asNative ? "netecho_target_round_trip_seconds" : "netecho_target_round_trip_seconds_bucket";
            String left = asNative ? "netecho_target_round_trip_seconds_bucket" : "netecho_target_round_trip_seconds";
            prometheus.query("count(" + kept + ") and on () absent(" + left + ")", "\"value\":");
        }
    }

    @Test
    void prometheusSharesTheSameListAlike() throws Exception {
        StringBuilder hosts = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            hosts.append(i == 0 ? "" : ", ").append("host-").append(i).append(".test");
        }
        try (RunningPrometheus prometheus = new RunningPrometheus(folder, """
                scrape_configs:
                  - job_name: shards
                    scrape_interval: 1h
                    static_configs: [{targets: [HOSTS]}]
                    relabel_configs:
                      - {source_labels: [__address__], modulus: 5, target_label: shard, action: hashmod}
                      - {source_labels: [__address__], target_label: instance}
                """.replace("HOSTS", hosts))) {
            String targets = prometheus.page("/api/v1/targets", text -> text.contains("\"instance\":\"host-39.test\""));
            Matcher labels = Pattern.compile("\"instance\":\"([^\"]*)\",\"job\":\"shards\",\"shard\":\"([0-9])\"")
                    .matcher(targets);
            int found = 0;
            while (labels.find()) {
                found++;
                assertThat(new Shard(Integer.parseInt(labels.group(2)), 5).owns(labels.group(1)))
                        .as(labels.group())
                        .isTrue();
            }
            assertThat(found).isEqualTo(40);
        }
    }

    /** The file that promtool accepts is the one that the agent reads. */
    @Test
    void prometheusScrapesByTlsAndPassword() throws Exception {
        Identity identity = Identity.make(folder, "agent", "EC", "-groupname", "secp256r1");
        identity.write(folder.resolve("web.crt"), folder.resolve("web.key"));
        Path web = Files.writeString(folder.resolve("web.yml"), """
                tls_server_config: {cert_file: web.crt, key_file: web.key, client_auth_type: RequireAndVerifyClientCert,
                                    client_ca_file: web.crt, min_version: TLS13, prefer_server_cipher_suites: true}
                http_server_config: {http2: false, headers: {X-Frame-Options: deny}}
                basic_auth_users: {prom: $2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi}
                """);
        promtool(folder, "check", "web-config", web.toString());
        FakeRequester requester = new FakeRequester();
        try (RunningAgent running = new RunningAgent(requester, folder, "targets: [192.0.2.1]", web, null);
                RunningPrometheus prometheus =
                        new RunningPrometheus(folder, """
                        global: {scrape_interval: 300ms, scrape_timeout: 300ms}
                        scrape_configs:
                          - job_name: agent
                            scheme: https
                            tls_config: {ca_file: web.crt, cert_file: web.crt, key_file: web.key}
                            basic_auth: {username: prom, password: fakepassword}
                            static_configs: [{targets: ["127.0.0.1:AGENT"]}]
                          - job_name: wrong
                            scheme: https
                            tls_config: {ca_file: web.crt, cert_file: web.crt, key_file: web.key}
                            basic_auth: {username: prom, password: wrong}
                            static_configs: [{targets: ["127.0.0.1:AGENT"]}]
                        """.replace("AGENT", Integer.toString(running.port())))) {
            prometheus.query("netecho_target_resolved", "\"target\":\"192.0.2.1\"");
            prometheus.query("count_over_time(up{job=\"agent\"}[1m]) > 3 and up == 1", "\"job\":\"agent\"");
            prometheus.query("up{job=\"wrong\"} == 0", "\"job\":\"wrong\"");
        } finally {
            requester.close();
        }
    }

    private static void promtool(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(Arrays.asList(arguments));
        Process promtool = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
    }

    @Test
    void theRulesAlertOnHostsAndNotOnLocalDrops() throws Exception {
        Path rules = Path.of("prometheus").toAbsolutePath();
        promtool(rules, "check", "rules", "alerts.yml");
        promtool(rules, "test", "rules", "alerts_test.yml");
    }

    /** What the dashboard and the rules ask for is what the agent offers. */
    @Test
    void everySeriesOfTheRulesAndTheDashboardExists() throws Exception {
        try (EchoRequester requester = EchoRequester.newBuilder().name("agent").open();
                RunningAgent running = new RunningAgent(
                        requester, folder, "interval: 100ms\ntargets: [198.18.1.1]\nfile_sd: [none.json]")) {
            String page = running.await("/metrics", text -> text.contains("netecho_target_reply_hop_limit"));
            for (String file : new String[] {"prometheus/alerts.yml", "prometheus/dashboard.json"}) {
                Matcher series =
                        Pattern.compile("netecho_[a-z_]+[a-z](?![a-z_:])").matcher(Files.readString(Path.of(file)));
                while (series.find()) {
                    assertThat(page)
                            .as("%s of %s", series.group(), file)
                            .containsPattern("\n(# TYPE )?" + series.group() + "[{ ]");
                }
            }
        }
    }
}
