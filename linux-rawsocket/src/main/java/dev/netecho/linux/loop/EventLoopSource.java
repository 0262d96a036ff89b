// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.loop;

import dev.netecho.linux.socket.SystemCallException;
import java.util.function.Consumer;

/** Where an event loop comes from. Requesters with equal sources may share a loop. */
public interface EventLoopSource {
    /**
     * Opens a loop; it is to open sockets in the network namespace of the calling thread.
     *
     * @param name the name of the thread, if the loop makes one
     * @param onTimer runs when {@link EventLoop#wakeAt}'s time has come
     * @param onFailure gets the cause before a loop ends by itself, because it cannot wait any more
     * @return the loop
     * @throws SystemCallException if the system refuses what the loop needs
     * @throws IllegalArgumentException if a group that is lent cannot run an {@code EchoLoop}
     */
    EventLoop open(String name, Runnable onTimer, Consumer<Throwable> onFailure) throws SystemCallException;
}
