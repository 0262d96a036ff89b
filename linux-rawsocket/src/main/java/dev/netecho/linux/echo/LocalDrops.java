// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.linux.host.HostDiscards;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.spi.Stray;

/** Whether this host has dropped packets of a socket while a request was out (SPEC LOAD-4). */
final class LocalDrops {
    /**
     * How often the counter is read while requests are sent; so drops may be blamed for requests up to this much
     * younger.
     */
    private static final long PERIOD_NANOS = 100_000_000;

    private final IcmpSocket socket;
    private final Outcomes outcomes;

    private final HostDiscards discards;

    private long count;
    private long readAt;
    private long noticedAt;
    private boolean noticed;

    LocalDrops(IcmpSocket socket, HostDiscards discards, Outcomes outcomes, long nowNanos) {
        this.socket = socket;
        this.discards = discards;
        this.outcomes = outcomes;
        this.count = Math.max(0, socket.drops());
        this.readAt = nowNanos;
    }

    /** Before sending: earlier drops are then not blamed for later requests. */
    void noticeBeforeSending(long nowNanos) {
        if (nowNanos - readAt > PERIOD_NANOS) {
            notice(nowNanos);
        }
        discards.notice(socket.version(), nowNanos);
    }

    /** Reads the counter; false if that is impossible, which must not look like "no drops". */
    boolean notice(long nowNanos) {
        readAt = nowNanos;
        long read = socket.drops();
        if (read < 0) {
            return false;
        }
        long more = read - count & 0xffffffffL; // the kernel's counter has 32 bits
        if (more > 0) {
            count = read;
            noticed = true;
            noticedAt = nowNanos;
            outcomes.count(Stray.DROPPED_LOCALLY, more);
        }
        return true;
    }

    /** {@return whether a request that was sent at a time may have been dropped since, or its answer} */
    boolean suspected(EchoRequest request, long sentNanos, long nowNanos) {
        return (noticed && noticedAt - sentNanos >= 0)
                || discards.anySince(socket.version(), sentNanos, nowNanos)
                || (socket.version() == IpVersion.V4
                        && mayComeElsewhere(request)
                        && discards.anyByReversePathSince(sentNanos, nowNanos));
    }

    private boolean mayComeElsewhere(EchoRequest request) {
        return request.source().isPresent()
                || request.options().interfaceName().isPresent()
                || socket.isBoundToInterface();
    }
}
