// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

/** Constants of epoll_create1(2), epoll_ctl(2) and eventfd(2). */
public final class Epoll {
    public static final int EPOLL_CLOEXEC = 0x80000;

    public static final int EPOLL_CTL_ADD = 1;
    public static final int EPOLL_CTL_DEL = 2;
    public static final int EPOLL_CTL_MOD = 3;

    public static final int EPOLLIN = 0x1;
    public static final int EPOLLOUT = 0x4;

    /** Reported whatever the mask is. */
    public static final int EPOLLERR = 0x8;

    /** Reported whatever the mask is. */
    public static final int EPOLLHUP = 0x10;

    public static final int EPOLLRDHUP = 0x2000;
    public static final int EPOLLONESHOT = 1 << 30;
    public static final int EPOLLET = 1 << 31;

    public static final int EFD_NONBLOCK = 0x800;
    public static final int EFD_CLOEXEC = 0x80000;

    private Epoll() {}
}
