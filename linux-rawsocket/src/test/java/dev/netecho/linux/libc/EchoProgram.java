// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.net.InetAddress;
import java.time.Duration;

/** Pings this host once. */
final class EchoProgram {
    private EchoProgram() {}

    public static void main(String[] arguments) throws Exception {
        try (EchoRequester requester = EchoRequester.open()) {
            EchoOutcome outcome = requester.send(EchoRequest.newBuilder(InetAddress.getLoopbackAddress())
                    .timeout(Duration.ofSeconds(10))
                    .build());
            if (!(outcome instanceof EchoOutcome.Reply)) {
                throw new IllegalStateException(outcome.toString());
            }
        }
    }
}
