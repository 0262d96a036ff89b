// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;

/**
 * Calls the C library through {@code java.lang.foreign} of JDK 22 and newer.
 *
 * <p>Every function is called with seven words, whatever it takes, because the JDK generates code for each new
 * signature, which costs 15 ms or so each. The calling conventions of x86-64, aarch64 and riscv64 allow it: arguments
 * are in registers or pushed by the caller, those left over are not looked at, and an {@code int} is the low half of a
 * sign-extended word. {@link Architecture#requireSupported} refuses other processors.
 *
 * <p>The handles are constants, so the JIT compiles a call without an indirection.
 */
final class ForeignBinding extends Binding {
    private static final MethodHandle SOCKET = ForeignFunctions.function("socket");
    private static final MethodHandle BIND = ForeignFunctions.function("bind");
    private static final MethodHandle GETSOCKNAME = ForeignFunctions.function("getsockname");
    private static final MethodHandle SETSOCKOPT = ForeignFunctions.function("setsockopt");
    private static final MethodHandle GETSOCKOPT = ForeignFunctions.function("getsockopt");
    private static final MethodHandle RECVMMSG = ForeignFunctions.function("recvmmsg");
    private static final MethodHandle CLOSE = ForeignFunctions.function("close");
    private static final MethodHandle READ = ForeignFunctions.function("read");
    private static final MethodHandle WRITE = ForeignFunctions.function("write");
    private static final MethodHandle IOCTL = ForeignFunctions.function("ioctl");
    private static final MethodHandle EPOLL_CREATE1 = ForeignFunctions.function("epoll_create1");
    private static final MethodHandle EPOLL_CTL = ForeignFunctions.function("epoll_ctl");
    private static final MethodHandle EPOLL_WAIT = ForeignFunctions.function("epoll_wait");
    private static final MethodHandle EVENTFD = ForeignFunctions.function("eventfd");
    private static final MethodHandle CLOCK_GETTIME = ForeignFunctions.function("clock_gettime");
    private static final MethodHandle SYSCALL = ForeignFunctions.function("syscall");
    private static final MethodHandle CALLOC = ForeignFunctions.function("calloc");
    private static final MethodHandle FREE = ForeignFunctions.function("free");
    private static final MethodHandle LAST_ERRNO = ForeignFunctions.errno();

    @Override
    String title() {
        return "java.lang.foreign";
    }

    @Override
    int errno() {
        try {
            return (int) LAST_ERRNO.invokeExact();
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    int socket(int domain, int type, int protocol) {
        try {
            return (int) (long) SOCKET.invokeExact((long) domain, (long) type, (long) protocol, 0L, 0L, 0L, 0L);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    int bind(int fd, long addr, int addrlen) {
        try {
            return (int) (long) BIND.invokeExact((long) fd, addr, (long) addrlen, 0L, 0L, 0L, 0L);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    int getsockname(int fd, long addr, long addrlen) {
        try {
            return (int) (long) GETSOCKNAME.invokeExact((long) fd, addr, addrlen, 0L, 0L, 0L, 0L);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    int setsockopt(int fd, int level, int optname, long optval, int optlen) {
        try {
            return (int) (long)
                    SETSOCKOPT.invokeExact((long) fd, (long) level, (long) optname, optval, (long) optlen, 0L, 0L);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    int getsockopt(int fd, int level, int optname, long optval, long optlen) {
        try {
            return (int) (long) GETSOCKOPT.invokeExact((long) fd, (long) level, (long) optname, optval, optlen, 0L, 0L);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    int recvmmsg(int fd, long msgvec, int vlen, int flags, long timeout) {
        try {
            return (int) (long) RECVMMSG.invokeExact((long) fd, msgvec, (long) vlen, (long) flags, timeout, 0L, 0L);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    int close(int fd) {
        try {
            return (int) (long) CLOSE.invokeExact((long) fd, 0L, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    long read(int fd, long buf, long count) {
        try {
            return (long) READ.invokeExact((long) fd, buf, count, 0L, 0L, 0L, 0L);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    long write(int fd, long buf, long count) {
        try {
            return (long) WRITE.invokeExact((long) fd, buf, count, 0L, 0L, 0L, 0L);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    int ioctl(int fd, long request, long argp) {
        try {
            return (int) (long) IOCTL.invokeExact((long) fd, request, argp, 0L, 0L, 0L, 0L);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    int epoll_create1(int flags) {
        try {
            return (int) (long) EPOLL_CREATE1.invokeExact((long) flags, 0L, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    int epoll_ctl(int epfd, int op, int fd, long event) {
        try {
            return (int) (long) EPOLL_CTL.invokeExact((long) epfd, (long) op, (long) fd, event, 0L, 0L, 0L);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    int epoll_wait(int epfd, long events, int maxevents, int timeout) {
        try {
            return (int)
                    (long) EPOLL_WAIT.invokeExact((long) epfd, events, (long) maxevents, (long) timeout, 0L, 0L, 0L);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    int eventfd(int initval, int flags) {
        try {
            return (int) (long) EVENTFD.invokeExact((long) initval, (long) flags, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    int clock_gettime(int clockid, long tp) {
        try {
            return (int) (long) CLOCK_GETTIME.invokeExact((long) clockid, tp, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    long syscall(long number, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) SYSCALL.invokeExact(number, a, b, c, d, e, f);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    long calloc(long count, long size) {
        try {
            return (long) CALLOC.invokeExact(count, size, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    void free(long block) {
        try {
            long unused = (long) FREE.invokeExact(block, 0L, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    ByteBuffer buffer(long address, int size) {
        return ForeignFunctions.buffer(address, size);
    }
}
