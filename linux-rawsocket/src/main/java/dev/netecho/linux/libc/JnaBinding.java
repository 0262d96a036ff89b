// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Calls the C library through JNA's direct mapping, with primitive arguments only. */
final class JnaBinding extends Binding {
    private JnaBinding() {}

    /**
     * Binds so that JNA does not hold the class loader afterwards, which an agent may want to unload.
     *
     * <p>JNA leaves objects in thread-local variables of the binding thread (com.sun.jna.Structure), so that thread
     * ends. And JNA's cleaner thread lives as long as a library is open, so the library is closed: the functions are
     * bound to their addresses and no longer need it. It has its own options, because JNA shares one library among
     * equal options, and others must not be closed.
     *
     * @return the only instance: functions are bound for the class
     * @throws Throwable what JNA throws
     */
    static JnaBinding open() throws Throwable {
        FutureTask<@Nullable Void> task = new FutureTask<>(
                () -> {
                    // The process' own symbols: the C library under glibc and musl alike, without knowing its file
                    // name.
                    try (NativeLibrary process = NativeLibrary.getInstance(null, Map.of("netecho", "own instance"))) {
                        Native.register(JnaBinding.class, process);
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
                    return new JnaBinding();
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

    @Override
    String title() {
        return "JNA";
    }

    @Override
    int errno() {
        return Native.getLastError();
    }

    @Override
    ByteBuffer buffer(long address, int size) {
        return new Pointer(address).getByteBuffer(0, size); // in native byte order
    }

    @Override
    native int socket(int domain, int type, int protocol);

    @Override
    native int bind(int fd, long addr, int addrlen);

    @Override
    native int connect(int fd, long addr, int addrlen);

    @Override
    native int getsockname(int fd, long addr, long addrlen);

    @Override
    native int setsockopt(int fd, int level, int optname, long optval, int optlen);

    @Override
    native int getsockopt(int fd, int level, int optname, long optval, long optlen);

    @Override
    native int recvmmsg(int fd, long msgvec, int vlen, int flags, long timeout);

    @Override
    native int close(int fd);

    @Override
    native long read(int fd, long buf, long count);

    @Override
    native long write(int fd, long buf, long count);

    @Override
    native int ioctl(int fd, long request, long argp);

    @Override
    native int epoll_create1(int flags);

    @Override
    native int epoll_ctl(int epfd, int op, int fd, long event);

    @Override
    native int epoll_wait(int epfd, long events, int maxevents, int timeout);

    @Override
    native int eventfd(int initval, int flags);

    @Override
    native int clock_gettime(int clockid, long tp);

    @Override
    native long syscall(long number, long a, long b, long c, long d, long e, long f);

    @Override
    native long calloc(long count, long size);

    @Override
    native void free(long block);
}
