// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoRequester;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Run by tests in a JVM of its own: asks silent hosts and ends without closing anything. */
final class ExitProgram {
    static final String LEAVING = "leaving at ";

    private static final int REQUESTS = 500;
    private static final Duration NEVER = Duration.ofHours(1);

    /** How the JVM is made to end. */
    enum Way {
        /** The main method returns: the JVM ends when no thread but daemons is left. */
        RETURN,
        /** A listener calls System.exit, on the engine's thread. */
        EXIT_IN_LISTENER
    }

    private ExitProgram() {}

    /** {@code arguments} are an {@link EngineVariant} and a {@link Way}. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        EchoRequester requester = EngineVariant.valueOf(arguments[0]).open();
        for (int i = 0; i < REQUESTS; i++) {
            requester.sendAsync(
                    Loopback.request(i % 2 == 0 ? Loopback.numbered(i) : Loopback.V6, NEVER),
                    (request, outcome) -> out.println("an outcome: " + outcome));
        }
        Await.until("all are in flight", () -> requester.statistics().inFlight() == REQUESTS);
        switch (Way.valueOf(arguments[1])) {
            case RETURN -> sayLeaving(out);
            case EXIT_IN_LISTENER -> {
                requester.sendAsync(Loopback.request(Loopback.V4, Duration.ofMillis(20)), (request, outcome) -> {
                    sayLeaving(out);
                    System.exit(0);
                });
                Thread.currentThread().join(); // for good: this thread is no daemon
            }
        }
    }

    /** CLOCK_MONOTONIC, which Java's nanoTime is here, is the same in every process of a host. */
    private static void sayLeaving(PrintStream out) {
        out.println(LEAVING + System.nanoTime());
    }
}
