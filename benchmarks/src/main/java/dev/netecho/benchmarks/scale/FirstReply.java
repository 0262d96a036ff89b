// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.net.InetAddress;
import java.util.Locale;

/**
 * The process that opens requesters, the first of them in a cold JVM.
 *
 * <p>Argument: how many to open one after the other. Each is timed from the call of {@code open} to its return, and to
 * its first reply, then closed.
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
            long opened = System.nanoTime();
            boolean reply = requester.send(request).isReply();
            long end = System.nanoTime();
            requester.close();
            if (!reply) {
                throw new IllegalStateException(host + " did not answer");
            }
            System.out.printf(Locale.ROOT, "open=%.3f reply=%.3f%n", (opened - start) / 1e6, (end - start) / 1e6);
        }
    }
}
