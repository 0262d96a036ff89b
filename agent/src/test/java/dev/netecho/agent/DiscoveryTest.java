// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets that come, go and move while the agent runs. */
@Timeout(60)
class DiscoveryTest {
    private final FakeRequester requester = new FakeRequester();

    @TempDir
    Path folder;

    @AfterEach
    void end() {
        requester.close();
    }

    private RunningAgent start(String yaml) throws ConfigException, IOException {
        return new RunningAgent(requester, folder, "interval: 100ms\nresolve_every: 200ms\n" + yaml);
    }

    private static String target(String host) {
        return "\nnetecho_target_resolved{target=\"" + host + "\"} 1.0\n";
    }

    @Test
    void filesAreWatchedAndABadOneChangesNothing() throws Exception {
        Path lists = Files.createDirectory(folder.resolve("lists"));
        Files.writeString(lists.resolve("a.json"), "[{\"targets\": [\"192.0.2.1\"], \"labels\": {\"site\": \"x\"}}]");
        Files.writeString(lists.resolve("c.txt"), "[\"192.0.2.99\"]");
        try (RunningAgent running = start("file_sd: ['lists/*.json', 'lists/*.yml']\ntargets: [192.0.2.9]")) {
            // There at the start: no scrape sees an agent that has not read its files yet.
            assertThat(running.get("/metrics").body())
                    .contains("\nnetecho_target_resolved{site=\"x\",target=\"192.0.2.1\"} 1.0\n", target("192.0.2.9"))
                    .doesNotContain("192.0.2.99")
                    .contains("\nnetecho_agent_list_good{list=\"" + folder.resolve("lists/*.yml") + "\"} 0.0\n");
            Files.writeString(lists.resolve("b.yml"), "- targets: [192.0.2.2]\n");
            running.await("/metrics", text -> text.contains(target("192.0.2.2")));
            Files.writeString(lists.resolve("b.yml"), "- targets: [192.0.2.2, '1.2']\n");
            String bad = "\nnetecho_agent_list_good{list=\"" + folder.resolve("lists/*.yml") + "\"} 0.0\n";
            assertThat(running.await("/metrics", text -> text.contains(bad))).contains(target("192.0.2.2"));
            Files.writeString(lists.resolve("b.yml"), "[]");
            running.await("/metrics", text -> !text.contains("192.0.2.2"));
        }
    }

