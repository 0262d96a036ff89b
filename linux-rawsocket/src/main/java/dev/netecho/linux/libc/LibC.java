// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import dev.netecho.spi.OpenFiles;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The system calls, bound by JNA direct mapping with primitive arguments only.
 *
 * <p>Pointers, {@code size_t} and {@code ssize_t} are {@code long}. Every function is as thread-safe as its man page
 * says. {@link #load()} must have returned once in the process before the first call; otherwise that throws
 * {@link UnsatisfiedLinkError}. A result of -1 means failure, with the number in {@link #errno()}.
 */
public final class LibC {
    private static final Object LOCK = new Object();

    // Pure Java, so that initialising this class cannot fail, whatever the state of JNA is.
    private static final long SYS_SENDMMSG = Architecture.currentOrGeneric().sendmmsgNumber;

    /** Calls that are newer than Linux 5.0 have one number on all architectures (syscall_64.tbl, 424 and more). */
    private static final long SYS_EPOLL_PWAIT2 = 441;

    private static volatile boolean loaded;
    private static final AtomicReference<@Nullable LibCUnavailableException> FAILURE = new AtomicReference<>();

    private LibC() {}

    /**
     * Binds the functions of this class; does nothing if they are already bound.
     *
     * <p>Thread-safe. Costs about 100 ms the first time. The outcome is final for the process, because a JNA class that
     * failed to initialise stays unusable. Every later call throws the first reason again, not the unhelpful
     * {@link NoClassDefFoundError} that JNA would throw.
     *
     * @throws LibCUnavailableException if the C library cannot be called here, with a remedy
     */
    public static void load() {
        if (loaded) {
            return;
        }
        synchronized (LOCK) {
            if (loaded) {
                return;
            }
            LibCUnavailableException failure = FAILURE.get();
            if (failure == null) {
                failure = tryToLoad();
            }
            if (failure != null) {
                FAILURE.set(failure);
                throw new LibCUnavailableException(failure.reason(), failure.remedy(), failure.getCause());
            }
            loaded = true;
        }
    }

    private static @Nullable LibCUnavailableException tryToLoad() {
        LoadFailure.prepare();
        try {
            Architecture.requireSupported(
                    System.getProperty("os.name", ""), System.getProperty("os.arch", ""), ByteOrder.nativeOrder());
            bind();
            return null;
        } catch (LibCUnavailableException e) {
            return e;
        } catch (OutOfMemoryError | StackOverflowError e) {
            throw e;
        } catch (Throwable e) {
            // InternalError: the JDK's own, such as when it cannot read java.security, which JNA's logger needs.
            // Error as such: JNA throws a plain java.lang.Error for a native library of the wrong version.
            String module = LibC.class.getModule().getName();
            return LoadFailure.explain(e, module == null ? "" : module, OpenFiles.areScarce());
        }
    }

    /**
     * Binds so that JNA does not hold the class loader afterwards, which an agent may want to unload.
     *
     * <p>JNA leaves objects in thread-local variables of the binding thread (com.sun.jna.Structure), so that thread
     * ends. And JNA's cleaner thread lives as long as a library is open, so the library is closed: the functions are
     * bound to their addresses and no longer need it. It has its own options, because JNA shares one library among
     * equal options, and others must not be closed.
     */
    private static void bind() throws Throwable {
        FutureTask<@Nullable Void> task = new FutureTask<>(
                () -> {
                    // The process' own symbols: the C library under glibc and musl alike, without knowing its file
                    // name.
                    try (NativeLibrary process = NativeLibrary.getInstance(null, Map.of("netecho", "own instance"))) {
                        Native.register(LibC.class, process);
                    }
                },
                null);
        Thread thread = new Thread(null, task, "netecho-binding", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(
                // JNA runs ldconfig, and the JDK thread that waits for its end would inherit it.
                null);
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    task.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true; // it must not stay half bound
                } catch (ExecutionException e) {
                    throw e.getCause() == null ? e : e.getCause();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * {@return the errno of this thread's last call to a function of this class}
     *
     * <p>Meaningful only right after a call has returned -1: success does not reset it.
     */
    public static int errno() {
        return Native.getLastError();
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
        return (int) syscall(SYS_SENDMMSG, fd, msgvec, vlen, flags);
    }

    /** socket(2). */
    public static native int socket(int domain, int type, int protocol);

    /** bind(2). */
    public static native int bind(int fd, long addr, int addrlen);

    /** getsockname(2); {@code addrlen} is the address of an int. */
    public static native int getsockname(int fd, long addr, long addrlen);

    /** setsockopt(2). */
    public static native int setsockopt(int fd, int level, int optname, long optval, int optlen);

    /** getsockopt(2); {@code optlen} is the address of an int. */
    public static native int getsockopt(int fd, int level, int optname, long optval, long optlen);

    /** recvmmsg(2); {@code msgvec} is the address of an array of {@link Mmsghdr}, {@code timeout} may be 0. */
    public static native int recvmmsg(int fd, long msgvec, int vlen, int flags, long timeout);

    /** close(2). */
    public static native int close(int fd);

    /** read(2). */
    public static native long read(int fd, long buf, long count);

    /** write(2). */
    public static native long write(int fd, long buf, long count);

    /** ioctl(2) with a pointer argument. */
    public static native int ioctl(int fd, long request, long argp);

    /** epoll_create1(2). */
    public static native int epoll_create1(int flags);

    /** epoll_ctl(2); {@code event} is the address of an {@link EpollEvent}. */
    public static native int epoll_ctl(int epfd, int op, int fd, long event);

    /** epoll_wait(2); {@code events} is the address of an array of {@link EpollEvent}, {@code timeout} is in ms. */
    public static native int epoll_wait(int epfd, long events, int maxevents, int timeout);

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
        return (int) syscall(SYS_EPOLL_PWAIT2, epfd, events, maxevents, timeout, 0, 0);
    }

    /** eventfd(2). */
    public static native int eventfd(int initval, int flags);

    /** clock_gettime(2); {@code tp} is the address of a {@link Timespec}. */
    public static native int clock_gettime(int clockid, long tp);

    /** syscall(2) with four arguments. */
    static native long syscall(long number, long a, long b, long c, long d);

    /** syscall(2) with six arguments. */
    static native long syscall(long number, long a, long b, long c, long d, long e, long f);
}
