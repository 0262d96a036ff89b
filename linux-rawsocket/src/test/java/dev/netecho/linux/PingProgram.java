// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Run by tests in a JVM of its own: pings the same hosts as another process. */
final class PingProgram {
    private PingProgram() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (EchoRequester requester = EngineVariant.valueOf(arguments[0]).open()) {
            out.println("begin");
            out.println(pingAll(requester));
        }
    }

    static String pingAll(EchoRequester requester) throws InterruptedException {
        int count = ProcessBoundaryTest.HOSTS * ProcessBoundaryTest.ROUNDS;
        Outcomes outcomes = new Outcomes(count);
        for (int i = 0; i < count; i++) {
            requester.sendAsync(
                    Loopback.request(Loopback.numbered(i % ProcessBoundaryTest.HOSTS), Duration.ofSeconds(30)),
                    outcomes.listener(i));
        }
        long replies = outcomes.await().stream().filter(EchoOutcome::isReply).count();
        EchoStatistics seen = requester.statistics();
        long strays = seen.duplicates().orElseThrow()
                + seen.late().orElseThrow()
                + seen.altered().orElseThrow()
                + seen.wrongSource().orElseThrow()
                + seen.unmatched().orElseThrow()
                + seen.droppedLocally().orElseThrow();
        return "replies " + replies + " of " + count + ", strays " + strays;
    }
}
