// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome.IcmpError;
import dev.netecho.EchoOutcome.NotSent;
import dev.netecho.EchoRequest;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /probe}: parameters, status codes and series of blackbox_exporter, and why there was no reply. */
@Timeout(60)
class ProbeTest {
    private final FakeRequester requester = new FakeRequester();

    @TempDir
    Path folder;

    private RunningAgent running;

    @BeforeEach
    void start() throws ConfigException, IOException {
        running = new RunningAgent(requester, folder, """
                modules:
                  icmp4: {prober: icmp, timeout: 2s, icmp: {preferred_ip_protocol: ip4, ttl: 7}}
                  only6: {prober: icmp, icmp: {ip_protocol_fallback: false}}
                  http_2xx: {prober: http}
                """);
    }

    @AfterEach
    void end() {
        running.close();
        requester.close();
    }

    private EchoRequest last() {
        return requester.asked.get(requester.asked.size() - 1);
    }

    @Test
    void aReplyHasTheSeriesOfBlackboxExporter() {
        HttpResponse<String> page = running.get("/probe?target=127.0.0.1&module=icmp");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(page.body().lines().filter(line -> !line.startsWith("#")).map(line -> line.split(" ", 2)[0]))
                .containsExactlyInAnyOrder(
                        "probe_success",
                        "probe_duration_seconds",
                        "probe_timeout_seconds",
                        "probe_dns_lookup_time_seconds",
                        "probe_ip_protocol",
                        "probe_ip_addr_hash",
                        "probe_icmp_duration_seconds{phase=\"resolve\"}",
                        "probe_icmp_duration_seconds{phase=\"rtt\"}",
                        "probe_icmp_duration_seconds{phase=\"setup\"}",
                        "probe_icmp_reply_hop_limit",
                        "probe_local_drops_suspected");
        assertThat(page.body())
                .contains("\nprobe_success 1.0\n", "\nprobe_ip_protocol 4.0\n", "\nprobe_icmp_reply_hop_limit 61.0\n")
                .contains("\nprobe_icmp_duration_seconds{phase=\"rtt\"} 0.0015\n")
                // What blackbox_exporter 0.23 says of 127.0.0.1: FNV-1a
                .contains("\nprobe_ip_addr_hash 3.668918509E9\n", "\nprobe_local_drops_suspected 0.0\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /probe                                   | 400 | Target parameter is missing
            /probe?target=                           | 400 | Target parameter is missing
            /probe?target=127.0.0.1&module=nope      | 400 | Unknown module "nope"
            /probe?target=127.0.0.1&module=http_2xx  | 400 | Unknown prober "http"
            /probe?target=010.1.1.1                  | 400 | The target "010.1.1.1" is no host
            /probe?target=a%20b                      | 400 | The target "a b" is no host
            /probe?target=a&target=b                 | 400 | the parameter "target" is given twice
            /probe?target=127.0.0.1%0d%0aX:y         | 400 | The target "127.0.0.1??X:y" is no host
            /none                                    | 404 | There is no such page
            """)
    void wrongRequestsAreRefused(String path, int status, String text) {
        HttpResponse<String> page = running.get(path);
        assertThat(page.statusCode()).as(page.body()).isEqualTo(status);
        assertThat(page.body()).startsWith(text);
        assertThat(requester.asked).isEmpty();
    }

    @Test
    void thePrometheusHeaderLimitsTheTime() {
        running.get("/probe?target=127.0.0.1", "X-Prometheus-Scrape-Timeout-Seconds", "3");
        assertThat(last().timeout()).isBetween(Duration.ofMillis(2300), Duration.ofMillis(2500));
        running.get("/probe?target=127.0.0.1&module=icmp4", "X-Prometheus-Scrape-Timeout-Seconds", "30");
        assertThat(last().timeout()).isBetween(Duration.ofMillis(1800), Duration.ofSeconds(2));
        assertThat(last().options().hopLimit()).hasValue(7);
        HttpResponse<String> page =
                running.get("/probe?target=127.0.0.1", "X-Prometheus-Scrape-Timeout-Seconds", "soon");
        assertThat(page.statusCode()).isEqualTo(500);
        assertThat(page.body()).startsWith("Failed to parse timeout from Prometheus header");
    }

    @Test
    void theModuleChoosesTheFamily() {
        assertThat(running.get("/probe?target=both.test").body()).contains("\nprobe_ip_protocol 6.0\n");
        assertThat(running.get("/probe?target=both.test&module=icmp4").body()).contains("\nprobe_ip_protocol 4.0\n");
        assertThat(running.get("/probe?target=four.test").body()).contains("\nprobe_ip_protocol 4.0\n");
        assertThat(running.get("/probe?target=four.test&module=only6").body())
                .contains("\nprobe_success 0.0\n", "kind=\"unresolved\"");
    }

    @Test
    void whyThereIsNoReplyIsToldBesideTheFailure() throws IOException {
        requester
                .end("192.0.2.1", FakeRequester.timedOut(false))
                .end("192.0.2.2", FakeRequester.timedOut(true))
                .end("192.0.2.3", NotSent.because(NotSentReason.NO_ROUTE, "no route"))
                .end(
                        "192.0.2.5",
                        new IcmpError(
                                InetAddress.getByName("192.0.2.254"),
                                IcmpErrorKind.ADMINISTRATIVELY_PROHIBITED,
                                OptionalInt.of(3),
                                OptionalInt.of(13),
                                OptionalInt.empty(),
                                Duration.ofMillis(1),
                                Duration.ZERO));
        assertThat(running.get("/probe?target=192.0.2.1").body())
                .contains("\nprobe_success 0.0\n", "\nprobe_local_drops_suspected 0.0\n")
                .doesNotContain("error_info", "hop_limit");
        assertThat(running.get("/probe?target=192.0.2.2").body())
                .contains("\nprobe_local_drops_suspected 1.0\n", "{code=\"\",kind=\"local_drops_suspected\"");
        assertThat(running.get("/probe?target=192.0.2.3").body())
                .contains("\nprobe_success 0.0\n")
                .contains("\nprobe_icmp_error_info{code=\"\",kind=\"no_route\",responder=\"\",type=\"\"} 1.0\n");
        assertThat(running.get("/probe?target=192.0.2.5").body())
                .contains("\nprobe_icmp_error_info{code=\"13\",kind=\"administratively_prohibited\","
                        + "responder=\"192.0.2.254\",type=\"3\"} 1.0\n");
        assertThat(running.get("/probe?target=nowhere.test").body())
                .contains("\nprobe_success 0.0\n", "kind=\"unresolved\"");
    }

    @Test
    void debugIsForPeople() {
        assertThat(running.get("/probe?target=127.0.0.1&debug=true").body())
                .startsWith("The probe of \"127.0.0.1\" ended with: Reply")
                .contains("\nprobe_success 1.0\n");
    }

    @Test
    void anAgentThatOthersReachAsksOnlyWhatIsListed() throws ConfigException, IOException {
        try (RunningAgent open = new RunningAgent(requester, folder, "listen: ':0'")) {
            assertThat(open.get("/probe?target=192.0.2.1").statusCode()).isEqualTo(403);
        }
        try (RunningAgent open =
                new RunningAgent(requester, folder, "listen: ':0'\nprobe: {allow: [192.0.2.0/24, '2001:db8::/32']}")) {
            assertThat(open.get("/probe?target=four.test").statusCode()).isEqualTo(200);
            assertThat(open.get("/probe?target=both.test").statusCode()).isEqualTo(200);
            int before = requester.asked.size();
            for (String other : new String[] {"here.test", "multicast.test", "192.0.3.1", "::1", "127.0.0.1"}) {
                HttpResponse<String> page = open.get("/probe?target=" + other);
                assertThat(page.statusCode()).as(other).isEqualTo(403);
                assertThat(page.body()).contains("which is not in the list probe.allow");
            }
            assertThat(requester.asked).hasSize(before);
        }
    }

    @Test
    void probesThatAreOverHoldUpNoOthers() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(40);
        List<Future<HttpResponse<String>>> first = new ArrayList<>();
        for (int i = 0; i < 16; i++) { // as many as look-ups may be under way
            String path = "/probe?target=asleep" + i + ".test";
            first.add(threads.submit(() -> running.get(path)));
        }
        running.await("/-/healthy", text -> running.asleep.get() == 16);
        List<Future<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 16; i < 40; i++) {
            String path = "/probe?target=asleep" + i + ".test";
            waiting.add(threads.submit(() -> running.get(path, "X-Prometheus-Scrape-Timeout-Seconds", "0.7")));
        }
        for (Future<HttpResponse<String>> over : waiting) {
            assertThat(over.get().body()).contains("kind=\"lookup_timed_out\"");
        }
        running.wake.release(16);
        assertThat(running.get("/probe?target=four.test", "X-Prometheus-Scrape-Timeout-Seconds", "10")
                        .body())
                .contains("\nprobe_success 1.0\n");
        for (Future<HttpResponse<String>> woken : first) {
            assertThat(woken.get().body()).contains("kind=\"unresolved\"");
        }
        assertThat(running.asleep.get()).isEqualTo(16);
        threads.shutdownNow();
    }

    /** Its look-ups have ended: nobody would answer. */
    @ParameterizedTest
    @ValueSource(strings = {"four.test", "127.0.0.1"})
    void anAgentThatEndsAsksNobodyAnyMore(String target) throws Exception {
        requester.busy = true; // so that the end waits
        CompletableFuture<Void> end = CompletableFuture.runAsync(running::close);
        running.await("/-/ready", text -> text.contains("or it ends"));
        HttpResponse<String> page = running.get("/probe?target=" + target, "X-Prometheus-Scrape-Timeout-Seconds", "3");
        requester.busy = false;
        assertThat(page.statusCode()).isEqualTo(503);
        assertThat(page.body()).isEqualTo("The agent ends, and asks nobody any more.\n");
        end.get();
    }

    @Test
    void aNameServerThatSleepsCostsNoMoreThanTheTime() throws ConfigException, IOException {
        CountDownLatch wake = new CountDownLatch(1);
        AgentSettings settings = new AgentSettings(null, "127.0.0.1:0", null, null, null, null, List.of());
        try (Agent agent = new Agent(settings, requester, host -> {
            try {
                wake.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new java.net.UnknownHostException(host);
        })) {
            java.net.http.HttpRequest request = java.net.http.HttpRequest.newBuilder(java.net.URI.create(
                            "http://127.0.0.1:" + agent.address().getPort() + "/probe?target=slow.test"))
                    .header("X-Prometheus-Scrape-Timeout-Seconds", "0.7")
                    .build();
            String page = java.net.http.HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
            assertThat(page).contains("\nprobe_success 0.0\n", "kind=\"lookup_timed_out\"");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            wake.countDown();
        }
    }
}
