// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Run by a test in a JVM of its own, on a host without IPv6: asks itself in both families. */
final class MissingFamilyProgram {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private MissingFamilyProgram() {}

    /** The argument is an {@link EngineVariant}. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (EchoRequester requester = EngineVariant.valueOf(arguments[0]).open()) {
            EchoOutcome six = requester.send(Loopback.request(Loopback.V6, PATIENCE));
            EchoOutcome four = requester.send(Loopback.request(Loopback.V4, PATIENCE));
            out.println("IPv6: " + (six instanceof EchoOutcome.NotSent refused ? refused.reason() : six));
            out.println("IPv4: " + (four.isReply() ? "reply" : four));
        }
    }
}
