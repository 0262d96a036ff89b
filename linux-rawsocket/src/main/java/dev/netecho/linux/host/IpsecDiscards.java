// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

/**
 * Counts packets that IPsec discards, on their way out and in: no security association, say, or an answer in the clear
 * where a policy wants none. No socket is told (Linux, Documentation/networking/xfrm_proc.rst). Not thread-safe.
 */
final class IpsecDiscards extends ProcCount {
    private static final String OUT = "XfrmOut";
    private static final String IN = "XfrmIn";

    /**
     * Reads the count for the first time, in the calling thread's network namespace.
     *
     * @param nowNanos the time; all times here are {@link System#nanoTime} values
     */
    IpsecDiscards(long nowNanos) {
        super("xfrm_stat");
        begin(nowNanos);
    }

    /** A name and a number in each line. The others count what is forwarded, and what never was a packet. */
    @Override
    long count(String text) {
        long sum = -1;
        for (String line : text.lines().toList()) {
            if (line.startsWith(OUT) || line.startsWith(IN)) {
                long number = number(line.substring(line.indexOf('\t') + 1));
                sum = Math.max(0, sum) + Math.max(0, number);
            }
        }
        return sum;
    }
}
