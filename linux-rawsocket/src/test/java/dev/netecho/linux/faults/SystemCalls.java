// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.faults;

import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.Socket;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Every system call of an interposed engine: makes it, or gives the error of the fault that is armed. */
public final class SystemCalls {
    private static final LongAdder MADE = new LongAdder();
    private static final ThreadLocal<int[]> ERRNO = ThreadLocal.withInitial(() -> new int[1]);
    private static volatile List<Fault> armed = List.of();

    private SystemCalls() {}

    static void arm(Fault... faults) {
        armed = List.of(faults);
    }

    static void disarm() {
        armed = List.of();
    }

    /** {@return how many calls were asked for since the JVM began} */
    static long count() {
        return MADE.sum();
    }

    public static void load() {
        LibC.load();
    }

    public static int errno() {
        return ERRNO.get()[0];
    }

    /**
     * Makes a call, or lets it fail.
     *
     * @param name what a {@link Fault} names
     * @param real the call
     * @return what it returns; -1 with {@link #errno} if it fails
     */
    public static long call(String name, LongSupplier real) {
        MADE.increment();
        // A descriptor that cannot even be closed leaks, whatever an engine does.
        if (!"close".equals(name)) {
            // java.lang.foreign needs memory until the JIT has compiled the call.
            Allocations.step();
        }
        Fault fault = striking(name);
        if (fault != null && fault.errno == Fault.NO_MEMORY) {
            throw new OutOfMemoryError("injected into " + name);
        }
        if (fault != null) {
            if ("close".equals(name)) {
                // close(2): on Linux the descriptor is gone whatever the call returns.
                long unused = real.getAsLong();
            }
            if (fault.waitNanos > 0) {
                LockSupport.parkNanos(fault.waitNanos);
            }
            ERRNO.get()[0] = fault.errno;
            return -1;
        }
        long result = real.getAsLong();
        if (result < 0) {
            ERRNO.get()[0] = LibC.errno();
        }
        return result;
    }

    private static @Nullable Fault striking(String name) {
        for (Fault fault : armed) {
            if (fault.strikes(name)) {
                return fault;
            }
        }
        return null;
    }

    /** {@return the name of a recvmmsg(2): its error queue is a call of its own} */
    public static String receiving(int flags) {
        return (flags & Socket.MSG_ERRQUEUE) != 0 ? "recvmmsg(MSG_ERRQUEUE)" : "recvmmsg";
    }

    /** {@return the name of a setsockopt(2) or getsockopt(2): each option is a call of its own} */
    public static String option(String call, int level, int option) {
        return call + "(" + level + ", " + option + ")";
    }
}
