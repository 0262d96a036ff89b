// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import com.sun.jna.Pointer;
import dev.netecho.spi.PendingEcho;
import dev.netecho.windows.win32.ApcRoutine;
import dev.netecho.windows.win32.IoStatusBlock;
import dev.netecho.windows.win32.PointerWidth;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything the system may still write to, by number: nothing leaves before its completion has run and the worker has
 * settled it, in the order of completion, or its call has failed. Only the worker thread uses it, but for
 * {@link #forEach}.
 */
final class Outstanding {
    private final PointerWidth width;
    private final Consumer<Throwable> defects;

    /** Concurrent for the thread that closes: it ends all callers, also while this one is held up. */
    private final Map<Integer, InFlight> held = new ConcurrentHashMap<>();

    /** Held here as long as the thread runs: JNA holds callbacks weakly. */
    private final ApcRoutine apcRoutine = this::completed;

    private final Pointer apcAddress;
    private @Nullable InFlight arrivedFirst;
    private @Nullable InFlight arrivedLast;
    private int lastNumber;
    private int writtenOff;

    /** {@code defects} hears what the routine throws, and must not throw itself. */
    Outstanding(WindowsSystem system, Consumer<Throwable> defects) {
        this.width = system.width();
        this.defects = defects;
        this.apcAddress = system.addressOf().apply(apcRoutine);
    }

    /** {@return what the system shall call at the end of each request, with its number} */
    Pointer apcAddress() {
        return apcAddress;
    }

    /** {@return how many have a place with the system: all but those that were {@linkplain #writeOff written off}} */
    int size() {
        return held.size() - writtenOff;
    }

    /** {@return whether the system holds nothing and nothing waits to be settled} */
    boolean isEmpty() {
        return held.isEmpty();
    }

    /** Shows everything that is here all the time; from any thread. */
    void forEach(Consumer<InFlight> action) {
        held.values().forEach(action);
    }

    /**
     * Gives back the places of those whose completions should have come long ago: a completion is lost where the JVM
     * has no memory to deliver it. Their memory stays the system's for as long as it takes.
     *
     * @param most how many may be written off
     */
    void writeOff(long nowNanos, int most) {
        for (InFlight echo : held.values()) {
            if (writtenOff < most && !echo.arrived && !echo.writtenOff && echo.overdueNanos - nowNanos <= 0) {
                echo.writtenOff = true;
                writtenOff++;
            }
        }
    }

    /** Takes the memory over: to be called before the system is, which owns it from then on. */
    InFlight add(PendingEcho pending, IcmpHandle handle, RequestMemory memory, long token) {
        int number = nextNumber();
        try {
            InFlight echo = new InFlight(number, pending, handle, memory, token);
            held.put(number, echo);
            return echo;
        } catch (Error e) { // of memory; a map that cannot grow may hold the entry nevertheless
            held.remove(number);
            memory.free();
            throw e;
        }
    }

    /** Forgets a request that is settled, or of which no completion will be heard. */
    void remove(InFlight echo) {
        if (held.remove(echo.number) != null && echo.writtenOff) {
            writtenOff--;
        }
    }

    /** {@return whether a completion waits to be settled} */
    boolean hasArrived() {
        return arrivedFirst != null;
    }

    /** {@return the completion that waits longest, which does so no longer; null if there is none} */
    @Nullable
    InFlight takeArrived() {
        InFlight echo = arrivedFirst;
        if (echo != null) {
            arrivedFirst = echo.nextArrived;
            if (arrivedFirst == null) {
                arrivedLast = null;
            }
        }
        return echo;
    }

    /** Runs inside an alertable wait of this thread: takes down what is valid only now, and nothing else. */
    private void completed(@Nullable Pointer apcContext, @Nullable Pointer ioStatusBlock, int reserved) {
        try {
            long now = System.nanoTime();
            InFlight echo = held.get((int) Pointer.nativeValue(apcContext));
            if (echo == null || echo.arrived) {
                return; // a completion nobody waits for: its memory is not ours any more, so nothing may be touched
            }
            echo.arrived = true;
            echo.completedNanos = now;
            if (ioStatusBlock != null) {
                echo.ntStatus = IoStatusBlock.status(ioStatusBlock);
                echo.information = IoStatusBlock.information(ioStatusBlock, width);
            }
            if (arrivedLast == null) {
                arrivedFirst = echo;
            } else {
                arrivedLast.nextArrived = echo;
            }
            arrivedLast = echo;
        } catch (RuntimeException | Error e) { // an exception must not travel through the system's frames
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
