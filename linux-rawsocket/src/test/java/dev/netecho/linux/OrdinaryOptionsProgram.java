// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.IpVersion;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.linux.socket.SystemCallException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Run by tests in a JVM of its own as an ordinary user: asks for every option, and prints the results. */
final class OrdinaryOptionsProgram {
    static final InetAddress HOST = Loopback.address("127.0.0.66");
    static final InetAddress UNREACHABLE = Loopback.address("127.0.0.67");
    static final InetAddress SOURCE = Loopback.address("127.0.0.2");
    static final int HOP_LIMIT = 7;
    static final int TRAFFIC_CLASS = 0xb8;
    static final int MARK = 77;

    /** Doubled by the kernel, which counts its own bookkeeping too: socket(7), SO_RCVBUF. */
    static final int SMALL_BUFFER = 50_000;

    private OrdinaryOptionsProgram() {}

    /** The argument is an {@link EngineVariant}. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        EngineVariant variant = EngineVariant.valueOf(arguments[0]);
        SocketKind kind = variant == EngineVariant.RAW ? SocketKind.RAW : SocketKind.DATAGRAM;
        for (int wanted : new int[] {SMALL_BUFFER, 1 << 30}) {
            try (IcmpSocket socket = open(kind, new SocketSettings(wanted, "", 0, Duration.ZERO))) {
                out.println("buffer of " + wanted + ": " + socket.receiveCapacity());
            }
        }
        EchoRequester.Builder builder = variant.builder()
                .option(LinuxOptions.INTERFACE, "lo")
                .option(LinuxOptions.RECEIVE_BUFFER, SMALL_BUFFER);
        try (EchoRequester requester = builder.open()) {
            out.println("provider " + requester.provider());
            for (InetAddress destination : new InetAddress[] {HOST, UNREACHABLE}) {
                out.println(requester.send(EchoRequest.newBuilder(destination)
                        .source(SOURCE)
                        .options(EchoOptions.DEFAULT
                                .withHopLimit(HOP_LIMIT)
                                .withTrafficClass(TRAFFIC_CLASS)
                                .withDontFragment(true))
                        .timeout(Duration.ofSeconds(20))
                        .build()));
            }
        }
        out.println("mark: " + mark(builder));
    }

    private static IcmpSocket open(SocketKind kind, SocketSettings settings) throws SystemCallException {
        return kind == SocketKind.RAW
                ? IcmpSocket.openRaw(IpVersion.V4, 0, null, settings)
                : IcmpSocket.openDatagram(IpVersion.V4, false, null, settings);
    }

    private static String mark(EchoRequester.Builder builder) throws InterruptedException {
        try (EchoRequester requester = builder.option(LinuxOptions.MARK, MARK).open()) {
            EchoOutcome outcome = requester.send(Loopback.request(HOST, Duration.ofSeconds(20)));
            return "open, " + outcome;
        } catch (EchoUnavailableException e) {
            return "unavailable, " + e.getMessage().replace('\n', ' ');
        }
    }
}
