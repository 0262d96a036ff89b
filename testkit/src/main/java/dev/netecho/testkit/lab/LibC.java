// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** The system calls of the lab, bound by JNA direct mapping; pointers and {@code size_t} are {@code long}. */
final class LibC {
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int AF_NETLINK = 16;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_RAW = 3;
    static final int POLLIN = 1;

    private static boolean loaded;

    private LibC() {}

    /**
     * Binds the functions of this class; needed once before the first call.
     *
     * @throws LinkageError if the C library cannot be bound here
     */
    static synchronized void load() {
        if (!loaded) {
            Native.register(LibC.class, NativeLibrary.getProcess());
            loaded = true;
        }
    }

    /** {@return the errno of this thread's last call that returned -1} */
    static int errno() {
        return Native.getLastError();
    }

    /** {@return the address of native memory; the caller keeps the memory reachable} */
    static long address(Memory memory) {
        return Pointer.nativeValue(memory);
    }

    /** {@return the result, unless it is -1}. */
    static int check(int result, String what) throws LabUnavailableException {
        if (result < 0) {
            throw LabUnavailableException.systemCall(what, errno());
        }
        return result;
    }

    /** open(2). */
    static native int open(String pathname, int flags);

    /** close(2). */
    static native int close(int fd);

    /** ioctl(2) with a pointer argument. */
    static native int ioctl(int fd, long request, long argp);

    /** read(2). */
    static native long read(int fd, long buf, long count);

    /** write(2). */
    static native long write(int fd, long buf, long count);

    /** socket(2). */
    static native int socket(int domain, int type, int protocol);

    /** eventfd(2). */
    static native int eventfd(int initval, int flags);

    /** ppoll(2); {@code fds} is an array of {@code struct pollfd}, {@code timeout} a {@code struct timespec} or 0. */
    static native int ppoll(long fds, long nfds, long timeout, long sigmask);

    /** prctl(2). */
    static native int prctl(int option, long arg2, long arg3, long arg4, long arg5);

    /** strerror(3). */
    static native String strerror(int errnum);
}
