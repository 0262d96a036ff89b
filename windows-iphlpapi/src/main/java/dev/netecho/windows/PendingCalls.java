// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.spi.PendingEcho;
import dev.netecho.windows.win32.CallableRoutine;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything the system may still write to, by number. Nothing leaves before its call has failed, or its completion has
 * run and the worker has settled it, in the order of completion. Only the worker thread uses it, except
 * {@link #forEach}.
 */
final class PendingCalls {
    private final Consumer<Throwable> defects;

    /** Concurrent for the closing thread, which ends all callers even while this thread is held up. */
    private final Map<Integer, PendingCall> held = new ConcurrentHashMap<>();

    /** Held until {@link #close}: the system may call it. */
    private final CallableRoutine apcRoutine;

    private @Nullable PendingCall arrivedFirst;
    private @Nullable PendingCall arrivedLast;
    private int lastNumber;
    private int writtenOff;

    /** {@code defects} gets what the routine throws, and must not throw itself. */
    PendingCalls(WindowsSystem system, Consumer<Throwable> defects) {
        this.defects = defects;
        this.apcRoutine = system.callable().apply(this::completed);
    }

    /** {@return what the system is to call at the end of each request, with its number} */
    long apcAddress() {
        return apcRoutine.address();
    }

    /** Lets go of the routine: no request can come any more, and the system holds none. */
    void close() {
        apcRoutine.release().run();
    }

    /** {@return how many have a place with the system: all but those that were {@linkplain #writeOff written off}} */
    int size() {
        return held.size() - writtenOff;
    }

    /** {@return whether the system holds nothing and nothing waits to be settled} */
    boolean isEmpty() {
        return held.isEmpty();
    }

    /** Visits everything that is here for the whole call; from any thread. */
    void forEach(Consumer<PendingCall> action) {
        held.values().forEach(action);
    }

    /**
     * Gives back the places of those whose completions are overdue: a completion is lost if the JVM has no memory to
     * deliver it. Their memory stays the system's.
     *
     * @param most how many may be written off
     */
    void writeOff(long nowNanos, int most) {
        for (PendingCall echo : held.values()) {
            if (writtenOff < most && !echo.arrived && !echo.writtenOff && echo.overdueNanos - nowNanos <= 0) {
                echo.writtenOff = true;
                writtenOff++;
            }
        }
    }

    /** Takes over the memory. Call it before the system, which owns the memory from then on. */
    PendingCall add(PendingEcho pending, IcmpHandle handle, RequestMemory memory, long token) {
        int number = nextNumber();
        try {
            PendingCall echo = new PendingCall(number, pending, handle, memory, token);
            held.put(number, echo);
            return echo;
        } catch (Error e) { // of memory; a map that cannot grow may hold the entry nevertheless
            held.remove(number);
            memory.free();
            throw e;
        }
    }

    /** Forgets a request that is settled, or that gets no completion. */
    void remove(PendingCall echo) {
        if (held.remove(echo.number) != null && echo.writtenOff) {
            writtenOff--;
        }
    }

    /** {@return whether a completion waits to be settled} */
    boolean hasArrived() {
        return arrivedFirst != null;
    }

    /** {@return the completion that has waited longest, and takes it out; null if there is none} */
    @Nullable
    PendingCall takeArrived() {
        PendingCall echo = arrivedFirst;
        if (echo != null) {
            arrivedFirst = echo.nextArrived;
            if (arrivedFirst == null) {
                arrivedLast = null;
            }
        }
        return echo;
    }

    /** Runs inside an alertable wait of this thread: stores what is valid only now, and does nothing else. */
    private void completed(long apcContext, int ntStatus, long information) {
        try {
            long now = System.nanoTime();
            PendingCall echo = held.get((int) apcContext);
            if (echo == null || echo.arrived) {
                // A completion that no request waits for: its memory was freed, so nothing may be touched.
                return;
            }
            echo.arrived = true;
            echo.completedNanos = now;
            echo.ntStatus = ntStatus;
            echo.information = information;
            if (arrivedLast == null) {
                arrivedFirst = echo;
            } else {
                arrivedLast.nextArrived = echo;
            }
            arrivedLast = echo;
        } catch (RuntimeException | Error e) {
            // An exception must not travel through the system's frames.
            defects.accept(e);
        }
    }

    /** Never 0, and 32 bits so that it fits a pointer of either width; unique among what is held. */
    private int nextNumber() {
        do {
            lastNumber = lastNumber == Integer.MAX_VALUE ? 1 : lastNumber + 1;
        } while (held.containsKey(lastNumber));
        return lastNumber;
    }
}
