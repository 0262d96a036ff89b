// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Run by tests in a JVM of its own, whose system calls fail: asks until an outcome is no reply, and prints it. */
final class InjectedProgram {
    private static final int MOST = 1_000;

    private InjectedProgram() {}

    /** The argument is an {@link EngineVariant}. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (EchoRequester requester = EngineVariant.valueOf(arguments[0]).open()) {
            int replies = 0;
            EchoOutcome outcome = ask(requester);
            while (outcome.isReply() && replies < MOST) {
                replies++;
                outcome = ask(requester);
            }
            out.println("replies " + (replies > 0) + ", then " + outcome);
        } catch (EchoUnavailableException e) {
            out.println("unavailable: " + e.getMessage());
        }
        out.println("closed");
    }

    private static EchoOutcome ask(EchoRequester requester) throws InterruptedException {
        return requester.send(Loopback.request(Loopback.V4, Duration.ofSeconds(5)));
    }
}
