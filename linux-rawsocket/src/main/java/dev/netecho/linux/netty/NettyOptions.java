// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.netty;

import dev.netecho.EchoOption;
import dev.netecho.linux.loop.EventLoops;
import io.netty.channel.EventLoopGroup;

/**
 * The builder option for agents that run on Netty; see {@link dev.netecho.EchoRequester.Builder#option}.
 *
 * <p>This class is the only one that needs Netty, which is an optional dependency: whoever names it has Netty 4.2.7 or
 * newer on the class path, with {@code netty-transport-native-epoll}.
 */
public final class NettyOptions {
    /**
     * An event-loop group of the agent that the requester runs on instead of a thread of its own. Default: none. It
     * must be of Netty 4.2.7 or newer and drive epoll handles: {@code new
     * MultiThreadIoEventLoopGroup(EpollIoHandler.newFactory())}. Otherwise {@code open} throws an
     * {@link dev.netecho.EchoUnavailableException} that names the version it found and the remedy. The requester does
     * not shut the group down. If it is shut down first, every outstanding request ends with {@code NotSent(CLOSED)}.
     *
     * <p>The loop that serves the requester must run in the network namespace of the thread that calls {@code open}.
     * Otherwise {@code open} throws that exception, which then names both namespaces. Netty makes a loop's thread when
     * the loop is first used, in the namespace of the thread that uses it. If {@code open} did not wait long enough for
     * a busy loop to tell, every request ends with {@code NotSent(OS_ERROR)} and that text.
     */
    @SuppressWarnings("exports") // who lends a group requires Netty anyway
    public static final EchoOption<EventLoopGroup> EVENT_LOOP_GROUP =
            EchoOption.of("linux.eventLoopGroup", EventLoopGroup.class);

    static {
        EventLoops.lendBy(EVENT_LOOP_GROUP, NettyLoops::new);
    }

    private NettyOptions() {}
}
