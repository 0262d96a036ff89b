// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.netecho.EchoUnavailableException;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.netty.NettyOptions;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.Errors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A requester whose sockets the event loop may not watch (epoll_ctl(2): ENOSPC, ENOMEM) does not open, and says why.
 */
@EngineTest
final class RefusedStartTest {
    @ParameterizedTest
    @EnumSource
    void namesTheCallAndReleasesEverything(EngineVariant variant) {
        IoHandlerFactory epoll = EpollIoHandler.newFactory();
        IoEventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, executor -> new Refusing(epoll.newHandler(executor)));
        try {
            LeakCheck.Snapshot before = LeakCheck.Snapshot.now();
            EchoUnavailableException refused = catchThrowableOfType(
                    EchoUnavailableException.class,
                    () -> variant.builder()
                            .option(NettyOptions.EVENT_LOOP_GROUP, group)
                            .open()
                            .close());
            assertThat(refused).hasMessageContaining("epoll_ctl").hasMessageContaining("ENOSPC");
            Await.until("nothing is left", () -> LeakCheck.Snapshot.now().isNotMoreThan(before));
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    /** Netty's handler, but for its registrations. */
    private record Refusing(IoHandler handler) implements IoHandler {
        @Override
        public void initialize() {
            handler.initialize();
        }

        @Override
        public int run(IoHandlerContext context) {
            return handler.run(context);
        }

        @Override
        public void prepareToDestroy() {
            handler.prepareToDestroy();
        }

        @Override
        public void destroy() {
            handler.destroy();
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            throw new Errors.NativeIoException("epoll_ctl add", -Errno.ENOSPC);
        }

        @Override
        public void wakeup() {
            handler.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> type) {
            return handler.isCompatible(type);
        }
    }
}
