// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoCapability;
import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.linux.lane.CloseWait;
import dev.netecho.linux.lane.LaneEngine;
import dev.netecho.spi.EchoCompletion;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One requester's engines: all of its own, or a share of one with raw sockets. */
final class LinuxEngine implements EchoEngine {
    /** One for each event loop; a destination is always asked by the same. */
    private final LaneEngine[] lanes;

    private final EchoCounters counters;
    private final boolean shared;
    private final Consumer<CloseWait> release;
    private final Set<EchoCapability> capabilities;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable EchoCompletion requester;

    /** {@code shared} lanes serve others too; {@code release} gives them back and closes them when nobody is left. */
    LinuxEngine(List<LaneEngine> lanes, EchoCounters counters, boolean shared, Consumer<CloseWait> release) {
        this.lanes = lanes.toArray(LaneEngine[]::new);
        this.counters = counters;
        this.shared = shared;
        this.release = release;
        this.capabilities = capabilities(lanes.get(0));
        lanes.forEach(each -> each.add(counters));
    }

    private static Set<EchoCapability> capabilities(LaneEngine engine) {
        Set<IpVersion> versions = engine.versions();
        Set<EchoCapability> all = EnumSet.allOf(EchoCapability.class);
        if (!engine.stampsArrivals()) {
            all.remove(EchoCapability.KERNEL_TIMESTAMPS);
        }
        if (!versions.contains(IpVersion.V4)) {
            all.removeAll(Set.of(
                    EchoCapability.IPV4,
                    EchoCapability.TRAFFIC_CLASS_IPV4,
                    EchoCapability.DONT_FRAGMENT_IPV4,
                    EchoCapability.REPLY_HOP_LIMIT_IPV4));
        }
        if (!versions.contains(IpVersion.V6)) {
            all.removeAll(Set.of(
                    EchoCapability.IPV6,
                    EchoCapability.TRAFFIC_CLASS_IPV6,
                    EchoCapability.DONT_FRAGMENT_IPV6,
                    EchoCapability.REPLY_HOP_LIMIT_IPV6));
        }
        return Set.copyOf(all);
    }

    private LaneEngine engine(PendingEcho pending) {
        if (lanes.length == 1) {
            return lanes[0];
        }
        EchoRequest request = pending.request();
        return lanes[laneOf(request.destinationHigh(), request.destinationLow(), lanes.length)];
    }

    /**
     * Addresses of one network differ in their low bits, those of many in the high ones: the highest bits of a product
     * depend on all (multiplicative hashing, Knuth, The Art of Computer Programming 3, 6.4).
     */
    static int laneOf(long high, long low, int lanes) {
        long product = (31 * high + low) * 0x9E3779B97F4A7C15L;
        return (int) (((product >>> 32) * lanes) >>> 32);
    }

    @Override
    public void submit(PendingEcho pending) {
        if (requester == null) { // a volatile write for every request would cost as much as half of its submission
            requester = pending.completion();
        }
        LaneEngine engine = engine(pending);
        engine.submit(pending);
        if (closed.get()) {
            // It may have come behind the close that was to complete it: sweep once more for it.
            engine.sweep(pending.completion());
        }
    }

    @Override
    public void cancelled(PendingEcho pending) {
        engine(pending).cancelled(pending);
    }

    @Override
    public boolean inEngineThread() {
        for (LaneEngine each : lanes) {
            if (each.inLoop()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Set<EchoCapability> capabilities() {
        return capabilities;
    }

    @Override
    public String shortfall() {
        return lanes[0].shortfall();
    }

    @Override
    public void close() {
        CloseWait wait = new CloseWait();
        if (closed.compareAndSet(false, true) && shared) {
            for (LaneEngine each : lanes) {
                each.leave(requester, counters, wait); // the others go on
            }
        }
        release.accept(wait);
    }
}
