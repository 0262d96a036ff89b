// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.embedding;

import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.linux.netty.NettyOptions;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.concurrent.TimeUnit;

/** Pings on an event-loop group of its own. */
public final class LentLoop {
    private LentLoop() {}

    /** Like {@link Plain#main}. */
    public static void main(String[] arguments) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        int status = 0;
        try (EchoRequester requester = EchoRequester.newBuilder()
                .option(NettyOptions.EVENT_LOOP_GROUP, group)
                .open()) {
            System.out.println(Plain.echo(requester));
        } catch (EchoUnavailableException e) {
            System.out.println(e.getMessage());
            status = 1;
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        System.exit(status);
    }
}
