// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.linux.netty.NettyOptions;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Run by tests in a JVM of its own: lends a group of whatever Netty is there, and says what became of it. */
@SuppressWarnings("deprecation") // a group that Netty 4.1 and 4.2 both have
final class LendProgram {
    private LendProgram() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        EventLoopGroup group = new DefaultEventLoopGroup(1);
        try (EchoRequester requester = EchoRequester.newBuilder()
                .provider(new LinuxDatagramProvider())
                .option(NettyOptions.EVENT_LOOP_GROUP, group)
                .open()) {
            out.println("opened " + requester);
        } catch (EchoUnavailableException e) {
            out.println("unavailable: " + e.getMessage());
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
