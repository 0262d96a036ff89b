// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;

/** The real Prometheus, on a free port of this host. */
final class RunningPrometheus implements AutoCloseable {
    private static final Path PROMETHEUS = Path.of("/usr/bin/prometheus");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Path log;
    private final int port;
    private final Process process;

    /** Skips the test where Prometheus is not; fails it in CI. */
    static void assume() {
        String why = PROMETHEUS + " is missing: run .ci/tools";
        assertThat(Files.exists(PROMETHEUS) || !Boolean.getBoolean("netecho.ci"))
                .as(why)
                .isTrue();
        Assumptions.assumeTrue(Files.exists(PROMETHEUS), why);
    }

    RunningPrometheus(Path folder, String config, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("prometheus.yml"), config);
        log = folder.resolve("prometheus.log");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        List<String> command = new ArrayList<>(List.of(
                PROMETHEUS.toString(),
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port));
        command.addAll(List.of(options));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** {@return the answer to a query, once it has the expected text} */
    String query(String query, String expected) throws IOException, InterruptedException {
        return page(
                "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8),
                text -> text.contains(expected));
    }

    /** Waits until a query has one number. */
    void number(String query, long expected) throws IOException, InterruptedException {
        query(query, ",\"" + expected + "\"]}]");
    }

    /** {@return the answer to a query now} */
    String now(String query) throws IOException, InterruptedException {
        return page("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8), text -> true);
    }

    /** {@return a page, once it is as expected} */
    String page(String path, Predicate<String> expected) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        long end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        String last = "";
        while (System.nanoTime() - end < 0) {
            try {
                last = CLIENT.send(request, HttpResponse.BodyHandlers.ofString())
                        .body();
                if (expected.test(last)) {
                    return last;
                }
            } catch (IOException e) {
                last = e.toString(); // it does not listen yet
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new AssertionError(path + " is still not as expected but " + last + "\n" + Files.readString(log));
    }

    @Override
    public void close() {
        process.destroy();
        assertThat(process.onExit().orTimeout(20, TimeUnit.SECONDS).join()).isNotNull();
    }
}
