// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoCapability;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Run by a test in a JVM of its own, on a host with trouble in IPv6: asks in both families. */
final class MissingFamilyProgram {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private MissingFamilyProgram() {}

    /** The arguments are an {@link EngineVariant}, and an IPv6 destination and source if not {@code ::1} and none. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        EngineVariant variant = EngineVariant.valueOf(arguments[0]);
        EchoRequest.Builder asked = EchoRequest.newBuilder(
                        arguments.length > 1 ? InetAddress.getByName(arguments[1]) : Loopback.V6)
                .timeout(PATIENCE);
        if (arguments.length > 2) {
            asked.source(InetAddress.getByName(arguments[2]));
        }
        out.println("availability: " + variant.provider().availability().why());
        try (EchoRequester requester = variant.open()) {
            // With the family everything that is about it only.
            out.println("IPV6 claimed: "
                    + requester.capabilities().stream()
                            .anyMatch(capability -> capability.name().endsWith("IPV6")));
            if (!requester.capabilities().contains(EchoCapability.KERNEL_TIMESTAMPS)) {
                out.println("no KERNEL_TIMESTAMPS");
            }
            EchoOutcome six = requester.send(asked.build());
            EchoOutcome four = requester.send(Loopback.request(Loopback.V4, PATIENCE));
            out.println("IPv6: "
                    + (six instanceof EchoOutcome.NotSent refused ? refused.reason() + " " + refused.detail() : six));
            out.println("IPv4: " + (four.isReply() ? "reply" : four));
        }
    }
}
