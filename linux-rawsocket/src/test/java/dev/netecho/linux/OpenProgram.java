// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Run by tests in a JVM of its own: opens a requester, pings loopback, and says what happened. */
final class OpenProgram {
    private OpenProgram() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (EchoRequester requester = EchoRequester.open()) {
            out.println("provider " + requester.provider());
            for (String literal : new String[] {"127.0.0.1", "::1"}) {
                EchoOutcome outcome =
                        requester.send(Loopback.request(InetAddress.getByName(literal), Duration.ofSeconds(20)));
                out.println(literal + " " + (outcome.isReply() ? "reply" : outcome));
            }
            Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("icmp-echo-"))
                    .forEach(thread -> out.println("thread " + thread.getClass().getName()));
            if (arguments.length > 0) {
                closeRange(out, requester);
            }
        } catch (EchoUnavailableException e) {
            out.println("unavailable");
            out.println(e.getMessage());
        }
    }

    /** Closes the range for all groups while a requester is open. */
    private static void closeRange(PrintStream out, EchoRequester requester) throws InterruptedException {
        Loopback.write(Path.of("/proc/sys/net/ipv4/ping_group_range"), "1 0");
        EchoOutcome outcome = requester.send(Loopback.request(Loopback.V4, Duration.ofSeconds(20)));
        out.println("after closing the range " + (outcome.isReply() ? "reply" : outcome));
        try (EchoRequester again =
                EchoRequester.newBuilder().provider("linux-datagram").open()) {
            out.println("opened again " + again.provider());
        } catch (EchoUnavailableException e) {
            out.println("unavailable again");
            out.println(e.getMessage());
        }
    }
}
