// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.net.InetAddress;
import java.util.Locale;

/**
 * The process that opens requesters in a warm JVM.
 *
 * <p>Argument: how many to open one after the other. Each is timed from {@code open} to its first reply, then closed.
 */
final class FirstReply {
    private FirstReply() {}

    /** The program. */
    public static void main(String[] args) throws Exception {
        InetAddress host = BenchAddress.loopback(0);
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
