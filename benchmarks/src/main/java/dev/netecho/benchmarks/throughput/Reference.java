// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import dev.netecho.benchmarks.Finished;
import dev.netecho.benchmarks.MissingToolException;
import dev.netecho.benchmarks.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The C reference, {@code src/main/c/reference.c}. */
final class Reference {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Reference() {}

    /** {@return what C reaches in a turn like the library's, with its socket in epoll all the time} */
    static Outcome measure(Session session, Turn turn) throws IOException, InterruptedException, MissingToolException {
        return measure(session, turn, "always");
    }

    /** {@return what C reaches if it takes its socket out of epoll while it is busy, as the library does} */
    static Outcome measureUnwatched(Session session, Turn turn)
            throws IOException, InterruptedException, MissingToolException {
        return measure(session, turn, "idle");
    }

    private static Outcome measure(Session session, Turn turn, String watch)
            throws IOException, InterruptedException, MissingToolException {
        List<String> command = List.of(
                session.c("reference").toString(),
                "--kind",
                turn.provider().equals("linux-raw") ? "raw" : "datagram",
                "--window",
                Integer.toString(turn.window()),
                "--destinations",
                Integer.toString(turn.destinations()),
                "--watch",
                watch,
                "--warm-up",
                Double.toString(turn.warmUp()),
                "--seconds",
                Double.toString(turn.seconds()),
                turn.address());
        Duration expected = Duration.ofMillis(Math.round((turn.warmUp() + turn.seconds()) * 1000));
        Finished finished = session.run(new ProcessBuilder(command), expected.plus(PATIENCE));
        if (finished.status() != 0) {
            throw new IOException("the C reference ended with status " + finished.status() + ": " + finished.output());
        }
        return Outcome.of("the C reference", finished.values());
    }
}
