// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

import dev.netecho.linux.libc.Rtnetlink;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The links that are up without a carrier: the cable is out, say. Their routes stay, and the kernel drops what is sent
 * by them without telling the socket (noop_qdisc in net/sched/sch_generic.c). Not thread-safe.
 */
final class Carriers {
    /** A link that came back that long ago is forgotten, once there are many. */
    private static final long KEPT_NANOS = 3_600_000_000_000L;

    private static final int MANY = 64;

    /** Enough for some thousand links. */
    private static final int MOST_READS = 1024;

    /** Of a link that has none now. */
    private static final long NOW = Long.MAX_VALUE;

    /** By the index of the link: when its carrier was there again. */
    private final Map<Integer, Long> lacked = new HashMap<>();

    /** If the system refuses, it is asked again as often. */
    private static final long ASK_NANOS = 1_000_000_000;

    private boolean known;
    private boolean asked;
    private long askedAt;

    /** Reports were lost, so that what was learnt is not complete. */
    void forget() {
        known = false;
    }

    /** Takes in a message about a link, which an answer or a report of a change begins with. */
    void see(ByteBuffer buffer, int at, long now) {
        if (!Rtnetlink.isLink(buffer, at)) {
            return;
        }
        int index = Rtnetlink.linkIndex(buffer, at);
        if (Rtnetlink.lacksCarrier(buffer, at)) {
            lacked.put(index, NOW);
        } else {
            lacked.computeIfPresent(index, (key, since) -> since == NOW ? Long.valueOf(now) : since);
            if (lacked.size() > MANY) {
                lacked.values().removeIf(since -> since != NOW && now - since > KEPT_NANOS);
            }
        }
    }

    /** Asks for all links, unless that was done. */
    void learn(long now) {
        if (known || (asked && now - askedAt < ASK_NANOS)) {
            return;
        }
        asked = true;
        askedAt = now;
        // The answer names again what lacks its carrier still.
        lacked.replaceAll((index, since) -> since == NOW ? Long.valueOf(now) : since);
        int end = Dump.read(Rtnetlink.NETLINK_ROUTE, MOST_READS, Rtnetlink::putLinksQuestion, (buffer, at) -> {
            see(buffer, at, now);
            return true;
        });
        known = end == Dump.WHOLE;
    }

    /** {@return whether any link may have been up without a carrier at any time since the one given} */
    boolean anyLackedSince(long time) {
        for (long since : lacked.values()) {
            if (since == NOW || since - time >= 0) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether a link may have been up without a carrier at any time since the one given} */
    boolean lackedSince(int index, long time) {
        Long since = lacked.get(index);
        return since != null && (since == NOW || since - time >= 0);
    }
}
