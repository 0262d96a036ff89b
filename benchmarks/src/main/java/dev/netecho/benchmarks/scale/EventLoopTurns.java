// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.EchoRequester;
import dev.netecho.linux.LinuxOptions;
import java.util.Locale;

/**
 * The process whose echoes per second are measured, with one event loop and with several: every one of many loopback
 * addresses has one request in flight, which its outcome sends again on the loop that the address belongs to.
 *
 * <p>Arguments: seconds per turn, pairs of turns, event loops. Prints a line of both rates for each pair.
 */
final class EventLoopTurns {
    private EventLoopTurns() {}

    /** The program. */
    public static void main(String[] args) throws Exception {
        double seconds = Double.parseDouble(args[0]);
        int pairs = Integer.parseInt(args[1]);
        int loops = Integer.parseInt(args[2]);
        try (EchoRequester one = open(1);
                EchoRequester several = open(loops)) {
            ClosedLoop.rate(one, Math.max(1, seconds));
            ClosedLoop.rate(several, Math.max(1, seconds));
            for (int pair = 0; pair < pairs; pair++) {
                boolean first = pair % 2 == 0;
                double before = ClosedLoop.rate(first ? one : several, seconds);
                double after = ClosedLoop.rate(first ? several : one, seconds);
                System.out.printf(
                        Locale.ROOT, "pair one=%.1f several=%.1f%n", first ? before : after, first ? after : before);
            }
            System.out.println("end");
        }
    }

    private static EchoRequester open(int loops) throws Exception {
        return EchoRequester.newBuilder()
                .provider("linux-datagram")
                .option(LinuxOptions.EVENT_LOOPS, loops)
                .open();
    }
}
