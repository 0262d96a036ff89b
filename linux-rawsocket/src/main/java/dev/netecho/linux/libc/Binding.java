// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;

/**
 * One way to call the C library: the functions that {@link LibC} and {@link NativeMemory} need.
 *
 * <p>Pointers, {@code size_t} and {@code ssize_t} are {@code long}. A result of -1 means failure, and {@link #errno}
 * tells why. Implementations are as thread-safe as the functions are.
 */
abstract class Binding {
    /** {@return what an operator knows it by} */
    abstract String title();

    /** {@return the errno of this thread's last call that returned -1} */
    abstract int errno();

    abstract int socket(int domain, int type, int protocol);

    abstract int bind(int fd, long addr, int addrlen);

    abstract int connect(int fd, long addr, int addrlen);

    abstract int getsockname(int fd, long addr, long addrlen);

    abstract int setsockopt(int fd, int level, int optname, long optval, int optlen);

    abstract int getsockopt(int fd, int level, int optname, long optval, long optlen);

    abstract int recvmmsg(int fd, long msgvec, int vlen, int flags, long timeout);

    abstract int close(int fd);

    abstract long read(int fd, long buf, long count);

    abstract long write(int fd, long buf, long count);

    abstract int ioctl(int fd, long request, long argp);

    abstract int epoll_create1(int flags);

    abstract int epoll_ctl(int epfd, int op, int fd, long event);

    abstract int epoll_wait(int epfd, long events, int maxevents, int timeout);

    abstract int eventfd(int initval, int flags);

    abstract int clock_gettime(int clockid, long tp);

    /** syscall(2); a call with fewer arguments ignores the last ones. */
    abstract long syscall(long number, long a, long b, long c, long d, long e, long f);

    /** calloc(3): zeroed memory, or 0 if there is none. */
    abstract long calloc(long count, long size);

    /** free(3). */
    abstract void free(long block);

    /** {@return a direct buffer over native memory that somebody else owns} */
    abstract ByteBuffer buffer(long address, int size);
}
