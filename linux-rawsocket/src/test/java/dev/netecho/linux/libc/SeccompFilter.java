// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.List;
import java.util.Map;

/**
 * A real system-call filter, seccomp(2), which denies one call to the thread that installs it and to the threads that
 * it starts from then on. It cannot be removed: the thread has to end.
 */
public final class SeccompFilter {
    // prctl(2)
    private static final int PR_SET_SECCOMP = 22;
    private static final long SECCOMP_MODE_FILTER = 2;
    private static final int PR_SET_NO_NEW_PRIVS = 38;

    private static final int SECCOMP_RET_ERRNO = 0x50000;
    private static final int SECCOMP_RET_ALLOW = 0x7fff0000;

    // struct seccomp_data begins with the number of the call.
    private static final int LDW_ABS = 0x20;
    private static final int RET_K = 0x06;
    private static final String DENY = "deny";
    private static final String ALLOW = "allow";

    /** Its low half, in struct seccomp_data of a little-endian machine. */
    private static final int FIRST_ARGUMENT = 16;

    /** Numbers of calls: x86-64, and the generic table of aarch64 and riscv64. */
    private static final Map<String, int[]> NUMBERS = Map.of(
            "socket", new int[] {41, 198},
            "recvmmsg", new int[] {299, 243},
            "sendmmsg", new int[] {307, 269},
            "eventfd", new int[] {290, 19},
            "epoll_create1", new int[] {291, 20},
            "epoll_ctl", new int[] {233, 21},
            "epoll_wait", new int[] {232, 22},
            "epoll_pwait2", new int[] {441, 441});

    private SeccompFilter() {}

    /** Denies a call to this thread, and to those that it starts later on. */
    public static void deny(String call, int errno) {
        install(new BpfProgramBuilder()
                .add(LDW_ABS, 0)
                .jumpIfEqual(number(call), DENY, BpfProgramBuilder.NEXT)
                .add(RET_K, SECCOMP_RET_ALLOW)
                .label(DENY)
                .add(RET_K, SECCOMP_RET_ERRNO | errno)
                .build());
    }

    /** Denies sockets of one family likewise. */
    public static void denySocket(int family, int errno) {
        install(new BpfProgramBuilder()
                .add(LDW_ABS, 0)
                .jumpIfEqual(number("socket"), BpfProgramBuilder.NEXT, ALLOW)
                .add(LDW_ABS, FIRST_ARGUMENT)
                .jumpIfEqual(family, DENY, BpfProgramBuilder.NEXT)
                .label(ALLOW)
                .add(RET_K, SECCOMP_RET_ALLOW)
                .label(DENY)
                .add(RET_K, SECCOMP_RET_ERRNO | errno)
                .build());
    }

    private static void install(List<SockFilter> program) {
        LibC.load();
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0);
        try (NativeMemory memory = SockFprog.allocate(program)) {
            prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, memory.address());
        }
    }

    private static int number(String call) {
        return NUMBERS.get(call)[Architecture.currentOrGeneric() == Architecture.X86_64 ? 0 : 1];
    }

    private static void prctl(int option, long second, long third) {
        Function prctl = NativeLibrary.getProcess().getFunction("prctl");
        if (prctl.invokeInt(new Object[] {option, second, third, 0L, 0L}) < 0) {
            throw new AssertionError("prctl(" + option + "): " + Errno.describe(Native.getLastError()));
        }
    }
}
