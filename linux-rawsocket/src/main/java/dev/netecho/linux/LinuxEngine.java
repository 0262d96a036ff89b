// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoCapability;
import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.linux.echo.CloseWait;
import dev.netecho.linux.echo.EchoLoop;
import dev.netecho.linux.echo.EchoLoops;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The engine of one requester: loops of its own, or a share of one with raw sockets. */
final class LinuxEngine implements EchoEngine {
    /** One for each event loop; a destination always has the same. */
    private final EchoLoop[] loops;

    private final EchoCounters counters;
    private final boolean shared;
    private final Consumer<CloseWait> release;
    private final Set<EchoCapability> capabilities;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** {@code shared} loops serve others too; {@code release} gives them back and closes them after the last one. */
    LinuxEngine(List<EchoLoop> loops, EchoCounters counters, boolean shared, Consumer<CloseWait> release) {
        this.loops = loops.toArray(new EchoLoop[0]);
        this.counters = counters;
        this.shared = shared;
        this.release = release;
        this.capabilities = capabilities(loops.get(0));
        for (EchoLoop loop : loops) {
            loop.add(counters);
        }
    }

    private static Set<EchoCapability> capabilities(EchoLoop loop) {
        Set<IpVersion> versions = loop.versions();
        Set<EchoCapability> all = EnumSet.allOf(EchoCapability.class);
        if (!loop.stampsArrivals()) {
            all.remove(EchoCapability.KERNEL_TIMESTAMPS);
        }
        if (!loop.marks()) {
            all.remove(EchoCapability.MARK);
        }
        if (!loop.tellsExtensions()) {
            all.remove(EchoCapability.ERROR_EXTENSIONS);
        }
        if (!versions.contains(IpVersion.V4)) {
            all.removeAll(Set.of(
                    EchoCapability.IPV4,
                    EchoCapability.HOP_LIMIT_IPV4,
                    EchoCapability.TRAFFIC_CLASS_IPV4,
                    EchoCapability.DONT_FRAGMENT_IPV4,
                    EchoCapability.REPLY_HOP_LIMIT_IPV4));
        }
        if (!versions.contains(IpVersion.V6)) {
            all.removeAll(Set.of(
                    EchoCapability.IPV6,
                    EchoCapability.HOP_LIMIT_IPV6,
                    EchoCapability.TRAFFIC_CLASS_IPV6,
                    EchoCapability.DONT_FRAGMENT_IPV6,
                    EchoCapability.REPLY_HOP_LIMIT_IPV6));
        }
        if (!loop.obeysIpv6Options()) {
            all.removeAll(Set.of(EchoCapability.HOP_LIMIT_IPV6, EchoCapability.TRAFFIC_CLASS_IPV6));
        }
        return Set.copyOf(all);
    }

    private EchoLoop loopOf(PendingEcho pending) {
        if (loops.length == 1) {
            return loops[0];
        }
        EchoRequest request = pending.request();
        return loops[loopOf(request.destinationHigh(), request.destinationLow(), loops.length)];
    }

    /**
     * Addresses of one network differ in their low bits, those of many in the high ones: the highest bits of a product
     * depend on all (multiplicative hashing, Knuth, The Art of Computer Programming 3, 6.4).
     */
    static int loopOf(long high, long low, int loops) {
        long product = (31 * high + low) * 0x9E3779B97F4A7C15L;
        return (int) (((product >>> 32) * loops) >>> 32);
    }

    @Override
    public void submit(PendingEcho pending) {
        EchoLoop loop = loopOf(pending);
        loop.submit(pending);
        // It may have come after the close that should complete it. Only this one: to take out the others as well, and
        // be held by a listener of theirs, would keep them from the close.
        if (closed.get() && pending.complete(CLOSED)) {
            loop.cancelled(pending);
        }
    }

    @Override
    public void cancelled(PendingEcho pending) {
        loopOf(pending).cancelled(pending);
    }

    @Override
    public void letGoOfCancelled() {
        for (EchoLoop each : loops) {
            each.letGoOfCancelled();
        }
    }

    @Override
    public boolean inEngineThread() {
        for (EchoLoop each : loops) {
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
        return loops[0].shortfall();
    }

    @Override
    public void close() {
        CloseWait wait = new CloseWait();
        if (closed.compareAndSet(false, true) && shared) {
            for (EchoLoop each : loops) {
                EchoLoops.leave(each, counters, wait); // the other requesters stay
            }
        }
        release.accept(wait);
    }
}
