// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

import dev.netecho.IpVersion;
import dev.netecho.linux.socket.SocketKind;

/**
 * Counts packets that the IP layer discards without telling the socket. Not thread-safe.
 *
 * <p>On their way out it does so for IPv6 ping sockets (net/ipv6/ping.c, ping_v6_sendmsg, ignores the result) and IPv4
 * raw sockets without IP_RECVERR (net/ipv4/raw.c turns ENOBUFS into success). Causes are a full queueing discipline, a
 * packet filter that drops, and a full neighbour table. The count is OutDiscards of RFC 4293.
 *
 * <p>Received, it discards the fragments of an answer if it has no memory for them. The count is what could not be
 * reassembled (ReasmFails) except where a fragment never came (ReasmTimeout).
 */
final class IpDiscards extends ProcCount {
    private final IpVersion version;
    private final boolean countsOutput;

    /**
     * Reads the count for the first time, in the calling thread's network namespace.
     *
     * @param version the family
     * @param kind the kind of the sockets
     * @param nowNanos the time; all times here are {@link System#nanoTime} values
     */
    IpDiscards(IpVersion version, SocketKind kind, long nowNanos) {
        super(version == IpVersion.V6 ? "snmp6" : "snmp");
        this.version = version;
        this.countsOutput = version == (kind == SocketKind.DATAGRAM ? IpVersion.V6 : IpVersion.V4);
        begin(nowNanos);
    }

    @Override
    long count(String text) {
        return count(text, version, countsOutput);
    }

    /** {@return the count in the text of snmp6 or snmp; -1 if it is not there} */
    static long count(String text, IpVersion version, boolean countsOutput) {
        long fails = value(text, version, "ReasmFails");
        long timeouts = value(text, version, "ReasmTimeout");
        long lost = fails < 0 || timeouts < 0 ? -1 : Math.max(0, fails - timeouts);
        long discarded = countsOutput ? value(text, version, "OutDiscards") : -1;
        return lost < 0 ? discarded : lost + Math.max(0, discarded);
    }

    private static long value(String text, IpVersion version, String name) {
        return version == IpVersion.V6 ? inList(text, "Ip6" + name) : inTable(text, "Ip: ", name);
    }
}
