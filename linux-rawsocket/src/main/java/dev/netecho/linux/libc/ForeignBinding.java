// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import dev.netecho.backend.ForeignFunctions;
import dev.netecho.backend.NativeBinding;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Calls the C library through {@code java.lang.foreign} of JDK 22 and newer.
 *
 * <p>{@link Architecture#requireSupported} refuses processors whose calling convention does not allow what
 * {@link ForeignFunctions} does.
 *
 * <p>The handles are constants, so the JIT compiles a call without an indirection.
 */
final class ForeignBinding extends Binding {
    /** dlfcn.h of glibc and musl. */
    private static final long RTLD_DEFAULT = 0;

    /** syscall(2) takes the most: a number and six. */
    private static final ForeignFunctions FUNCTIONS = new ForeignFunctions(ForeignBinding::reflect, 7, "errno");

    private static final MethodHandle DLSYM = FUNCTIONS.function(ofTheJdk("dlsym"));
    private static final MethodHandle CALLOC_FOR_NAMES = FUNCTIONS.function(ofTheJdk("calloc"));
    private static final MethodHandle FREE_OF_NAMES = FUNCTIONS.function(ofTheJdk("free"));
    private static final MethodHandle SOCKET = function("socket");
    private static final MethodHandle BIND = function("bind");
    private static final MethodHandle CONNECT = function("connect");
    private static final MethodHandle GETSOCKNAME = function("getsockname");
    private static final MethodHandle SETSOCKOPT = function("setsockopt");
    private static final MethodHandle GETSOCKOPT = function("getsockopt");
    private static final MethodHandle RECVMMSG = function("recvmmsg");
    private static final MethodHandle CLOSE = function("close");
    private static final MethodHandle READ = function("read");
    private static final MethodHandle WRITE = function("write");
    private static final MethodHandle IOCTL = function("ioctl");
    private static final MethodHandle EPOLL_CREATE1 = function("epoll_create1");
    private static final MethodHandle EPOLL_CTL = function("epoll_ctl");
    private static final MethodHandle EPOLL_WAIT = function("epoll_wait");
    private static final MethodHandle EVENTFD = function("eventfd");
    private static final MethodHandle CLOCK_GETTIME = function("clock_gettime");
    private static final MethodHandle SYSCALL = function("syscall");
    private static final MethodHandle CALLOC = function("calloc");
    private static final MethodHandle FREE = function("free");

    /** So that the JVM sees this class as the caller. */
    private static @Nullable Object reflect(Method method, @Nullable Object target, Object... arguments)
            throws IllegalAccessException, InvocationTargetException {
        return method.invoke(target, arguments);
    }

    private static long ofTheJdk(String name) {
        return found(FUNCTIONS.find(name), name);
    }

    private static long found(long address, String name) {
        if (address == 0) {
            throw new UnsatisfiedLinkError("Error looking up function '" + name + "'");
        }
        return address;
    }

    /**
     * {@return a function as a C program would call it}
     *
     * <p>dlsym(3) with RTLD_DEFAULT also finds what LD_PRELOAD puts before the C library, and the JDK's own lookup does
     * not.
     */
    private static MethodHandle function(String name) {
        byte[] text = (name + '\0').getBytes(StandardCharsets.US_ASCII);
        try {
            long block = (long) CALLOC_FOR_NAMES.invokeExact(1L, (long) text.length, 0L, 0L, 0L, 0L, 0L);
            if (block == 0) {
                throw new OutOfMemoryError("calloc of " + text.length + " bytes of native memory failed");
            }
            FUNCTIONS.buffer(block, text.length).put(0, text);
            long address = (long) DLSYM.invokeExact(RTLD_DEFAULT, block, 0L, 0L, 0L, 0L, 0L);
            long unused = (long) FREE_OF_NAMES.invokeExact(block, 0L, 0L, 0L, 0L, 0L, 0L);
            return FUNCTIONS.function(found(address, name));
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    @Override
    String title() {
        return NativeBinding.FOREIGN.title();
    }

    @Override
    int errno() {
        return FUNCTIONS.lastError();
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
    int connect(int fd, long addr, int addrlen) {
        try {
            return (int) (long) CONNECT.invokeExact((long) fd, addr, (long) addrlen, 0L, 0L, 0L, 0L);
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
        return FUNCTIONS.buffer(address, size);
    }
}
