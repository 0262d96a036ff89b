// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.micrometer;

import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One snapshot of a requester's statistics for all meters of one scrape, so that its numbers add up. Thread-safe.
 *
 * <p>Micrometer does not say when a scrape begins, but it reads each meter once in a scrape, on one thread. So a thread
 * keeps its snapshot until it reads a meter for the second time, or has read none for {@link #LONGEST_GAP_NANOS}. A
 * scrape on another thread has a snapshot of its own.
 */
final class Snapshots {
    /** A scrape may read slow meters of others between two of ours; two scrapes are further apart. */
    static final long LONGEST_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LongSupplier nanoTime;

    /** By the number of the thread. Old ones are removed with each new one, so no thread is kept. */
    private final Map<Long, Snapshot> current = new HashMap<>();

    Snapshots(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * {@return the statistics to take a value from}
     *
     * @param meter the number of the meter that is read, 0 or more
     */
    synchronized EchoStatistics read(EchoRequester requester, int meter) {
        long now = nanoTime.getAsLong();
        Long thread = Thread.currentThread().getId();
        Snapshot snapshot = current.get(thread);
        if (snapshot == null || snapshot.isOld(now) || snapshot.read.get(meter)) {
            current.values().removeIf(each -> each.isOld(now));
            snapshot = new Snapshot(requester.statistics());
            current.put(thread, snapshot);
        }
        snapshot.read.set(meter);
        snapshot.lastRead = now;
        return snapshot.statistics;
    }

    /** {@return how many threads have one} */
    synchronized int size() {
        return current.size();
    }

    private static final class Snapshot {
        private final EchoStatistics statistics;
        private final BitSet read = new BitSet();
        private long lastRead;

        Snapshot(EchoStatistics statistics) {
            this.statistics = statistics;
        }

        boolean isOld(long now) {
            return now - lastRead > LONGEST_GAP_NANOS;
        }
    }
}
