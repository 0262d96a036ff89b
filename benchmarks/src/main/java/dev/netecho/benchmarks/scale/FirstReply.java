// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.net.InetAddress;
import java.util.Locale;

/**
 * The process that opens requesters in a warm JVM, and that starts as a Java program without this library would.
 *
 * <p>Arguments: a number of requesters to open one after the other, of which each is timed from {@code open} to its
 * first reply and then closed; or {@code reachable} for one call of {@link InetAddress#isReachable}, the only way to an
 * ICMP echo in the JDK.
 */
final class FirstReply {
    private FirstReply() {}

    /** The program. */
    public static void main(String[] args) throws Exception {
        InetAddress host = BenchAddress.loopback(0);
        if (args[0].equals("reachable")) {
            System.out.println(host.isReachable(1_000) ? "reply" : "silence");
            return;
        }
        EchoRequest request = EchoRequest.to(host);
        for (int i = 0; i < Integer.parseInt(args[0]); i++) {
            long start = System.nanoTime();
            EchoRequester requester = EchoRequester.open();
            boolean reply = requester.send(request).isReply();
            long end = System.nanoTime();
            requester.close();
            if (!reply) {
                throw new IllegalStateException(host + " did not answer");
            }
            System.out.printf(Locale.ROOT, "open=%.3f%n", (end - start) / 1e6);
        }
    }
}
