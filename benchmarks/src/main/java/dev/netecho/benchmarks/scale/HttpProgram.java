// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.MissingToolException;
import dev.netecho.benchmarks.ProcessCost;
import dev.netecho.benchmarks.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A program that answers HTTP, and what it costs: {@code ./netecho agent}, or blackbox_exporter. */
final class HttpProgram implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Conversation conversation;
    private final int port;

    private HttpProgram(Conversation conversation, int port) {
        this.conversation = conversation;
        this.port = port;
    }

    /** Starts the agent as its users do, on every address of this host. Its first run builds it. */
    static HttpProgram agent(Session session, String config)
            throws IOException, InterruptedException, MissingToolException {
        Path script = Path.of(System.getProperty("netecho.benchmarks.home", "benchmarks"))
                .resolve("../netecho")
                .normalize();
        if (!Files.isExecutable(script)) {
            throw new MissingToolException(script + " is not there: the source tree is needed");
        }
        session.run(new ProcessBuilder(script.toString(), "--version"), Duration.ofMinutes(5));
        Path file = Files.writeString(session.scratch().resolve("agent.yml"), config);
        Conversation agent = new Conversation(
                session,
                new ProcessBuilder(script.toString(), "agent", "--config", file.toString(), "--listen", "0.0.0.0:0"));
        String line = said(agent, "netecho agent: watching");
        String port = line.substring(line.lastIndexOf(':') + 1, line.lastIndexOf('/'));
        return new HttpProgram(agent, Integer.parseInt(port));
    }

    /** Starts blackbox_exporter as Debian has it. */
    static HttpProgram blackbox(Session session, String config)
            throws IOException, InterruptedException, MissingToolException {
        Path program;
        try {
            program = session.tool("prometheus-blackbox-exporter");
        } catch (MissingToolException e) {
            throw new MissingToolException(
                    e.getMessage() + "; on Debian: apt-get install prometheus-blackbox-exporter");
        }
        Path file = Files.writeString(session.scratch().resolve("blackbox.yml"), config);
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Conversation blackbox = new Conversation(
                session,
                new ProcessBuilder(
                        program.toString(), "--config.file=" + file, "--web.listen-address=127.0.0.1:" + port));
        said(blackbox, "");
        HttpProgram started = new HttpProgram(blackbox, port);
        started.awaitAnswer();
        return started;
    }

    private static String said(Conversation program, String beginning) throws IOException, InterruptedException {
        try {
            return program.await(beginning, PATIENCE);
        } catch (IOException e) {
            program.close();
            throw e;
        }
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                get("127.0.0.1", "/metrics", false, "*/*", OutputStream.nullOutputStream());
                return;
            } catch (IOException e) {
                if (System.nanoTime() - end > 0) {
                    close();
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    /** {@return the URL of a page} */
    URI url(String path) {
        return url("127.0.0.1", path);
    }

    private URI url(String address, String path) {
        return URI.create("http://" + address + ":" + port + path);
    }

    /**
     * {@return the length of a page as it came}
     *
     * @param address of this host; the agent compresses for whoever does not come from loopback
     * @param compressed whether to ask for gzip, as Prometheus does
     * @param accepted the field Accept
     * @param to takes it as it came
     */
    long get(String address, String path, boolean compressed, String accepted, OutputStream to) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) url(address, path).toURL().openConnection();
        connection.setRequestProperty("Accept", accepted);
        connection.setRequestProperty("Accept-Encoding", compressed ? "gzip" : "identity");
        try (InputStream in = connection.getInputStream()) {
            long length = in.transferTo(to);
            if (compressed != "gzip".equals(connection.getContentEncoding())) {
                throw new IOException(path + " came as " + connection.getContentEncoding());
            }
            return length;
        }
    }

    /** {@return user and system time so far} */
    long cpuNanos() {
        return ProcessCost.cpuNanosOf(conversation.pid());
    }

    /** {@return the most memory it has held at a time, in units of 1,000,000 bytes} */
    double peakMb() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + conversation.pid() + "/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024 / 1e6;
            }
        }
        throw new IOException("the kernel does not tell the memory of process " + conversation.pid());
    }

    @Override
    public void close() {
        conversation.close();
    }
}
