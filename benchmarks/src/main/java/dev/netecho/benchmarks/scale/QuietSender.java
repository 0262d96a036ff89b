// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.TimestampSource;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The process whose round-trip times are compared: one echo at a time and a pause after each.
 *
 * <p>Arguments: the address, how many echoes a turn has, the pause in milliseconds. Warms up, prints "ready"; for every
 * line it reads it makes a turn and prints "turn" with the times in nanoseconds.
 */
final class QuietSender {
    private static final int WARM_UP = 5_000;

    private QuietSender() {}

    /** The program. */
    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[1]);
        long pauseNanos = (long) (Double.parseDouble(args[2]) * 1e6);
        EchoRequest request = EchoRequest.to(InetAddress.getByName(args[0]));
        try (EchoRequester requester =
                        EchoRequester.newBuilder().provider("linux-datagram").open();
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (int i = 0; i < WARM_UP; i++) {
                requester.send(request);
            }
            System.out.println("ready");
            while (in.readLine() != null) {
                StringBuilder times = new StringBuilder("turn");
                for (int i = 0; i < count; i++) {
                    times.append(' ').append(nanos(requester.send(request)));
                    TimeUnit.NANOSECONDS.sleep(pauseNanos);
                }
                System.out.println(times);
            }
        }
    }

    private static long nanos(EchoOutcome outcome) {
        if (outcome instanceof EchoOutcome.Reply reply && reply.timestampSource() == TimestampSource.KERNEL) {
            return reply.roundTripTime().toNanos();
        }
        throw new IllegalStateException("expected a reply with a kernel time stamp, but got " + outcome);
    }
}
