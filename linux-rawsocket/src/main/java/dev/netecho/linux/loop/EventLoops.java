// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.loop;

import dev.netecho.linux.libc.Epoll;
import dev.netecho.linux.libc.EpollEvent;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.socket.SystemCallException;
import io.netty.channel.IoEventLoopGroup;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Chooses the loop. */
public final class EventLoops {
    private EventLoops() {}

    /**
     * {@return a loop: on the group that is lent; else on Netty's epoll; else, where its native library is missing or
     * Netty is not wanted, the small one over JNA}
     *
     * @param name the name of the thread, if it is ours
     * @param lent an agent's own epoll group, or null
     * @param netty whether Netty may be used
     * @param onTimer runs when {@link EventLoop#wakeAt}'s time has come
     * @param onFailure told why, before a loop of our own ends that can wait no more; Netty tries again instead, once a
     *     second
     * @throws SystemCallException if the system refuses a loop of our own
     * @throws IllegalArgumentException if the group that is lent cannot run epoll handles
     */
    public static EventLoop open(
            String name,
            @Nullable IoEventLoopGroup lent,
            boolean netty,
            Runnable onTimer,
            Consumer<Throwable> onFailure)
            throws SystemCallException {
        if (lent != null) {
            return NettyLoop.lent(lent, onTimer);
        }
        LoopThreads threads = new LoopThreads(name);
        if (netty && isNettyAvailable(name)) {
            proveEpollWait();
            try {
                return NettyLoop.own(threads, onTimer);
            } catch (IllegalStateException e) {
                // Netty does not say which call failed; the small loop works, or says it.
                LoggerFactory.getLogger(EventLoops.class).debug("{}: Netty opens no loop", name, e);
            }
        }
        return new EpollLoop(threads, onTimer, onFailure);
    }

    /**
     * Netty may wait by epoll_pwait2(2), and calls epoll_wait(2) only when it closes: where a filter denies that, it
     * tries for ever (Netty 4.2, EpollIoHandler.closeFileDescriptors). So it is refused while opening.
     */
    private static void proveEpollWait() throws SystemCallException {
        int epoll = LibC.epoll_create1(Epoll.EPOLL_CLOEXEC);
        if (epoll < 0) {
            throw new SystemCallException("epoll_create1", LibC.errno());
        }
        try (NativeMemory events = NativeMemory.allocate(EpollEvent.SIZE)) {
            if (LibC.epoll_wait(epoll, events.address(), 1, 0) < 0) {
                throw new SystemCallException("epoll_wait", LibC.errno());
            }
        } finally {
            LibC.close(epoll);
        }
    }

    private static boolean isNettyAvailable(String name) {
        try {
            return NettyLoop.isAvailable();
        } catch (LinkageError e) { // Netty's native library, or its Java side, is of another version
            LoggerFactory.getLogger(EventLoops.class).debug("{}: no Netty epoll, using epoll over JNA", name, e);
            return false;
        }
    }
}
