// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs a warning at most once a minute, because its cause may come with every packet (SPEC OUT-7). Never throws: a
 * logging backend may fail or lack memory, and an engine's thread must survive both. Allocates nothing itself.
 * Thread-safe.
 */
public final class RateLimitedLog {
    private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Logger log;
    private final LongSupplier nanoTime;
    private final AtomicLong nextNanos;

    /**
     * Constructs a log that may write at once.
     *
     * @param owner whose name the logger has
     */
    public RateLimitedLog(Class<?> owner) {
        this(LoggerFactory.getLogger(owner.getName()), System::nanoTime);
    }

    RateLimitedLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.nextNanos = new AtomicLong(nanoTime.getAsLong());
    }

    /** {@return whether a warning would be written now: for those whose arguments cost something} */
    public boolean isDue() {
        return nextNanos.get() - nanoTime.getAsLong() <= 0;
    }

    /**
     * Writes a warning, unless one was written within the last minute.
     *
     * @param subject what the warning is about, such as a requester's name
     * @param text the warning
     * @param thrown what is logged with its stack trace, or null
     */
    @SuppressWarnings("Slf4jSignOnlyFormat") // the text is the caller's
    public void warn(String subject, String text, @Nullable Throwable thrown) {
        long now = nanoTime.getAsLong();
        long due = nextNanos.get();
        if (due - now <= 0 && nextNanos.compareAndSet(due, now + INTERVAL_NANOS)) {
            try {
                log.warn("{}: {}", subject, text, thrown);
            } catch (Throwable t) {
                nextNanos.set(now); // nothing was written: the next warning may be
            }
        }
    }
}
