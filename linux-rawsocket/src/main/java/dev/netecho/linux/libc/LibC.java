// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The system calls, through the binding that {@link Bindings} has chosen.
 *
 * <p>Pointers, {@code size_t} and {@code ssize_t} are {@code long}. Every function is as thread-safe as its man page
 * says. {@link #load()} must have returned once in the process before the first call; otherwise that throws
 * {@link UnsatisfiedLinkError}. A result of -1 means failure, with the number in {@link #errno()}.
 */
public final class LibC {
    private static final Object LOCK = new Object();

    // Pure Java, so initialising this class cannot fail, whatever the state of the bindings is.
    private static final long SYS_SENDMMSG = Architecture.currentOrGeneric().sendmmsgNumber;

    private static final long SYS_MMAP = Architecture.currentOrGeneric().mmapNumber;
    private static final long SYS_MUNMAP = Architecture.currentOrGeneric().munmapNumber;
    private static final long PROT_READ_WRITE = 3;
    private static final long MAP_SHARED = 1;

    /** Calls that are newer than Linux 5.0 have one number on all architectures (syscall_64.tbl, 424 and more). */
    private static final long SYS_EPOLL_PWAIT2 = 441;

    private static volatile @Nullable Binding opened;
    private static final AtomicReference<@Nullable LibCUnavailableException> FAILURE = new AtomicReference<>();

    private LibC() {}

    /**
     * Binds the functions of this class; does nothing if they are already bound.
     *
     * <p>Thread-safe. Costs about 100 ms the first time. The outcome is final for the process, because a class that
     * failed to initialise stays unusable. Every later call throws the first reason again, not an unhelpful
     * {@link NoClassDefFoundError}.
     *
     * @throws LibCUnavailableException if the C library cannot be called here, with a remedy
     */
    public static void load() {
        if (opened != null) {
            return;
        }
        synchronized (LOCK) {
            if (opened != null) {
                return;
            }
            LibCUnavailableException failure = FAILURE.get();
            if (failure == null) {
                failure = tryToLoad();
            }
            if (failure != null) {
                FAILURE.set(failure);
                throw failure.again();
            }
        }
    }

    private static @Nullable LibCUnavailableException tryToLoad() {
        LoadFailure.prepare();
        try {
            Architecture.requireSupported(
                    System.getProperty("os.name", ""), System.getProperty("os.arch", ""), ByteOrder.nativeOrder());
            opened = Bindings.open();
            return null;
        } catch (LibCUnavailableException e) {
            return e;
        }
    }

    /** The binding as a constant, for the JIT; initialised by the first call, after {@link #load()}. */
    private static final class Bound {
        static final Binding C = opened();

        private Bound() {}

        private static Binding opened() {
            Binding binding = opened;
            if (binding == null) {
                throw new UnsatisfiedLinkError("LibC.load() has not returned yet");
            }
            return binding;
        }
    }

    /**
     * {@return what calls the C library in this process, once {@link #load()} has returned: java.lang.foreign or JNA}
     */
    public static String bindingTitle() {
        return Bound.C.title();
    }

    /**
     * {@return the errno of this thread's last call to a function of this class}
     *
     * <p>Meaningful only right after a call has returned -1: success does not reset it.
     */
    public static int errno() {
        return Bound.C.errno();
    }

    /**
     * Sends several messages: sendmmsg(2), always as one system call.
     *
     * <p>By number, because the function of that name in musl is a loop of sendmsg(2).
     *
     * @param fd the socket
     * @param msgvec the address of an array of {@link Mmsghdr}
     * @param vlen the number of its elements
     * @param flags MSG_* of {@link Socket}
     * @return the number of messages sent, or -1 if the first could not be sent
     */
    public static int sendmmsg(int fd, long msgvec, int vlen, int flags) {
        return (int) Bound.C.syscall(SYS_SENDMMSG, fd, msgvec, vlen, flags, 0, 0);
    }

    /**
     * Maps the memory that a descriptor shares with the kernel: mmap(2), readable and writable.
     *
     * @param fd the descriptor
     * @param length how many bytes, from the first on
     * @return the address, or -1
     */
    public static long mmap(int fd, long length) {
        return Bound.C.syscall(SYS_MMAP, 0, length, PROT_READ_WRITE, MAP_SHARED, fd, 0);
    }

    /** munmap(2). */
    public static int munmap(long address, long length) {
        return (int) Bound.C.syscall(SYS_MUNMAP, address, length, 0, 0, 0, 0);
    }

    /** socket(2). */
    public static int socket(int domain, int type, int protocol) {
        return Bound.C.socket(domain, type, protocol);
    }

    /** bind(2). */
    public static int bind(int fd, long addr, int addrlen) {
        return Bound.C.bind(fd, addr, addrlen);
    }

    /** connect(2). */
    public static int connect(int fd, long addr, int addrlen) {
        return Bound.C.connect(fd, addr, addrlen);
    }

    /** getsockname(2); {@code addrlen} is the address of an int. */
    public static int getsockname(int fd, long addr, long addrlen) {
        return Bound.C.getsockname(fd, addr, addrlen);
    }

    /** setsockopt(2). */
    public static int setsockopt(int fd, int level, int optname, long optval, int optlen) {
        return Bound.C.setsockopt(fd, level, optname, optval, optlen);
    }

    /** getsockopt(2); {@code optlen} is the address of an int. */
    public static int getsockopt(int fd, int level, int optname, long optval, long optlen) {
        return Bound.C.getsockopt(fd, level, optname, optval, optlen);
    }

    /** recvmmsg(2); {@code msgvec} is the address of an array of {@link Mmsghdr}, {@code timeout} may be 0. */
    public static int recvmmsg(int fd, long msgvec, int vlen, int flags, long timeout) {
        return Bound.C.recvmmsg(fd, msgvec, vlen, flags, timeout);
    }

    /** close(2). */
    public static int close(int fd) {
        return Bound.C.close(fd);
    }

    /** read(2). */
    public static long read(int fd, long buf, long count) {
        return Bound.C.read(fd, buf, count);
    }

    /** write(2). */
    public static long write(int fd, long buf, long count) {
        return Bound.C.write(fd, buf, count);
    }

    /** ioctl(2) with a pointer argument. */
    public static int ioctl(int fd, long request, long argp) {
        return Bound.C.ioctl(fd, request, argp);
    }

    /** epoll_create1(2). */
    public static int epoll_create1(int flags) {
        return Bound.C.epoll_create1(flags);
    }

    /** epoll_ctl(2); {@code event} is the address of an {@link EpollEvent}. */
    public static int epoll_ctl(int epfd, int op, int fd, long event) {
        return Bound.C.epoll_ctl(epfd, op, fd, event);
    }

    /** epoll_wait(2); {@code events} is the address of an array of {@link EpollEvent}, {@code timeout} is in ms. */
    public static int epoll_wait(int epfd, long events, int maxevents, int timeout) {
        return Bound.C.epoll_wait(epfd, events, maxevents, timeout);
    }

    /**
     * epoll_pwait2(2) without a signal mask: a wait whose length is not bound to whole milliseconds.
     *
     * <p>By number, because glibc has the function only since 2.35. Linux has the call since 5.11.
     *
     * @param epfd the epoll descriptor
     * @param events the address of an array of {@link EpollEvent}
     * @param maxevents the number of its elements
     * @param timeout the address of a {@link Timespec}, or 0 to wait for an event
     * @return how many descriptors are ready, or -1
     */
    public static int epoll_pwait2(int epfd, long events, int maxevents, long timeout) {
        return (int) Bound.C.syscall(SYS_EPOLL_PWAIT2, epfd, events, maxevents, timeout, 0, 0);
    }

    /** eventfd(2). */
    public static int eventfd(int initval, int flags) {
        return Bound.C.eventfd(initval, flags);
    }

    /** clock_gettime(2); {@code tp} is the address of a {@link Timespec}. */
    public static int clock_gettime(int clockid, long tp) {
        return Bound.C.clock_gettime(clockid, tp);
    }

    /** calloc(3): zeroed memory, or 0 if there is none. */
    public static long calloc(long count, long size) {
        return Bound.C.calloc(count, size);
    }

    /** free(3). */
    public static void free(long block) {
        Bound.C.free(block);
    }

    /** {@return a direct buffer in native byte order over native memory that the caller owns} */
    public static ByteBuffer buffer(long address, int size) {
        return Bound.C.buffer(address, size);
    }
}
