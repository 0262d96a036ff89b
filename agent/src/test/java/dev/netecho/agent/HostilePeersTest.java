// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers that are slow, many, or send what no client sends: the agent goes on, and says what is wrong. */
@Timeout(60)
class HostilePeersTest {
    private final FakeRequester requester = new FakeRequester();
    private final List<Socket> sockets = new ArrayList<>();

    @TempDir
    Path folder;

    private RunningAgent running;

    @BeforeEach
    void start() throws ConfigException, IOException {
        StringBuilder yaml = new StringBuilder("interval: 1h\ntargets: [");
        for (int i = 0; i < 2_000; i++) {
            yaml.append(i == 0 ? "" : ", ")
                    .append("10.1.")
                    .append(i / 250)
                    .append('.')
                    .append(i % 250);
        }
        running = new RunningAgent(requester, folder, yaml.append(']').toString(), null, null, Duration.ofSeconds(1));
    }

    @AfterEach
    void end() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        running.close();
        requester.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), running.port()), 10_000);
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** {@return all that comes until the server closes} */
    private static String answer(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        InputStream in = socket.getInputStream();
        try {
            for (int c; (c = in.read()) >= 0; ) {
                text.append((char) c);
            }
        } catch (SocketException e) {
            // It was reset because the server did not read everything.
        }
        return text.toString();
    }

    private String asked(String request) throws IOException {
        return asked(running.port(), request);
    }

    /** {@return the answer to a request that no client would send} */
    static String asked(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            send(socket, request);
            return answer(socket);
        }
    }

    private void assertAlive() {
        assertThat(running.get("/-/healthy").statusCode()).isEqualTo(200);
        assertThat(running.get("/probe?target=127.0.0.1").body()).contains("\nprobe_success 1.0\n");
    }

    @Test
    void malformedRequestsAreAnsweredWithAnError() throws IOException {
        assertThat(asked("GET /probe?target=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(asked("GET /probe?target=%ff%fe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(asked("GET /probe?%00=&&&= HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(asked("GET /" + "../".repeat(50)
                        + "etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(asked("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(asked("GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 "); // no Host
        assertThat(asked("POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .contains("Allow: GET, HEAD");
        assertThat(asked("GET /probe?target=" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 414 ");
        assertAlive();
    }

    @Test
    void aFloodOfHeaderFieldsIsCutOff() throws IOException {
        Socket socket = connect();
        send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n");
        long sent = 0;
        try {
            for (int i = 0; i < 1_000_000; i++) {
                String field = "x-" + i + ": " + "y".repeat(1_000) + "\r\n";
                send(socket, field);
                sent += field.length();
            }
        } catch (SocketException e) {
            // The server has closed it.
        }
        assertThat(sent).as("bytes that the server took").isLessThan(50_000_000);
        assertThat(asked("GET / HTTP/1.1\r\nHost: localhost\r\n" + "x: y\r\n".repeat(3_000) + "\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertAlive();
    }

    @Test
    void aThousandOpenConnectionsLeaveRoomForOthers() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            send(connect(), i % 2 == 0 ? "GET /met" : "");
        }
        assertAlive();
    }

    @Test
    void slowReadersHoldNeitherProbesNorOtherScrapes() throws IOException {
        for (int i = 0; i < 50; i++) {
            send(connect(), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
            send(connect(), "GET /probe?target=127.0.0.1 HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(100));
        }
        assertAlive();
        // Those that hold a scrape are few; the others are told so, and once they are gone there is room again.
        assertThat(running.get("/metrics").statusCode()).isIn(200, 503);
        for (Socket socket : sockets) {
            socket.close();
        }
        running.await("/metrics", text -> text.contains("netecho_agent_targets 2000.0\n"));
    }

    /** Readers that take a little now and then, so that no connection is ever idle. */
    @Test
    void slowReadersOfTheMetricsAreCutOff() throws IOException {
        for (int i = 0; i < 4; i++) {
            send(connect(), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        for (Socket socket : sockets) {
            assertThat(socket.getInputStream().readNBytes(9))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("HTTP/1.1 ");
        }
        assertThat(running.get("/metrics").statusCode()).isEqualTo(503);
        while (running.get("/metrics").statusCode() == 503) {
            for (Socket socket : sockets) {
                try {
                    socket.getInputStream().read(); // so they take a few kilobytes a second
                } catch (SocketException e) {
                    // It was cut off.
                }
            }
        }
    }

    @Test
    void theHeadOfAnyPageEnds() throws IOException {
        for (String path : new String[] {
            "/", "/metrics", "/probe?target=127.0.0.1", "/targets", "/-/healthy", "/page/targets", "/page/events"
        }) {
            assertThat(asked("HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .as(path)
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("\r\n\r\n");
        }
        for (int i = 0; i < 50; i++) {
            asked("HEAD /page/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        }
        Socket page = connect();
        send(page, "GET /page/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(page.getInputStream().readNBytes(12))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("HTTP/1.1 200");
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String listen = "127.0.0.1:" + taken.getLocalPort();
            AgentSettings settings = new AgentSettings(null, listen, null, null, null, null, List.of());
            assertThatThrownBy(() -> new Agent(settings, requester, InetAddress::getAllByName))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot listen on " + listen + ": ")
                    .hasMessageEndingWith("in use; free that port, or give another address with --listen");
        }
    }

    @Test
    void namesOfLoopbackAndMulticastAreWatchedAsWhatTheyAre() throws ConfigException, IOException {
        try (RunningAgent other =
                new RunningAgent(requester, folder, "interval: 100ms\ntargets: [here.test, multicast.test]")) {
            String page = other.await("/targets", text -> text.contains("\"address\":\"127.0.0.1\""));
            assertThat(page).contains("\"address\":\"224.0.0.1\"");
        }
    }
}
