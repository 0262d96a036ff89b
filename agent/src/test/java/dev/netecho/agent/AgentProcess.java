// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import dev.netecho.EchoRequester;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An agent in a process of its own, which can be killed. */
final class AgentProcess implements AutoCloseable {
    private final Process process;
    private final int port;

    /** Starts it with the configuration that a folder has, {@code agent.yml}. */
    AgentProcess(Path folder) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path",
                                System.getProperty("java.class.path")
                                        + File.pathSeparator
                                        + System.getProperty("jdk.module.path", "")),
                        AgentProcess.class.getName(),
                        folder.resolve("agent.yml").toString())
                .redirectError(folder.resolve("agent.log").toFile())
                .start();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        String line = lines.readLine();
        if (line == null) {
            throw new IOException(Files.readString(folder.resolve("agent.log")));
        }
        port = Integer.parseInt(line);
    }

    int port() {
        return port;
    }

    /** Ends it as no program can prevent: SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Runs until the process that started it is gone. */
    public static void main(String[] args) throws Exception {
        AgentSettings settings = new AgentSettings(Path.of(args[0]), "127.0.0.1:0", null, null, null, null, List.of());
        try (EchoRequester requester = EchoRequester.newBuilder().name("agent").open();
                Agent agent = new Agent(settings, requester, InetAddress::getAllByName)) {
            System.out.println(agent.address().getPort());
            System.in.readAllBytes();
        }
    }
}
