// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.benchmarks.ProcessCost;
import dev.netecho.linux.netty.NettyOptions;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/**
 * The process that measures a requester on its own event loop, and one on a lent loop of Netty.
 *
 * <p>Arguments: the provider, seconds per turn, pairs of turns, echoes of a quiet turn, time-outs of a turn. Prints a
 * line with the values of both for each pair: echoes per second; microseconds of processor time per echo; median
 * microseconds of a {@code send} that is alone; median microseconds by which a time-out is late.
 */
final class LentLoopTurns {
    private static final Path IGNORE = Path.of("/proc/sys/net/ipv4/icmp_echo_ignore_all");
    private static final long PAUSE_MILLIS = 5;
    private static final double WARM_UP_SECONDS = 4;

    /** No multiple of a millisecond: a loop that waits whole milliseconds is late. */
    private static final Duration TIMEOUT = Duration.ofNanos(3_300_000);

    private final InetAddress address = BenchAddress.loopback(0);
    private final double seconds;
    private final int echoes;
    private final int timeOuts;

    private LentLoopTurns(double seconds, int echoes, int timeOuts) throws IOException {
        this.seconds = seconds;
        this.echoes = echoes;
        this.timeOuts = timeOuts;
    }

    /** The program. */
    public static void main(String[] args) throws Exception {
        LentLoopTurns turns =
                new LentLoopTurns(Double.parseDouble(args[1]), Integer.parseInt(args[3]), Integer.parseInt(args[4]));
        int pairs = Integer.parseInt(args[2]);
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("lent", true), EpollIoHandler.newFactory());
        try (EchoRequester own = EchoRequester.newBuilder().provider(args[0]).open();
                EchoRequester lent = EchoRequester.newBuilder()
                        .provider(args[0])
                        .option(NettyOptions.EVENT_LOOP_GROUP, group)
                        .open()) {
            ClosedLoop.rate(own, WARM_UP_SECONDS);
            ClosedLoop.rate(lent, WARM_UP_SECONDS);
            for (int pair = 0; pair < pairs; pair++) {
                boolean ownFirst = pair % 2 == 0;
                String first = turns.turn(ownFirst ? own : lent, ownFirst ? "own" : "lent");
                String second = turns.turn(ownFirst ? lent : own, ownFirst ? "lent" : "own");
                System.out.println("pair" + first + second);
            }
            System.out.println("end");
        }
    }

    private String turn(EchoRequester requester, String name) throws Exception {
        long cpu = ProcessCost.before().cpuNanos();
        double rate = ClosedLoop.rate(requester, seconds);
        double cpuMicros = (ProcessCost.after().cpuNanos() - cpu) / 1e3 / (rate * seconds);
        return String.format(
                Locale.ROOT,
                " %s_rate=%.1f %s_cpu=%.4f %s_quiet=%.2f %s_late=%.1f",
                name,
                rate,
                name,
                cpuMicros,
                name,
                quiet(requester),
                name,
                late(requester));
    }

    private double quiet(EchoRequester requester) throws InterruptedException {
        EchoRequest request = EchoRequest.to(address);
        double[] micros = new double[echoes];
        for (int i = 0; i < echoes; i++) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            long start = System.nanoTime();
            EchoOutcome outcome = requester.send(request);
            micros[i] = (System.nanoTime() - start) / 1e3;
            if (!outcome.isReply()) {
                throw new IllegalStateException("loopback is not answered: " + outcome);
            }
        }
        return median(micros);
    }

    private double late(EchoRequester requester) throws Exception {
        EchoRequest request = EchoRequest.newBuilder(address).timeout(TIMEOUT).build();
        double[] micros = new double[timeOuts];
        Files.writeString(IGNORE, "1");
        try {
            for (int i = 0; i < timeOuts; i++) {
                if (!(requester.send(request) instanceof EchoOutcome.TimedOut timedOut)) {
                    throw new IllegalStateException("loopback answers though it was told not to");
                }
                micros[i] = timedOut.waited().minus(TIMEOUT).toNanos() / 1e3;
            }
        } finally {
            Files.writeString(IGNORE, "0");
        }
        return median(micros);
    }

    private static double median(double[] values) {
        return DoubleStream.of(values)
                .sorted()
                .skip(values.length / 2)
                .findFirst()
                .orElseThrow();
    }
}
