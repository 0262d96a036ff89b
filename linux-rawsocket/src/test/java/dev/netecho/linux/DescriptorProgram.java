// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.linux.netty.NettyOptions;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Run by tests in a JVM of its own with few descriptors: opens requesters while fewer and fewer are free. */
final class DescriptorProgram {
    /** One more than a requester opens in a container. */
    static final int MOST_FREE = 10;

    private static final int NOT_OPENED = 1_000;

    private DescriptorProgram() {}

    /** {@code arguments} are an {@link EngineVariant} and whether it runs on a group of this program. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        group.submit(() -> {}).sync();
        EchoRequester.Builder builder = EngineVariant.valueOf(arguments[0]).builder();
        if (Boolean.parseBoolean(arguments[1])) {
            builder.option(NettyOptions.EVENT_LOOP_GROUP, group);
        }
        for (int i = 0; i < 2; i++) {
            try (EchoRequester requester = builder.open()) {
                ping(requester);
            }
        }
        for (int free = MOST_FREE; free >= 0; free--) {
            out.println("with " + free + " free: " + openWith(free, builder));
        }
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static String openWith(int free, EchoRequester.Builder builder) throws Exception {
        List<FileInputStream> taken = takeAll();
        for (int i = 0; i < free; i++) {
            taken.remove(taken.size() - 1).close();
        }
        try (EchoRequester requester = builder.open()) {
            closeAll(taken);
            return "open, " + ping(requester);
        } catch (EchoUnavailableException e) {
            return "unavailable: " + e.getMessage().replace('\n', ' ');
        } catch (RuntimeException | Error e) {
            return "failed: " + e;
        } finally {
            closeAll(taken);
        }
    }

    private static void closeAll(List<FileInputStream> files) throws IOException {
        for (FileInputStream file : files) {
            file.close();
        }
    }

    /** Opens files until no descriptor is free. */
    static List<FileInputStream> takeAll() throws IOException {
        List<FileInputStream> taken = new ArrayList<>();
        while (taken.size() < NOT_OPENED) {
            try {
                taken.add(new FileInputStream("/dev/null"));
            } catch (IOException e) {
                return taken; // EMFILE
            }
        }
        throw new IOException("the limit of open files is above " + NOT_OPENED);
    }

    private static String ping(EchoRequester requester) throws InterruptedException {
        EchoOutcome four = requester.send(Loopback.request(Loopback.V4, Duration.ofSeconds(20)));
        EchoOutcome six = requester.send(Loopback.request(Loopback.V6, Duration.ofSeconds(20)));
        return "IPv4 " + (four.isReply() ? "reply" : four) + ", IPv6 " + (six.isReply() ? "reply" : six);
    }
}
