// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.loop;

import dev.netecho.linux.socket.SystemCallException;

/** One thread that serves descriptors, tasks and one timer. */
public interface EventLoop {
    /** {@return whether the calling thread is the loop's} */
    boolean inLoop();

    /**
     * Runs a task on the loop; from any thread.
     *
     * @param task what to run; it must not throw
     * @throws java.util.concurrent.RejectedExecutionException if the loop has ended
     */
    void execute(Runnable task);

    /**
     * Refuses a loop whose sockets would be in another network namespace than those of the thread that opened the loop:
     * a socket is in that of the thread that opens it (network_namespaces(7)). On the loop's thread.
     *
     * @throws IllegalArgumentException if a lent loop's thread is known to be in another one
     */
    void requireNamespace();

    /**
     * Watches a descriptor for reading and errors; on the loop's thread.
     *
     * @param fd the descriptor, which its handler still owns
     * @param handler gets the events
     * @return the watch
     * @throws SystemCallException if the system refuses to watch it
     */
    Watch watch(int fd, ReadyHandler handler) throws SystemCallException;

    /**
     * Runs the timer's task at a time, or soon after it; on the loop's thread. It may run earlier, and then asks again.
     * If the timer's task throws, the time that it asked for may be lost.
     *
     * @param nanoTime a {@link System#nanoTime} value, or {@link Long#MAX_VALUE} for "not at all"
     */
    void wakeAt(long nanoTime);

    /**
     * Ends the loop if it is the library's own. Called after every watch was cancelled: on its thread or, if a lent
     * loop has ended, on the one that reports it.
     */
    void shutdown();

    /**
     * Waits until the thread has ended, if it is the library's own; from another thread.
     *
     * @param millis how long at most
     * @return whether it has ended
     * @throws InterruptedException if the waiting thread is interrupted
     */
    boolean awaitEnd(long millis) throws InterruptedException;
}
