// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;

/**
 * Logs what listeners and their executor throw, at most once a minute: a listener that always throws must not fill the
 * disk.
 */
final class ListenerFailures {
    private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String requester;
    private final LongSupplier nanoTime;
    private final AtomicLong nextNanos;
    private final AtomicLong unreported = new AtomicLong();

    ListenerFailures(String requester) {
        this(requester, System::nanoTime);
    }

    ListenerFailures(String requester, LongSupplier nanoTime) {
        this.requester = requester;
        this.nanoTime = nanoTime;
        this.nextNanos = new AtomicLong(nanoTime.getAsLong());
    }

    /** Never throws: if the log cannot be written, as for lack of memory, the next report counts this one too. */
    void report(Throwable thrown) {
        try {
            log(thrown);
        } catch (Throwable t) {
            unreported.incrementAndGet();
        }
    }

    private void log(Throwable thrown) {
        unreported.incrementAndGet();
        long now = nanoTime.getAsLong();
        long due = nextNanos.get();
        if (now - due >= 0 && nextNanos.compareAndSet(due, now + INTERVAL_NANOS)) {
            LoggerFactory.getLogger(ListenerFailures.class)
                    .warn(
                            "{}: {} listener calls threw; this is the latest (logged at most once a minute)",
                            requester,
                            unreported.getAndSet(0),
                            thrown);
        }
    }
}
