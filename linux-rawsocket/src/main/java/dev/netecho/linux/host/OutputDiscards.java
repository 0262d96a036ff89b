// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

import dev.netecho.IpVersion;
import dev.netecho.linux.libc.ProcNet;
import dev.netecho.linux.socket.SocketKind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Counts packets that the kernel took from a socket and discarded on their way out without telling the socket. It does
 * so for IPv6 ping sockets (net/ipv6/ping.c, ping_v6_sendmsg, ignores the result) and IPv4 raw sockets without
 * IP_RECVERR (net/ipv4/raw.c turns ENOBUFS into success). Causes are a full queueing discipline, a packet filter that
 * drops, and a full neighbour table. Not thread-safe.
 *
 * <p>The count is OutDiscards of RFC 4293, in proc(5). It is that of the network namespace, so it includes packets of
 * other programs. Without such a file, nothing is known and nothing is suspected.
 */
public final class OutputDiscards implements AutoCloseable {
    /** How often the count is read while requests are sent. */
    private static final long PERIOD_NANOS = 100_000_000;

    /** One read with enough room returns a whole proc file; these have 1 to 4 kB. */
    private static final int ROOM = 8192;

    private static final String IPV6_NAME = "Ip6OutDiscards";
    private static final String IPV4_NAME = "OutDiscards";
    private static final String IPV4_LINE = "Ip: ";

    private final IpVersion version;
    private final byte[] content = new byte[ROOM];
    private @Nullable RandomAccessFile file;
    private boolean closed;
    private long count = -1;
    private long readAt;
    private long roseAt;
    private boolean rose;

    /**
     * Reads the count for the first time, in the calling thread's network namespace.
     *
     * @param kind the kind of the sockets
     * @param nowNanos the time; all times here are {@link System#nanoTime} values
     */
    public OutputDiscards(SocketKind kind, long nowNanos) {
        this.version = kind == SocketKind.DATAGRAM ? IpVersion.V6 : IpVersion.V4;
        try {
            read(nowNanos);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * {@return whether the kernel discards packets of a family without telling the socket}
     *
     * @param of the family
     */
    public boolean concern(IpVersion of) {
        return version == of;
    }

    /**
     * Reads the count if that was not done lately: packets discarded until now are no requests that are sent from now
     * on.
     *
     * @param nowNanos the time
     */
    public void notice(long nowNanos) {
        if (nowNanos - readAt > PERIOD_NANOS) {
            read(nowNanos);
        }
    }

    /**
     * {@return whether any packet was discarded since a time; reads the count if that was not done since}
     *
     * @param sentNanos the time
     * @param nowNanos the time now
     */
    public boolean anySince(long sentNanos, long nowNanos) {
        if (readAt - sentNanos <= 0) {
            read(nowNanos);
        }
        return rose && roseAt - sentNanos >= 0;
    }

    /** {@return whether the count could ever be read} */
    boolean isKnown() {
        return count >= 0;
    }

    private void read(long nowNanos) {
        readAt = nowNanos;
        long now = read();
        if (count >= 0 && now > count) {
            rose = true;
            roseAt = nowNanos;
        }
        if (now >= 0) {
            count = now;
        }
    }

    private long read() {
        try {
            RandomAccessFile open = open();
            if (open == null) {
                return -1;
            }
            open.seek(0);
            int length = Math.max(0, open.read(content));
            return count(new String(content, 0, length, StandardCharsets.ISO_8859_1), version);
        } catch (IOException e) { // no such file, or no descriptor for it, which may pass
            return -1;
        }
    }

    private @Nullable RandomAccessFile open() throws IOException {
        if (file == null && !closed) {
            file = new RandomAccessFile(ProcNet.file(version == IpVersion.V6 ? "snmp6" : "snmp"), "r");
        }
        return file;
    }

    /** {@return the count in the text of snmp6 or snmp; -1 if it is not there} */
    static long count(String text, IpVersion version) {
        return version == IpVersion.V6 ? ipv6Count(text) : ipv4Count(text);
    }

    /** A name and a number in each line. */
    private static long ipv6Count(String text) {
        for (String line : text.lines().toList()) {
            if (line.startsWith(IPV6_NAME)) {
                return number(line.substring(IPV6_NAME.length()));
            }
        }
        return -1;
    }

    /** A line of names, and the line of their numbers. */
    private static long ipv4Count(String text) {
        String[] names = null;
        for (String line : text.lines().toList()) {
            if (line.startsWith(IPV4_LINE)) {
                String[] words = line.split(" ", -1);
                for (int i = 0; names != null && i < Math.min(names.length, words.length); i++) {
                    if (names[i].equals(IPV4_NAME)) {
                        return number(words[i]);
                    }
                }
                names = words;
            }
        }
        return -1;
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text.trim());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public void close() {
        closed = true;
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                return; // the file was only read, and the descriptor is gone anyway
            }
        }
    }
}
