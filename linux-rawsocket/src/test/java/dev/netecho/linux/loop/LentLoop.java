// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.loop;

import dev.netecho.linux.netty.NettyOptions;
import dev.netecho.spi.EchoConfig;
import dev.netecho.testkit.backend.StrayCounts;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Map;

/** Loops of a group that is lent. */
final class LentLoop {
    /** A group for all tests; its thread ends with the JVM. */
    static final EventLoopSource SOURCE =
            on(new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("lent", true), EpollIoHandler.newFactory()));

    private LentLoop() {}

    static EventLoopSource on(EventLoopGroup group) {
        return EventLoops.of(new EchoConfig("lent", Map.of(NettyOptions.EVENT_LOOP_GROUP, group), new StrayCounts()));
    }
}
