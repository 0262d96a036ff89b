// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.netty;

import dev.netecho.linux.loop.EventLoop;
import dev.netecho.linux.loop.EventLoopSource;
import io.netty.channel.EventLoopGroup;
import java.util.function.Consumer;

/** A group that an agent lends. Links nothing that Netty 4.1 lacks, so that it can say which Netty it has met. */
record NettyLoops(EventLoopGroup group) implements EventLoopSource {
    @Override
    public EventLoop open(String name, Runnable onTimer, Consumer<Throwable> onFailure) {
        NettyVersion.requireSupported(group);
        try {
            return NettyLoop.on(group, onTimer);
        } catch (LinkageError e) { // jars of different versions, or without their version files
            throw NettyVersion.refused(group, NettyVersion.found(group), e);
        }
    }
}
