// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code netecho agent}, in this process. */
@Timeout(60)
class AgentCommandTest {
    private static CommandRun run(String... args) {
        return CommandRun.with(new ScriptedProvider()).run(args);
    }

    @Test
    void itWatchesUntilItIsEnded() throws Exception {
        BlockingQueue<Interruptible> started = new LinkedBlockingQueue<>();
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        CompletableFuture<CommandRun> ended = CompletableFuture.supplyAsync(() -> CommandRun.with(
                        new ScriptedProvider())
                .running(started::add)
                .run("agent", "--provider", "scripted", "--listen", "127.0.0.1:" + port, "-i", "0.1", "127.0.0.1"));
        Interruptible agent = started.poll(30, TimeUnit.SECONDS);
        assertThat(agent).isNotNull();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/-/healthy"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
        agent.summarize();
        agent.stop();
        CommandRun run = ended.get(30, TimeUnit.SECONDS);
        assertThat(run.status).isZero();
        String watching = "netecho agent: watching 1 target, http://127.0.0.1:" + port + "/\n";
        assertThat(run.out).isEqualTo(watching);
        assertThat(run.err).isEqualTo(watching);
    }

    @Test
    void aMistakeIsOneLine(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("agent.yml"), "interval: 1s\ntimeout: soon\n");
        CommandRun run = run("agent", "--provider", "scripted", "--config", file.toString());
        assertThat(run.status).isEqualTo(2);
        assertThat(run.err)
                .isEqualTo("netecho: \"" + file + "\" line 2: timeout is \"soon\"; it must be a time from 100ms"
                        + " to 86400s, such as 500ms, 10s or 1m30s\n");
        assertThat(run("agent", "-i", "0.01").err)
                .isEqualTo("netecho: -i is \"0.01\"; it must be 0.1 to 86400 seconds\n");
        assertThat(run("agent", "--provider", "scripted", "--listen", "here").err)
                .startsWith("netecho: --listen is \"here\"; it must be ADDRESS:PORT, such as 127.0.0.1:9785");
        assertThat(run("agent", "--provider", "scripted", "010.0.0.1").err)
                .startsWith("netecho: target \"010.0.0.1\": an IPv4 address has four numbers");
    }

    /** The other commands start without the agent's libraries: what they load does not mention them. */
    @Test
    void onlyItsOwnClassKnowsTheLibraries() throws IOException {
        Path classes = Path.of(NetechoCommand.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .resolve("dev/netecho/cli");
        Pattern foreign = Pattern.compile("dev/netecho/agent/|org/eclipse/jetty|io/prometheus");
        try (Stream<Path> files = Files.list(classes)) {
            for (Path file : files.toList()) {
                Matcher found = foreign.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
                assertThat(found.find() && !file.getFileName().toString().startsWith("AgentRun"))
                        .as("%s mentions what only the agent has", file)
                        .isFalse();
            }
        }
    }
}
