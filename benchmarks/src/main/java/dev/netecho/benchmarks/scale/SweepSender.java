// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import dev.netecho.linux.LinuxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The process whose losses are counted: asks every host at once, without pacing itself, several times over.
 *
 * <p>Arguments: the number of the first live host, how many, how many silent ones, rounds, timeout in milliseconds.
 * Prints "ready", waits for a line, prints "half" when half of the outcomes are there, and its figures at the end.
 */
final class SweepSender {
    /** Linux doubles what is asked for (socket(7)): 212,992 bytes, what a socket has that asks for nothing. */
    private static final int ASKED_BUFFER = 212_992 / 2;

    private static final int SEED = 20_261_101;
    private static final long LONGEST_MILLIS = 60_000;

    private final Tally live = new Tally();
    private final Tally silent = new Tally();
    private final List<EchoRequest> requests = new ArrayList<>();
    private final List<EchoListener> listeners = new ArrayList<>();

    private SweepSender(int first, int liveHosts, int silentHosts, Duration timeout) {
        List<Integer> hosts = new ArrayList<>();
        for (int i = 0; i < liveHosts; i++) {
            hosts.add(first + i);
        }
        for (int i = 0; i < silentHosts; i++) {
            hosts.add(BenchAddress.SILENT + i);
        }
        Collections.shuffle(hosts, new Random(SEED));
        for (int host : hosts) {
            requests.add(EchoRequest.newBuilder(BenchAddress.of(host))
                    .timeout(timeout)
                    .build());
            listeners.add(host >= BenchAddress.SILENT ? silent : live);
        }
    }

    /** Counts outcomes on the engine's thread; read when all are there. */
    private static final class Tally implements EchoListener {
        volatile long total;
        private long replies;
        private long suspected;
        private long unflagged;
        private long others;
        private String example = "none";

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // only the engine's thread writes
        public void onOutcome(EchoRequest request, EchoOutcome outcome) {
            if (outcome instanceof EchoOutcome.Reply) {
                replies++;
            } else if (outcome instanceof EchoOutcome.TimedOut timedOut) {
                if (timedOut.localDropsSuspected()) {
                    suspected++;
                } else {
                    unflagged++;
                }
            } else {
                others++;
                example = (request.destination() + " " + outcome)
                        .replace(' ', '_')
                        .replace('=', ':');
            }
            total++;
        }

        String print(String name) {
            return String.format(
                    Locale.ROOT,
                    "%1$s_replies=%2$d %1$s_suspected=%3$d %1$s_unflagged=%4$d %1$s_others=%5$d %1$s_example=%6$s",
                    name,
                    replies,
                    suspected,
                    unflagged,
                    others,
                    example);
        }
    }

    /** The program. */
    public static void main(String[] args) throws Exception {
        int[] numbers = new int[args.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Integer.parseInt(args[i]);
        }
        new SweepSender(numbers[0], numbers[1], numbers[2], Duration.ofMillis(numbers[4])).run(numbers[3]);
    }

    private void run(int rounds) throws Exception {
        try (EchoRequester requester = EchoRequester.newBuilder()
                .provider("linux-datagram")
                .option(LinuxOptions.RECEIVE_BUFFER, ASKED_BUFFER)
                .open()) {
            System.out.println("ready");
            if (System.in.read() < 0) {
                return;
            }
            long all = (long) rounds * requests.size();
            long start = System.nanoTime();
            boolean half = false;
            for (int round = 1; round <= rounds; round++) {
                for (int i = 0; i < requests.size(); i++) {
                    requester.sendAsync(requests.get(i), listeners.get(i));
                }
                while (done() < (long) round * requests.size()) {
                    if (!half && done() >= all / 2) {
                        half = true;
                        System.out.println("half");
                    }
                    if (System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS)) {
                        System.out.println("stuck at " + done() + " of " + all + ", " + requester.statistics());
                        return;
                    }
                    Thread.sleep(1);
                }
            }
            print(requester.statistics(), System.nanoTime() - start);
        }
    }

    private long done() {
        return live.total + silent.total;
    }

    private void print(EchoStatistics statistics, long nanos) throws Exception {
        var buffers = PingSockets.receiveBuffers();
        System.out.printf(
                Locale.ROOT,
                "result seconds=%.3f sent=%d dropped=%d sockets=%d buffer_least=%d buffer_most=%d %s %s%n",
                nanos / 1e9,
                statistics.sent(),
                statistics.droppedLocally().orElse(-1),
                buffers.values().stream().mapToInt(Integer::intValue).sum(),
                buffers.firstKey(),
                buffers.lastKey(),
                live.print("live"),
                silent.print("silent"));
    }
}
