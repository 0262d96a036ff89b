// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.loop;

import dev.netecho.linux.libc.Epoll;

/**
 * Gets the events of a watched descriptor; on the loop's thread, or {@link #released} on another if a lent loop has
 * ended.
 */
public interface ReadyHandler {
    /** There is something to read. */
    int READABLE = Epoll.EPOLLIN;
    /** There is room to write; reported only while {@link Watch#writable} asks for it. */
    int WRITABLE = Epoll.EPOLLOUT;
    /** The error queue is not empty, or an error is pending. */
    int ERROR = Epoll.EPOLLERR;

    /**
     * The descriptor is ready.
     *
     * @param events READABLE, WRITABLE, ERROR
     */
    void ready(int events);

    /** The loop has forgotten the descriptor: it may be closed, and must be. Called once. */
    void released();
}
