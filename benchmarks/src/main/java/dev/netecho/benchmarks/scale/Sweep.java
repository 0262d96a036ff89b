// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Finished;
import dev.netecho.benchmarks.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One run of {@link SweepSender} against {@link BenchNetwork}.
 *
 * @param label what figures call it
 * @param firstHost the number of the first live host
 * @param liveHosts how many
 * @param silentHosts how many silent ones beside them
 * @param rounds how often each is asked
 * @param timeoutMillis how long is waited for each
 */
record Sweep(String label, int firstHost, int liveHosts, int silentHosts, int rounds, int timeoutMillis) {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int BUFFER = 212_992;
    private static final int ATTEMPTS = 3;

    /**
     * What became of the live hosts.
     *
     * @param lost how many requests to live hosts got no reply, whatever was said instead
     * @param unflagged those of them of which nothing says that it may be our own doing
     * @param values everything the process reported
     */
    record Result(long lost, long unflagged, Map<String, String> values) {}

    /**
     * Runs it; with a stop, the process is stopped for so long in the middle. Again, if the network itself lost
     * something.
     */
    Result run(Session session, Duration stop) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try (BenchNetwork network = BenchNetwork.start(session)) {
                BenchNetwork.Account before = network.account();
                Map<String, String> values = send(session, stop);
                BenchNetwork.Account after = network.account();
                long lost = after.lostSince(before, number(values, "sent"));
                boolean late = after.latestMillis() > timeoutMillis / 4.0;
                if (lost == 0 && !late) {
                    return judge(session, values, after);
                }
                String fault = "the network of the benchmark lost " + lost + " packets and was up to "
                        + after.latestMillis() + " ms late: this run shows nothing";
                if (attempt == ATTEMPTS) {
                    throw new IOException(fault + "; give the machine some rest");
                }
                session.say("  " + label + ": " + fault + "; again");
            }
        }
    }

    private Map<String, String> send(Session session, Duration stop) throws Exception {
        ProcessBuilder builder = session.java(
                List.of("-Xmx256m"),
                SweepSender.class,
                Integer.toString(firstHost),
                Integer.toString(liveHosts),
                Integer.toString(silentHosts),
                Integer.toString(rounds),
                Integer.toString(timeoutMillis));
        try (Conversation sender = new Conversation(session, builder)) {
            sender.await("ready", PATIENCE);
            sender.say("go");
            if (!stop.isZero()) {
                sender.await("half", PATIENCE);
                stop(session, sender.pid(), stop);
            }
            return Finished.valuesOf(sender.await("result", PATIENCE));
        }
    }

    private static void stop(Session session, long pid, Duration time) throws Exception {
        signal(session, "-STOP", pid);
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } finally {
            signal(session, "-CONT", pid);
        }
    }

    private static void signal(Session session, String signal, long pid) throws Exception {
        ProcessBuilder kill = new ProcessBuilder("/bin/sh", "-c", "kill " + signal + " " + pid);
        Finished finished = session.run(kill, Duration.ofSeconds(5));
        if (finished.status() != 0) {
            throw new IOException("kill " + signal + " " + pid + " failed: " + finished.output());
        }
    }

    private Result judge(Session session, Map<String, String> values, BenchNetwork.Account network) throws IOException {
        long asked = (long) rounds * liveHosts;
        long lost = asked - number(values, "live_replies");
        long unflagged = number(values, "live_unflagged") + number(values, "live_others");
        Result result = new Result(lost, unflagged, values);
        session.say(String.format(
                Locale.ROOT,
                "  %s: %d of %d answered, %d lost (%d flagged), %d other; %.0f/s, %d sockets, %d dropped; "
                        + "network at most %.1f ms late",
                label,
                asked - lost,
                asked,
                lost,
                number(values, "live_suspected"),
                number(values, "live_others"),
                rounds * (liveHosts + silentHosts) / Double.parseDouble(values.get("seconds")),
                number(values, "sockets"),
                number(values, "dropped"),
                network.latestMillis()));
        if (number(values, "live_others") > 0) {
            session.say("  for instance " + values.get("live_example"));
        }
        if (number(values, "buffer_least") != BUFFER || number(values, "buffer_most") != BUFFER) {
            throw new IOException("the receive buffers have " + values.get("buffer_least") + " to "
                    + values.get("buffer_most") + " bytes instead of the kernel's default of " + BUFFER);
        }
        if (number(values, "silent_replies") != 0) {
            throw new IOException("silent hosts are said to have answered: " + values);
        }
        return result;
    }

    static long number(Map<String, String> values, String key) {
        return Long.parseLong(values.getOrDefault(key, "-1"));
    }
}