    @Test
    void urlsAreAskedAgainWithTheirTagAndAFailureChangesNothing() throws Exception {
        AtomicReference<String> list = new AtomicReference<>("[{\"targets\": [\"192.0.2.1\"]}]");
        AtomicInteger unchanged = new AtomicInteger();
        Handler lists = new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                String text = list.get();
                String tag = '"' + Integer.toHexString(text.hashCode()) + '"';
                boolean same = tag.equals(request.getHeaders().get("If-None-Match"));
                unchanged.addAndGet(same ? 1 : 0);
                response.getHeaders().put("ETag", tag);
                response.setStatus(same ? 304 : text.isEmpty() ? 500 : 200);
                Content.Sink.write(response, true, same ? "" : text, callback);
                return true;
            }
        };
        InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (WebServer server = new WebServer(here, null, lists);
                RunningAgent running = start("refresh_every: 100ms\nhttp_sd: ['http://user:secret@127.0.0.1:"
                        + server.port() + "/list?key=secret']")) {
            running.await("/metrics", text -> text.contains(target("192.0.2.1")));
            running.await("/-/healthy", text -> unchanged.get() > 0);
            String label = "\nnetecho_agent_list_good{list=\"http://127.0.0.1:" + server.port() + "/list\"} ";
            for (String bad : new String[] {"", "[{\"targets\": 5}]", "<html>"}) {
                list.set(bad);
                assertThat(running.await("/metrics", text -> text.contains(label + "0.0")))
                        .contains(target("192.0.2.1"))
                        .doesNotContain("secret");
                list.set("[{\"targets\": [\"192.0.2.1\"]}]");
                running.await("/metrics", text -> text.contains(label + "1.0"));
            }
            list.set("[{\"targets\": [\"192.0.2.2\"]}]");
            running.await("/metrics", text -> text.contains(target("192.0.2.2")) && !text.contains("192.0.2.1"));
        }
    }

    @Test
    void aSlowUrlHoldsUpNoOtherList() throws Exception {
        Path list = folder.resolve("list.json");
        Files.writeString(list, "[]");
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                RunningAgent running =
                        start("file_sd: [list.json]\nhttp_sd: ['http://127.0.0.1:" + silent.getLocalPort() + "/']")) {
            silent.setSoTimeout(20_000);
            try (Socket asked = silent.accept()) {
                // It was asked, and does not answer: no list yet, and no fault of the others.
                Files.writeString(list, "[{\"targets\": [\"192.0.2.1\"]}]");
                assertThat(running.await("/metrics", text -> text.contains(target("192.0.2.1"))))
                        .contains("\nnetecho_agent_list_good{list=\"http://127.0.0.1:" + silent.getLocalPort()
                                + "/\"} 0.0\n")
                        .contains("\nnetecho_agent_list_good{list=\"" + list + "\"} 1.0\n");
                String body = "[{\"targets\": [\"192.0.2.2\"]}]";
                asked.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                                .getBytes(StandardCharsets.US_ASCII));
                running.await("/metrics", text -> text.contains(target("192.0.2.2")));
            }
        }
    }

    /** A source that begins an answer and does not end it is given up, with its connection. */
    @Test
    void anAnswerWithoutAnEndIsGivenUp() throws Exception {
        try (ServerSocket endless = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            endless.setSoTimeout(20_000);
            AtomicInteger answered = new AtomicInteger();
            URI url = URI.create("http://127.0.0.1:" + endless.getLocalPort() + "/");
            HttpList list = new HttpList(
                    HttpClient.newHttpClient(),
                    url,
                    Duration.ofHours(1),
                    Duration.ofMillis(300),
                    answered::incrementAndGet);
            assertThat(list.refresh()).isFalse();
            try (Socket asked = endless.accept()) {
                asked.setSoTimeout(20_000);
                asked.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n[".getBytes(StandardCharsets.US_ASCII));
                while (answered.get() == 0) {
                    assertThat(list.refresh()).isFalse();
                    Thread.onSpinWait();
                }
                assertThat(list.isGood()).isFalse();
                assertThatCode(() -> asked.getInputStream().readAllBytes())
                        .satisfiesAnyOf(
                                end -> assertThat(end).isNull(),
                                end -> assertThat(end).isInstanceOf(SocketException.class));
            }
        }
    }

    @Test
    void aListThatIsTooLongIsReadNoFurther() throws Exception {
        Handler endless = new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws IOException {
                try (OutputStream out = Content.Sink.asOutputStream(response)) {
                    byte[] spaces = " ".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
                    for (int i = 0; i < 1 << 14; i++) { // a gigabyte
                        out.write(spaces);
                    }
                }
                callback.succeeded();
                return true;
            }
        };
        InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (WebServer server = new WebServer(here, null, endless)) {
            AtomicInteger answered = new AtomicInteger();
            URI url = URI.create("http://127.0.0.1:" + server.port() + "/");
            HttpList list = new HttpList(
                    HttpClient.newHttpClient(),
                    url,
                    Duration.ofHours(1),
                    Duration.ofSeconds(30),
                    answered::incrementAndGet);
            list.refresh();
            while (answered.get() == 0) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(list::read).hasMessageContaining("has more than 16 MB");
        }
    }

    /** A full disk, or a logging backend that throws: what a warning is about still counts, and nothing stops. */
    @ParameterizedTest
    @ValueSource(strings = {"/dev/full", "throws"})
    void aLogThatFailsLosesNothing(String log) throws Exception {
        PrintStream before = System.err;
        AtomicInteger failed = new AtomicInteger();
        OutputStream full = new FilterOutputStream(new FileOutputStream("/dev/full")) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                failed.incrementAndGet();
                if (log.equals("throws")) {
                    throw new IllegalStateException("no room for the log");
                }
                out.write(bytes, offset, length);
            }
        };
        Path list = folder.resolve("list.json");
        Files.writeString(list, "[{\"targets\": [\"192.0.2.1\"]}]");
        System.setErr(new PrintStream(full, true, StandardCharsets.UTF_8));
        try (RunningAgent running = start("file_sd: [list.json]\ntargets: [192.0.2.9]")) {
            String good = "\nnetecho_agent_list_good{list=\"" + list + "\"} ";
            for (int i = 2; i < 4; i++) {
                int had = failed.get();
                Files.writeString(list, "[{\"targets\": " + i + "}]");
                running.await("/metrics", text -> text.contains(good + "0.0"));
                assertThat(failed.get()).isGreaterThan(had);
                Files.writeString(list, "[{\"targets\": [\"192.0.2." + i + "\"]}]");
                String last = target("192.0.2." + i);
                running.await("/metrics", text -> text.contains(last) && text.contains(good + "1.0"));
            }
            Files.writeString(folder.resolve("agent.yml"), "interval: 100ms\ntargets: [192.0.2.9, 192.0.2.8]");
            assertThat(running.post("/-/reload").statusCode()).isEqualTo(200);
            running.await("/metrics", text -> text.contains("\nnetecho_target_up{target=\"192.0.2.8\"} 1.0\n"));
        } finally {
            System.setErr(before);
        }
    }

    @Test
    void aReloadKeepsCountsAndAMistakeChangesNothing() throws Exception {
        try (RunningAgent running = start("targets: [192.0.2.1]")) {
            Path file = folder.resolve("agent.yml");
            String count = "\nnetecho_target_outcomes_total{outcome=\"reply\",target=\"192.0.2.1\"} ";
            running.await("/metrics", text -> value(text, count) >= 3);
            Files.writeString(file, "interval: 1h\ntargets: [192.0.2.1, 192.0.2.2]");
            assertThat(running.post("/-/reload").statusCode()).isEqualTo(200);
            String page = running.get("/metrics").body();
            assertThat(value(page, count)).isGreaterThanOrEqualTo(3);
            assertThat(page)
                    .contains(target("192.0.2.1"), target("192.0.2.2"))
                    .contains("\nnetecho_agent_config_last_reload_successful 1.0\n");
            Files.writeString(file, "interval: 1h\ntargets: [192.0.2.3\n");
            assertThat(running.post("/-/reload").body())
                    .startsWith("The configuration is refused, and the last one stays in force: ")
                    .contains("agent.yml\" line 3");
            assertThatThrownBy(running.agent::reload).hasMessageContaining("agent.yml\" line 3");
            assertThat(running.get("/metrics").body())
                    .contains(target("192.0.2.2"), "\nnetecho_agent_config_last_reload_successful 0.0\n")
                    .doesNotContain("192.0.2.3");
            assertThat(running.get("/-/reload").statusCode()).isEqualTo(405);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"down_after: 4", "buckets: [0.1, 0.2]", "timeout: 1s", "ip_protocol: ip4"})
    void aReloadWithAnotherSettingKeepsCounts(String setting) throws Exception {
        try (RunningAgent running = start("targets: [192.0.2.1]")) {
            String count = "\nnetecho_target_outcomes_total{outcome=\"reply\",target=\"192.0.2.1\"} ";
            running.await("/metrics", text -> value(text, count) >= 3);
            running.reload(folder, "interval: 1h\ntargets: [192.0.2.1]\n" + setting);
            String page = running.get("/metrics").body();
            assertThat(value(page, count)).isGreaterThanOrEqualTo(3);
            assertThat(page).contains("\nnetecho_target_up{target=\"192.0.2.1\"} 1.0\n");
        }
    }

    @Test
    void otherBucketsBeginTheHistogramAnew() throws Exception {
        String rare = "interval: 1h\ntargets: [192.0.2.1]\nbuckets: ";
        try (RunningAgent running = start("targets: [192.0.2.1]\nbuckets: [0.001, 0.002]")) {
            String bucket = "\nnetecho_target_round_trip_seconds_bucket{target=\"192.0.2.1\",le=\"";
            running.await("/metrics", text -> value(text, bucket + "0.002\"} ") >= 3);
            running.reload(folder, rare + "[0.001, 0.002]");
            double kept = value(running.get("/metrics").body(), bucket + "0.002\"} ");
            assertThat(kept).isGreaterThanOrEqualTo(3);
            running.reload(folder, rare + "[0.0016, 0.002]");
            String page = running.get("/metrics").body();
            assertThat(page).contains(bucket + "0.0016\"} ").doesNotContain(bucket + "0.001\"}");
            // A request of before may end now, or the hour begin anew.
            assertThat(value(page, bucket + "0.002\"} ")).isLessThan(3);
        }
    }

    /** What a target is asked after a reload is what it would be asked after a start. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReloadAsksOtherRequests(boolean allAddresses) throws Exception {
        String yaml =
                "targets: [192.0.2.1, '2001:db8::5', four.test, both.test]\nall_addresses: " + allAddresses + "\n";
        try (RunningAgent running = start("ip_protocol: ip4\n" + yaml)) {
            running.await("/metrics", text -> text.contains("address=\"192.0.2.4\",target=\"four.test\"}"));
            // It cannot be looked up any more: what was found last counts.
            running.names.remove("both.test");
            running.reload(folder, "interval: 100ms\nip_protocol: any\npayload_size: 100\ntimeout: 700ms\n" + yaml);
            Set<String> all = new HashSet<>(Set.of("192.0.2.1", "2001:db8:0:0:0:0:0:5", "192.0.2.4"));
            if (allAddresses) {
                all.add("2001:db8:0:0:0:0:0:1");
            }
            awaitAsked(running, all);
            running.names.put("both.test", List.of("2001:db8::1", "192.0.2.1"));
            running.reload(folder, "interval: 100ms\nip_protocol: ip6\npayload_size: 100\ntimeout: 700ms\n" + yaml);
            assertThat(running.get("/metrics").body())
                    .contains(
                            "\nnetecho_target_resolved{target=\"192.0.2.1\"} 0.0\n",
                            "\nnetecho_target_resolved{target=\"four.test\"} 0.0\n")
                    .doesNotContain("address=\"192.0.2.");
            running.await("/metrics", text -> text.contains("address=\"2001:db8::1\",target=\"both.test\"}"));
            awaitAsked(running, Set.of("2001:db8:0:0:0:0:0:5", "2001:db8:0:0:0:0:0:1"));
            assertThat(running.get("/targets").body())
                    .contains("has no address of the family that ip_protocol asks for");
        }
    }

    /** Waits until requests of now went to addresses, and to no others. */
    private void awaitAsked(RunningAgent running, Set<String> addresses) {
        int before = requester.asked.size();
        running.await(
                "/-/healthy",
                text -> requester.asked.stream()
                        .skip(before + 1)
                        .map(request -> request.destination().getHostAddress())
                        .collect(Collectors.toSet())
                        .equals(addresses));
        assertThat(requester.asked.stream().skip(before + 1)).allSatisfy(request -> {
            assertThat(request.payload().size()).isEqualTo(100);
            assertThat(request.timeout()).isEqualTo(Duration.ofMillis(700));
        });
    }

    private static String asleep(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "asleep" + i + ".test")
                .collect(Collectors.joining(", ", "[", "]"));
    }

    @Test
    void namesThatNobodyWantsAnyMoreHoldUpNoOthers() throws Exception {
        try (RunningAgent running = start("targets: " + asleep(40))) {
            running.await("/-/healthy", text -> running.asleep.get() == 16);
            running.reload(folder, "targets: [four.test]");
            running.wake.release(16); // the name server gives those up that it was asked
            running.await("/metrics", text -> text.contains(info("192.0.2.4", "four.test")));
            assertThat(running.asleep.get()).isEqualTo(16);
        }
    }

    @Test
    void aSleepingNameServerHoldsUpNoNamesOfOthers() throws Exception {
        try (RunningAgent running = start("targets:\n- targets: [four.test]\n- targets: " + asleep(40))) {
            running.await("/metrics", text -> text.contains(info("192.0.2.4", "four.test")));
            running.await("/-/healthy", text -> running.asleep.get() == 16);
            running.names.put("four.test", List.of("192.0.2.5"));
            running.await("/metrics", text -> text.contains(info("192.0.2.5", "four.test")));
        }
    }

    /** By a clock of the test's own: no look-up of the others ever seems slow. */
    @Test
    void namesThatTakeLongWaitAmongThemselves() throws Exception {
        ThreadLocal<Long> slept = ThreadLocal.withInitial(() -> 0L);
        AtomicInteger asleep = new AtomicInteger();
        Semaphore wake = new Semaphore(0);
        AtomicReference<String> address = new AtomicReference<>("192.0.2.4");
        NameLookup names = host -> {
            if (host.startsWith("asleep")) {
                asleep.incrementAndGet();
                wake.acquireUninterruptibly();
                slept.set(slept.get() + 2_000_000_000);
            }
            return new InetAddress[] {InetAddress.getByName(address.get())};
        };
        AgentConfig config =
                config("resolve_every: 100ms\ntargets:\n- targets: [four.test, here.test]\n- targets: " + asleep(16));
        try (Targets targets = new Targets(names, (all, with) -> {}, slept::get)) {
            targets.set(config, config.targets());
            await(() -> asleep.get() == 16);
            wake.release(16);
            // As many as slow names have threads are asleep again, and no more.
            await(() -> asleep.get() >= 16 + 8);
            for (int i = 5; i < 8; i++) {
                InetAddress next = InetAddress.getByName("192.0.2." + i);
                address.set("192.0.2." + i);
                await(() -> targets.all().stream()
                                .filter(one -> next.equals(one.address()))
                                .count()
                        >= 2);
            }
            assertThat(asleep.get()).isEqualTo(16 + 8);
        } finally {
            wake.release(1_000);
        }
    }

    @Test
    void aSleepingNameServerHoldsUpNoPublication() throws Exception {
        AtomicBoolean moves = new AtomicBoolean();
        AtomicBoolean moved = new AtomicBoolean();
        CountDownLatch wake = new CountDownLatch(1);
        InetAddress last = InetAddress.getByName("192.0.2.4");
        InetAddress next = InetAddress.getByName("192.0.2.5");
        NameLookup names = host -> {
            if (moved.get()) {
                try {
                    wake.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            boolean other = moves.get() && host.equals("four.test");
            moved.compareAndSet(false, other);
            return new InetAddress[] {other ? next : last};
        };
        AgentConfig config =
                config("all_addresses: true\nresolve_every: 100ms\ntargets:\n- targets: [four.test]\n- targets: "
                        + asleep(40));
        AtomicReference<List<TargetState>> watched = new AtomicReference<>(List.of());
        try (Targets targets = new Targets(names, (all, with) -> watched.set(all), System::nanoTime)) {
            targets.set(config, config.targets());
            await(targets::lookedUp);
            moves.set(true);
            await(() -> watched.get().stream().anyMatch(one -> next.equals(one.address())));
        } finally {
            wake.countDown();
        }
    }

    private AgentConfig config(String yaml) throws Exception {
        Path file = Files.writeString(folder.resolve("agent.yml"), yaml);
        return AgentConfig.read(new AgentSettings(file, null, null, null, null, null, List.of()));
    }

    private static void await(BooleanSupplier expected) {
        while (!expected.getAsBoolean()) {
            assertThat(Thread.currentThread().isInterrupted()).as("timed out").isFalse();
            Thread.onSpinWait();
        }
    }

    /** The same name with other labels is known already. */
    @Test
    void anotherTargetOfAKnownNameHasItsAddressAtOnce() throws Exception {
        String first = "resolve_every: 1h\ntargets: [{targets: [asleep.test]}";
        try (RunningAgent running = start("targets: [{targets: [asleep.test]}]")) {
            running.names.put("asleep.test", List.of("192.0.2.6"));
            running.wake.release();
            running.await("/metrics", text -> text.contains(info("192.0.2.6", "asleep.test")));
            // A look-up that fails takes nothing away.
            running.names.remove("asleep.test");
            running.wake.release();
            running.await("/-/healthy", text -> running.asleep.get() == 3);
            running.reload(folder, first + ", {targets: [asleep.test], labels: {site: x}}]");
            assertThat(running.get("/metrics").body())
                    .contains("\nnetecho_target_info{address=\"192.0.2.6\",site=\"x\",target=\"asleep.test\"} 1\n");
        }
    }

    /** {@return the value of a series; 0 if there is none} */
    private static double value(String page, String series) {
        int start = page.indexOf(series);
        return start < 0
                ? 0
                : Double.parseDouble(page.substring(start + series.length()).split("\n", 2)[0]);
    }

    private static String info(String address, String host) {
        return "\nnetecho_target_info{address=\"" + address + "\",target=\"" + host + "\"} 1\n";
    }

    private static String series(String address, String host) {
        return "\nnetecho_target_resolved{address=\"" + address + "\",target=\"" + host + "\"} 1.0\n";
    }

    @Test
    void namesAreLookedUpAgain() throws Exception {
        try (RunningAgent running = start("targets: [four.test, nowhere.test]")) {
            running.await("/metrics", text -> text.contains(info("192.0.2.4", "four.test")));
            running.names.put("nowhere.test", List.of("192.0.2.7"));
            running.names.put("four.test", List.of("192.0.2.5", "192.0.2.4"));
            String both = running.await("/metrics", text -> text.contains(info("192.0.2.7", "nowhere.test")));
            // It still has that address.
            assertThat(both).contains(info("192.0.2.4", "four.test"));
            running.names.put("four.test", List.of("192.0.2.5"));
            running.await("/metrics", text -> text.contains(info("192.0.2.5", "four.test")));
            running.names.remove("four.test");
            running.names.put("nowhere.test", List.of("192.0.2.8"));
            String last = running.await("/metrics", text -> text.contains(info("192.0.2.8", "nowhere.test")));
            // The last address stays.
            assertThat(last).contains(info("192.0.2.5", "four.test"));
        }
    }

    @Test
    void everyAddressOfANameCanBeATarget() throws Exception {
        try (RunningAgent running = start("all_addresses: true\ntargets: [both.test, nowhere.test, 192.0.2.3]")) {
            String page = running.await("/metrics", text -> text.contains(series("192.0.2.1", "both.test")));
            assertThat(page)
                    .contains(series("2001:db8::1", "both.test"), series("192.0.2.3", "192.0.2.3"))
                    .contains("\nnetecho_target_resolved{target=\"nowhere.test\"} 0.0\n");
            running.names.put("both.test", List.of("192.0.2.1"));
            running.await("/metrics", text -> !text.contains("2001:db8::1"));
        }
    }
}
