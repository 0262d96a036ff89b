// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What other threads tell the thread that reports a run, in their order. To add an event takes no memory, because a
 * full heap must not lose the end of a run. Thread-safe, for one thread that takes.
 */
final class RunEvents {
    private @Nullable RunEvent first;
    private @Nullable RunEvent last;
    private int size;
    private boolean woken;

    /** Adds an event, which is in no queue and was in none. */
    synchronized void add(RunEvent event) {
        RunEvent before = last;
        if (before == null) {
            first = event;
            notifyAll();
        } else {
            before.next = event;
        }
        last = event;
        size++;
    }

    /** Lets {@link #poll} return, now or when it is called next. */
    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    /** {@return the next event; null if there is none within a time, or if {@link #wake} was called} */
    @Nullable
    RunEvent poll(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        synchronized (this) {
            for (long left = nanos; first == null && !woken && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            woken = false;
            return take();
        }
    }

    /** {@return the next event; null if there is none} */
    synchronized @Nullable RunEvent take() {
        RunEvent event = first;
        if (event != null) {
            first = event.next;
            event.next = null;
            last = first == null ? null : last;
            size--;
        }
        return event;
    }

    synchronized int size() {
        return size;
    }
}
