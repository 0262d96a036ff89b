// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.faults;

import dev.netecho.linux.libc.LibC;
import java.nio.ByteBuffer;

/**
 * What the classes of {@link InterposedClasses} call instead of {@link LibC}: each method is one of LibC's and goes
 * through {@link SystemCalls}. One that LibC gains and this class lacks ends in a NoSuchMethodError.
 */
public final class InterposedLibC {
    private InterposedLibC() {}

    public static void load() {
        SystemCalls.load();
    }

    public static int errno() {
        return SystemCalls.errno();
    }

    public static String bindingTitle() {
        return LibC.bindingTitle();
    }

    public static long calloc(long count, long size) {
        return LibC.calloc(count, size);
    }

    public static void free(long block) {
        LibC.free(block);
    }

    public static ByteBuffer buffer(long address, int size) {
        return LibC.buffer(address, size);
    }

    public static int sendmmsg(int fd, long msgvec, int vlen, int flags) {
        return (int) SystemCalls.call("sendmmsg", () -> LibC.sendmmsg(fd, msgvec, vlen, flags));
    }

    public static int socket(int domain, int type, int protocol) {
        return (int) SystemCalls.call("socket", () -> LibC.socket(domain, type, protocol));
    }

    public static int bind(int fd, long addr, int addrlen) {
        return (int) SystemCalls.call("bind", () -> LibC.bind(fd, addr, addrlen));
    }

    public static int connect(int fd, long addr, int addrlen) {
        return (int) SystemCalls.call("connect", () -> LibC.connect(fd, addr, addrlen));
    }

    public static int getsockname(int fd, long addr, long addrlen) {
        return (int) SystemCalls.call("getsockname", () -> LibC.getsockname(fd, addr, addrlen));
    }

    public static int setsockopt(int fd, int level, int optname, long optval, int optlen) {
        return (int) SystemCalls.call(
                SystemCalls.option("setsockopt", level, optname),
                () -> LibC.setsockopt(fd, level, optname, optval, optlen));
    }

    public static int getsockopt(int fd, int level, int optname, long optval, long optlen) {
        return (int) SystemCalls.call(
                SystemCalls.option("getsockopt", level, optname),
                () -> LibC.getsockopt(fd, level, optname, optval, optlen));
    }

    public static int recvmmsg(int fd, long msgvec, int vlen, int flags, long timeout) {
        return (int)
                SystemCalls.call(SystemCalls.receiving(flags), () -> LibC.recvmmsg(fd, msgvec, vlen, flags, timeout));
    }

    public static int close(int fd) {
        return (int) SystemCalls.call("close", () -> LibC.close(fd));
    }

    public static long read(int fd, long buf, long count) {
        return SystemCalls.call("read", () -> LibC.read(fd, buf, count));
    }

    public static long write(int fd, long buf, long count) {
        return SystemCalls.call("write", () -> LibC.write(fd, buf, count));
    }

    public static int ioctl(int fd, long request, long argp) {
        return (int) SystemCalls.call("ioctl", () -> LibC.ioctl(fd, request, argp));
    }

    public static int epoll_create1(int flags) {
        return (int) SystemCalls.call("epoll_create1", () -> LibC.epoll_create1(flags));
    }

    public static int epoll_ctl(int epfd, int op, int fd, long event) {
        return (int) SystemCalls.call("epoll_ctl", () -> LibC.epoll_ctl(epfd, op, fd, event));
    }

    public static int epoll_wait(int epfd, long events, int maxevents, int timeout) {
        return (int) SystemCalls.call("epoll_wait", () -> LibC.epoll_wait(epfd, events, maxevents, timeout));
    }

    public static int epoll_pwait2(int epfd, long events, int maxevents, long timeout) {
        return (int) SystemCalls.call("epoll_pwait2", () -> LibC.epoll_pwait2(epfd, events, maxevents, timeout));
    }

    public static int eventfd(int initval, int flags) {
        return (int) SystemCalls.call("eventfd", () -> LibC.eventfd(initval, flags));
    }

    public static int clock_gettime(int clockid, long tp) {
        return (int) SystemCalls.call("clock_gettime", () -> LibC.clock_gettime(clockid, tp));
    }
}
