// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.jna.Function;
import dev.netecho.linux.Await;
import dev.netecho.linux.libc.Epoll;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.socket.SystemCallException;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a loop reports of a descriptor, here a counter of eventfd(2): readable while it is not zero, writable always.
 */
@Timeout(60)
final class WatchTest {
    /** More rounds than any loop needs to tell what it knows. */
    private static final int ROUNDS = 20;

    @ParameterizedTest(name = "lent={0}")
    @ValueSource(booleans = {true, false})
    void aPausedLoopReportsEverythingAfterwards(boolean lent) throws Exception {
        EventLoop loop = open(lent);
        try (Counter counter = new Counter()) {
            Watch watch = on(loop, () -> loop.watch(counter.fd, counter));
            counter.add();
            Await.until("told", () -> counter.told.get() == 1);

            assertThat(on(loop, () -> watch.pause(true))).isTrue();
            counter.add();
            goRound(loop);
            assertThat(counter.told).as("looks away").hasValue(1);

            on(loop, () -> resume(watch));
            Await.until("told what has waited", () -> counter.told.get() == 2);
            counter.add();
            Await.until("told as before", () -> counter.told.get() == 3);

            end(loop, watch);
            assertThat(counter.released).hasValue(1);
        }
    }

    @ParameterizedTest(name = "lent={0}")
    @ValueSource(booleans = {true, false})
    void aLoopRemembersWhatItWasAskedWhileItLookedAway(boolean lent) throws Exception {
        EventLoop loop = open(lent);
        try (Counter counter = new Counter()) {
            Watch watch = on(loop, () -> loop.watch(counter.fd, counter));
            assertThat(on(loop, () -> watch.pause(true))).isTrue();
            on(loop, () -> {
                watch.writable(true);
                return null;
            });
            goRound(loop);
            assertThat(counter.writable).as("looks away").hasValue(0);
            on(loop, () -> resume(watch));
            Await.until("told that it is writable", () -> counter.writable.get() > 0);
            on(loop, () -> {
                watch.writable(false);
                return null;
            });
            end(loop, watch);
        }
    }

    @ParameterizedTest(name = "lent={0}")
    @ValueSource(booleans = {true, false})
    void aDescriptorIsReleasedOnce(boolean lent) throws Exception {
        EventLoop loop = open(lent);
        try (Counter counter = new Counter()) {
            Watch watch = on(loop, () -> loop.watch(counter.fd, counter));
            assertThat(on(loop, () -> watch.pause(true))).isTrue();
            assertThat(counter.released).as("it is only not looked at").hasValue(0);
            end(loop, watch);
            assertThat(counter.released).hasValue(1);
        }
    }

    /** SPEC END-3: Netty tells the end of a loop only to those whose descriptors it looks at. */
    @Test
    void aLoopThatIsLentNeverLooksAway() throws Exception {
        IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        EventLoop loop = LentLoop.on(group).open("watch-test", () -> {}, e -> {});
        try (Counter counter = new Counter()) {
            Watch watch = on(loop, () -> loop.watch(counter.fd, counter));
            assertThat(on(loop, () -> watch.pause(false))).isFalse();
            counter.add();
            Await.until("told as before", () -> counter.told.get() == 1);
            assertThat(group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS))
                    .isTrue();
            Await.until("released", () -> counter.released.get() == 1);
        }
    }

    @ParameterizedTest(name = "lent={0}")
    @ValueSource(booleans = {true, false})
    void aLoopThatCannotLookAgainSaysSoAndMayBeAskedOnceMore(boolean lent) throws Exception {
        EventLoop loop = open(lent);
        try (Counter counter = new Counter()) {
            Watch watch = on(loop, () -> loop.watch(counter.fd, counter));
            assertThat(on(loop, () -> watch.pause(true))).isTrue();
            counter.add();
            counter.becomeAFile(); // which epoll_ctl(2) refuses with EPERM
            assertThatIllegalStateException().isThrownBy(() -> on(loop, () -> resume(watch)));
            counter.becomeACounterAgain();
            goRound(loop);
            assertThat(counter.told).as("looks away").hasValue(0);
            on(loop, () -> resume(watch));
            Await.until("told what has waited", () -> counter.told.get() == 1);
            end(loop, watch);
            assertThat(counter.released).hasValue(1);
        }
    }

    private static EventLoop open(boolean lent) throws SystemCallException {
        return (lent ? LentLoop.SOURCE : EventLoops.OWN).open("watch-test", () -> {}, e -> {});
    }

    private static void goRound(EventLoop loop) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            on(loop, () -> null);
        }
    }

    private static Void resume(Watch watch) {
        watch.resume();
        return null;
    }

    private static void end(EventLoop loop, Watch watch) throws Exception {
        on(loop, () -> {
            watch.cancel();
            loop.shutdown();
            return null;
        });
        assertThat(loop.awaitEnd(10_000)).isTrue();
    }

    private static <T> T on(EventLoop loop, Callable<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        loop.execute(task);
        try {
            return task.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception thrown ? thrown : e;
        }
    }

    private static final class Counter implements ReadyHandler, AutoCloseable {
        final AtomicInteger told = new AtomicInteger();
        final AtomicInteger writable = new AtomicInteger();
        final AtomicInteger released = new AtomicInteger();
        final int fd;
        private final NativeMemory one = NativeMemory.allocate(Long.BYTES);
        private final NativeMemory read = NativeMemory.allocate(Long.BYTES);
        private int kept;

        Counter() {
            LibC.load();
            fd = LibC.eventfd(0, Epoll.EFD_NONBLOCK | Epoll.EFD_CLOEXEC);
            assertThat(fd).isNotNegative();
            one.buffer().putLong(0, 1);
        }

        void add() {
            assertThat(LibC.write(fd, one.address(), Long.BYTES)).isEqualTo(Long.BYTES);
        }

        void becomeAFile() {
            kept = call("dup", fd);
            int file = call("memfd_create", "watch-test", 0);
            assertThat(call("dup2", file, fd)).isEqualTo(fd);
            LibC.close(file);
        }

        void becomeACounterAgain() {
            assertThat(call("dup2", kept, fd)).isEqualTo(fd);
            LibC.close(kept);
        }

        private static int call(String function, Object... arguments) {
            int result = Function.getFunction("c", function).invokeInt(arguments);
            assertThat(result).as(function).isNotNegative();
            return result;
        }

        @Override
        public void ready(int events) {
            if ((events & WRITABLE) != 0) {
                writable.incrementAndGet();
            }
            if ((events & READABLE) != 0 && LibC.read(fd, read.address(), Long.BYTES) == Long.BYTES) {
                told.incrementAndGet();
            }
        }

        @Override
        public void released() {
            released.incrementAndGet();
        }

        @Override
        public void close() {
            LibC.close(fd);
            one.close();
            read.close();
        }
    }
}
