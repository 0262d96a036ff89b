// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.linux.loop.EventLoop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A wait for one engine: five seconds in all, because a listener may hold its loop for ever. */
final class CloseWait {
    private static final Logger LOG = LoggerFactory.getLogger(CloseWait.class);

    private final String name;
    private final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);

    CloseWait(String name) {
        this.name = name;
    }

    /** {@return whether it came in time; an interrupt ends the wait and is kept, and closing goes on without the caller} */
    boolean await(CountDownLatch latch) {
        try {
            if (latch.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return true;
            }
            LOG.warn(
                    "{}: close did not finish in five seconds; something is blocking the loop, a listener perhaps",
                    name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    void awaitThread(EventLoop loop) {
        try {
            long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
            if (!loop.awaitEnd(millis)) {
                LOG.warn("{}: the engine's thread did not end in five seconds", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
