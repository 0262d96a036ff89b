// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The first moment of a wait in {@code send}: lets other threads run before this one sleeps.
 *
 * <p>To put a thread to sleep and to wake it costs more than an echo. Where many threads wait in {@code send} and the
 * network is quick, the outcome is there by the time that the others have had their turn, and both are saved. Where
 * nobody else wants the processor, nothing is to be gained by it: the wait ends at once.
 */
final class YieldingWait {
    /** With 200 threads on two processors 5 brought less and 50 no more (measured on loopback). */
    static final int MAX_YIELDS = 16;

    /**
     * A yield that comes back sooner is taken for one that found nobody to run. Chosen by measurement between 600 and
     * 2,000 ns, which gave the same rate. Where it is wrong, the thread only sleeps sooner or later.
     */
    private static final long VAIN_NANOS = 2_000;

    /** {@code Thread.isVirtual()}, which Java 17 does not have. */
    private static final @Nullable MethodHandle IS_VIRTUAL = findIsVirtual();

    private YieldingWait() {}

    /**
     * Yields a bounded number of times; without effect on a virtual thread, which sleeps cheaply: ten yields cost
     * 10,000 of them a third of their rate.
     *
     * @param over whether there is nothing left to wait for
     */
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on the scheduler: whoever called goes to sleep afterwards
    static void untilOver(BooleanSupplier over) {
        if (isVirtual(Thread.currentThread())) {
            return;
        }
        long before = System.nanoTime();
        for (int i = 0; i < MAX_YIELDS && !over.getAsBoolean(); i++) {
            Thread.yield();
            long after = System.nanoTime();
            if (after - before < VAIN_NANOS) {
                return;
            }
            before = after;
        }
    }

    private static boolean isVirtual(Thread thread) {
        try {
            return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(thread);
        } catch (Throwable t) {
            throw new AssertionError("Thread.isVirtual() throws nothing", t);
        }
    }

    private static @Nullable MethodHandle findIsVirtual() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException e) {
            return null; // older than Java 21
        }
    }
}
