// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Finished;
import dev.netecho.benchmarks.MissingToolException;
import dev.netecho.benchmarks.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often a requester that has nothing to do wakes up. */
final class IdleWakeups implements Experiment {
    private static final Pattern TOTAL = Pattern.compile("(?m)^\\s*(\\d+)\\s+total$");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "idle-wakeups";
    }

    @Override
    public String question() {
        return "How often does a requester wake up that has nothing to do?";
    }

    @Override
    public void run(Session session) throws Exception {
        double seconds = session.quick() ? 1 : 10;
        for (String provider : session.quick() ? List.of("linux-datagram") : List.of("linux-datagram", "linux-raw")) {
            String label = provider.replace("linux-", "");
            measure(session, "idle_", label, provider, seconds, session.quick() ? 1 : 5);
        }
    }

    /**
     * Adds the figure {@code PREFIXwakeups_LABEL} and, where strace is installed, {@code PREFIXsystem_calls_LABEL}.
     *
     * @param tracedSeconds how long strace looks on; 0 for not at all
     */
    static void measure(
            Session session, String prefix, String label, String provider, double seconds, int tracedSeconds)
            throws Exception {
        ProcessBuilder builder =
                session.java(List.of("-Xmx64m"), IdleRequester.class, provider, Double.toString(seconds));
        try (Conversation idle = new Conversation(session, builder)) {
            String[] threads = idle.await("threads ", PATIENCE).split(" ", -1);
            idle.say("go");
            String result = idle.await("idle", PATIENCE);
            long wakeups = Long.parseLong(Finished.valuesOf(result).getOrDefault("wakeups", "-1"));
            session.say("  " + label + ": " + result + " in " + seconds + " s");
            session.figures().goal(prefix + "wakeups_" + label, (double) wakeups, Comparison.AT_MOST, 0);
            if (tracedSeconds > 0) {
                trace(session, prefix + "system_calls_" + label, threads, tracedSeconds);
            }
        }
    }

    private static void trace(Session session, String figure, String[] threads, int seconds) throws Exception {
        try {
            long calls = systemCalls(session, threads, seconds);
            session.figures().goal(figure, (double) calls, Comparison.AT_MOST, 0);
        } catch (MissingToolException e) {
            session.say("  system calls not counted: " + e.getMessage());
        }
    }

    /** What strace sees of the threads; the call that they wait in has begun before and does not end. */
    private static long systemCalls(Session session, String[] threads, int seconds) throws Exception {
        List<String> command = new ArrayList<>(List.of("timeout", "-s", "INT", Integer.toString(seconds)));
        command.addAll(List.of(session.tool("strace").toString(), "-c", "-U", "calls"));
        for (int i = 1; i < threads.length; i++) {
            command.addAll(List.of("-p", threads[i]));
        }
        Finished finished = session.run(new ProcessBuilder(command), Duration.ofSeconds(seconds + 20L));
        if (!finished.output().contains("attached")) {
            throw new IOException("strace failed: " + finished.output());
        }
        Matcher total = TOTAL.matcher(finished.output());
        return total.find() ? Long.parseLong(total.group(1)) : 0; // no calls, no table
    }
}
