// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import com.sun.jna.Pointer;
import dev.netecho.spi.PendingEcho;
import dev.netecho.windows.win32.ApcRoutine;
import dev.netecho.windows.win32.IoStatusBlock;
import dev.netecho.windows.win32.PointerWidth;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything the system may still write to, by number: nothing leaves before its completion has run, or its call has failed. Then it
 * waits here, in the order of completion, until the worker settles it. Only the worker thread uses it.
 */
final class Outstanding {
    private final PointerWidth width;
    private final Consumer<Throwable> defects;
    private final Map<Integer, InFlight> held = new HashMap<>();

    /** Held here as long as the thread runs: JNA holds callbacks weakly. */
    private final ApcRoutine apcRoutine = this::completed;

    private final Pointer apcAddress;
    private @Nullable InFlight arrivedFirst;
    private @Nullable InFlight arrivedLast;
    private int lastNumber;

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

    int size() {
        return held.size();
    }

    /** {@return whether the system holds nothing and nothing waits to be settled} */
    boolean isEmpty() {
        return held.isEmpty() && arrivedFirst == null;
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

    /** Forgets a request of which no completion will be heard. */
    void remove(InFlight echo) {
        held.remove(echo.number);
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
            InFlight echo = held.remove((int) Pointer.nativeValue(apcContext));
            if (echo == null) {
                return; // a completion nobody waits for: its memory is not ours any more, so nothing may be touched
            }
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
