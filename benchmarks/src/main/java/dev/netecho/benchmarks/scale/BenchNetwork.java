// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Finished;
import dev.netecho.benchmarks.MissingToolException;
import dev.netecho.benchmarks.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A network of 131,070 hosts behind a TUN interface, answered by a C program ({@code responder.c}).
 *
 * <p>It is not the testkit's lab, because that is a JVM: on a machine with two cores its collector and its compiler
 * would take the processor from the JVM that is measured, and its row of hosts at 50 ms has 16,384. It keeps account of
 * itself, so that a loss of its own is not taken for one of the library's.
 */
final class BenchNetwork implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Conversation program;

    private BenchNetwork(Conversation program) {
        this.program = program;
    }

    /** Starts the network whose delays {@link BenchAddress} lists. */
    static BenchNetwork start(Session session) throws IOException, InterruptedException, MissingToolException {
        return start(session, "198.18.0.0/16=50", "198.19.0.0/18=20", "198.19.64.0/18=400");
    }

    /** Starts a network in which everybody answers after 20 ms. */
    static BenchNetwork startEven(Session session) throws IOException, InterruptedException, MissingToolException {
        return start(session, "198.18.0.0/15=20");
    }

    /** Starts a network in which nobody ever answers. */
    static BenchNetwork startSilent(Session session) throws IOException, InterruptedException, MissingToolException {
        return start(session, new String[0]);
    }

    private static BenchNetwork start(Session session, String... rules)
            throws IOException, InterruptedException, MissingToolException {
        List<String> command = new ArrayList<>(List.of(session.c("responder").toString()));
        command.addAll(List.of(rules));
        Conversation conversation = new Conversation(session, new ProcessBuilder(command));
        try {
            conversation.await("ready", PATIENCE);
            return new BenchNetwork(conversation);
        } catch (IOException e) {
            conversation.close();
            throw new IOException("the network of the benchmarks does not run; it needs /dev/net/tun", e);
        }
    }

    /** {@return what it has counted so far; the greatest lateness since the last call} */
    Account account() throws IOException, InterruptedException {
        program.say("account");
        return Account.of(Finished.valuesOf(program.await("seen=", PATIENCE)));
    }

    /**
     * What the network says of itself.
     *
     * @param seen requests it has read
     * @param answered answers the kernel has taken
     * @param silent requests to hosts that never answer
     * @param lost what it, or its interface, has lost
     * @param latestMillis the most by which an answer was later than its host's delay
     */
    record Account(long seen, long answered, long silent, long lost, double latestMillis) {
        private static final double MICROS = 1_000;

        static Account of(Map<String, String> values) {
            long lost = 0;
            for (String loss : new String[] {"refused", "overrun", "unwritten", "dropped"}) {
                lost += number(values, loss);
            }
            return new Account(
                    number(values, "seen"),
                    number(values, "answered"),
                    number(values, "silent"),
                    lost,
                    number(values, "latest_us") / MICROS);
        }

        private static long number(Map<String, String> values, String key) {
            return Long.parseLong(values.getOrDefault(key, "-1"));
        }

        /**
         * {@return how many requests or answers disappeared in the network between two accounts, given what was sent}
         */
        long lostSince(Account before, long sent) {
            long seenSince = seen - before.seen;
            long answeredOrSilent = answered - before.answered + silent - before.silent;
            return Math.abs(sent - seenSince) + Math.abs(seenSince - answeredOrSilent) + lost - before.lost;
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
