// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

/**
 * Counts IPv4 packets that the reverse path filter discards: they came by an interface by which this host would not
 * send to their source (Linux, Documentation/networking/ip-sysctl.rst, rp_filter). No socket is told. Not thread-safe.
 */
final class ReversePathDiscards extends ProcCount {
    /**
     * Reads the count for the first time, in the calling thread's network namespace.
     *
     * @param nowNanos the time; all times here are {@link System#nanoTime} values
     */
    ReversePathDiscards(long nowNanos) {
        super("netstat");
        begin(nowNanos);
    }

    @Override
    long count(String text) {
        return inTable(text, "TcpExt: ", "IPReversePathFilter");
    }
}
