// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.EchoRequester;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.Icmp;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The process whose echoes per second are measured, with and without ICMP sockets beside it that nobody reads.
 *
 * <p>The sockets are of this process; the kernel does not ask who has opened one. Arguments: seconds per turn, pairs of
 * turns, sockets, whether they are raw ones. Prints a line of both rates for each pair.
 */
final class ForeignSocketTurns {
    private ForeignSocketTurns() {}

    /** The program. */
    public static void main(String[] args) throws Exception {
        double seconds = Double.parseDouble(args[0]);
        int pairs = Integer.parseInt(args[1]);
        int sockets = Integer.parseInt(args[2]);
        int type = Boolean.parseBoolean(args[3]) ? Socket.SOCK_RAW : Socket.SOCK_DGRAM;
        try (EchoRequester requester =
                EchoRequester.newBuilder().provider("linux-datagram").open()) {
            ClosedLoop.rate(requester, Math.max(1, seconds));
            for (int pair = 0; pair < pairs; pair++) {
                boolean crowdedFirst = pair % 2 == 1;
                double first = rate(requester, seconds, type, crowdedFirst ? sockets : 0);
                double second = rate(requester, seconds, type, crowdedFirst ? 0 : sockets);
                System.out.printf(
                        Locale.ROOT,
                        "pair crowded=%.1f alone=%.1f%n",
                        crowdedFirst ? first : second,
                        crowdedFirst ? second : first);
            }
            System.out.println("end");
        }
    }

    private static double rate(EchoRequester requester, double seconds, int type, int sockets) throws Exception {
        List<Integer> opened = new ArrayList<>();
        try {
            for (int i = 0; i < sockets; i++) {
                int fd = LibC.socket(Socket.AF_INET, type | Socket.SOCK_CLOEXEC, Icmp.IPPROTO_ICMP);
                if (fd < 0) {
                    throw new IllegalStateException(
                            "ICMP socket " + i + " of " + sockets + ": " + Errno.describe(LibC.errno()));
                }
                opened.add(fd);
            }
            return ClosedLoop.rate(requester, seconds);
        } finally {
            opened.forEach(LibC::close);
        }
    }
}
