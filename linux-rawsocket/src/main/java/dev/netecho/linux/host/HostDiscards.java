// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

import dev.netecho.IpVersion;
import dev.netecho.linux.socket.SocketKind;
import java.util.ArrayList;
import java.util.List;

/** Packets that the kernel discards without telling their sockets, as far as proc(5) counts them. Not thread-safe. */
public final class HostDiscards implements AutoCloseable {
    private final List<ProcCount> all = new ArrayList<>();
    private final ProcCount[] ofIpv4;
    private final ProcCount[] ofIpv6;
    private final ProcCount reversePath;

    /**
     * Reads the counts for the first time, in the calling thread's network namespace.
     *
     * @param kind the kind of the sockets
     * @param nowNanos the time; all times here are {@link System#nanoTime} values
     */
    public HostDiscards(SocketKind kind, long nowNanos) {
        try {
            reversePath = add(new ReversePathDiscards(nowNanos));
            IpsecDiscards ipsec = add(new IpsecDiscards(nowNanos));
            ofIpv4 = new ProcCount[] {
                add(new IpDiscards(IpVersion.V4, kind, nowNanos)),
                add(new NeighbourDiscards(IpVersion.V4, nowNanos)),
                ipsec
            };
            ofIpv6 = new ProcCount[] {
                add(new IpDiscards(IpVersion.V6, kind, nowNanos)),
                add(new NeighbourDiscards(IpVersion.V6, nowNanos)),
                ipsec
            };
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private <T extends ProcCount> T add(T count) {
        try {
            all.add(count);
        } catch (OutOfMemoryError e) {
            count.close();
            throw e;
        }
        return count;
    }

    /**
     * Before sending: what was discarded until now is not blamed for later requests.
     *
     * @param version the family of the packets
     * @param nowNanos the time
     */
    public void notice(IpVersion version, long nowNanos) {
        for (ProcCount count : of(version)) {
            count.notice(nowNanos);
        }
        if (version == IpVersion.V4) {
            reversePath.notice(nowNanos);
        }
    }

    /**
     * {@return whether any packet was discarded since a time}
     *
     * @param version the family of the packets
     * @param sentNanos the time
     * @param nowNanos the time now
     */
    public boolean anySince(IpVersion version, long sentNanos, long nowNanos) {
        for (ProcCount count : of(version)) {
            if (count.anySince(sentNanos, nowNanos)) {
                return true;
            }
        }
        return false;
    }

    /**
     * {@return whether the reverse path filter discarded any packet since a time} On a host with two interfaces in one
     * local network it does so all the time, so ask for requests only whose answers may come by another interface.
     *
     * @param sentNanos the time
     * @param nowNanos the time now
     */
    public boolean anyByReversePathSince(long sentNanos, long nowNanos) {
        return reversePath.anySince(sentNanos, nowNanos);
    }

    private ProcCount[] of(IpVersion version) {
        return version == IpVersion.V4 ? ofIpv4 : ofIpv6;
    }

    @Override
    public void close() {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).close();
        }
    }
}
