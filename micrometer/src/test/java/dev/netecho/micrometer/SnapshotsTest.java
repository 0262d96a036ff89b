// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoStatistics;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SnapshotsTest {
    private final FakeRequester requester = new FakeRequester("a");

    /** System.nanoTime() may overflow. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE);

    private final Snapshots snapshots = new Snapshots(now::get);

    @Test
    void allMetersOfAScrapeShareOne() {
        EchoStatistics first = read(0);
        for (int meter = 1; meter < 200; meter++) {
            now.addAndGet(Snapshots.LONGEST_GAP_NANOS); // a slow meter of others
            assertThat(read(meter)).isSameAs(first);
        }
    }

    @Test
    void aMeterThatIsReadAgainBeginsAnew() {
        EchoStatistics first = read(0);
        read(1);
        EchoStatistics second = read(1);
        assertThat(second).isNotSameAs(first);
        assertThat(read(0)).isSameAs(second);
    }

    @Test
    void aPauseBeginsAnew() {
        EchoStatistics first = read(0);
        now.addAndGet(Snapshots.LONGEST_GAP_NANOS + 1);
        assertThat(read(1)).isNotSameAs(first);
    }

    @Test
    void eachThreadHasItsOwn() {
        EchoStatistics first = read(0);
        EchoStatistics elsewhere = CompletableFuture.supplyAsync(() -> read(1)).join();
        assertThat(elsewhere).isNotSameAs(first);
        assertThat(read(1)).isSameAs(first);
    }

    @Test
    void oldOnesAreForgotten() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            Thread thread = new Thread(() -> read(0));
            thread.start();
            thread.join();
        }
        assertThat(snapshots.size()).isEqualTo(20);
        now.addAndGet(Snapshots.LONGEST_GAP_NANOS + 1);
        read(0);
        assertThat(snapshots.size()).isEqualTo(1);
    }

    private EchoStatistics read(int meter) {
        return snapshots.read(requester, meter);
    }
}
