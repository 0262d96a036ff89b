// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A counter that the engine's thread increments nearly alone, without an atomic operation. The first thread that counts
 * is taken for that thread; all others share an {@link AtomicLong}. Thread-safe. Counting allocates nothing, so no lack
 * of memory can lose a count.
 */
final class Tally {
    private static final VarHandle OWNER;
    private static final VarHandle OWN;

    static {
        try {
            OWNER = MethodHandles.lookup().findVarHandle(Tally.class, "owner", Thread.class);
            OWN = MethodHandles.lookup().findVarHandle(Tally.class, "own", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final AtomicLong others = new AtomicLong();

    @SuppressWarnings("UnusedVariable") // set through OWNER
    private volatile @Nullable Thread owner;

    /** Written by the owner only; read by others through OWN, which never sees half of it. */
    private long own;

    @SuppressWarnings("ReferenceEquality") // a thread is itself and no other
    void increment() {
        Thread current = Thread.currentThread();
        Thread known = owner;
        if (known == current || (known == null && OWNER.compareAndSet(this, (Thread) null, current))) {
            // A reader that sees an outcome counted sees its sending counted.
            OWN.setRelease(this, own + 1);
        } else {
            others.getAndIncrement();
        }
    }

    long sum() {
        return (long) OWN.getAcquire(this) + others.get();
    }
}
