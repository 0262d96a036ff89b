// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.netecho.linux.LeakCheck;
import dev.netecho.linux.libc.Epoll;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.testkit.RecordedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The library's own loop where the system refuses what it lives on. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class EpollLoopTest {
    private static final ReadyHandler NOBODY = new ReadyHandler() {
        @Override
        public void ready(int events) {}

        @Override
        public void released() {}
    };

    @Test
    void namesTheCallThatRefusesADescriptor() throws Exception {
        EpollLoop loop = new EpollLoop(new LoopThreads("icmp-echo-test"), () -> {}, e -> {});
        CompletableFuture<SystemCallException> refused = new CompletableFuture<>();
        loop.execute(() ->
                refused.complete(catchThrowableOfType(SystemCallException.class, () -> loop.watch(1_000_000, NOBODY))));
        SystemCallException e = refused.get(10, TimeUnit.SECONDS);
        assertThat(e.call()).isEqualTo("epoll_ctl");
        assertThat(e.errno()).isEqualTo(Errno.EBADF);
        loop.execute(loop::shutdown);
        assertThat(loop.awaitEnd(10_000)).isTrue();
    }

    /** As when a seccomp filter comes later: the descriptor it waits for is gone, so every wait fails at once. */
    @Test
    void endsAndReleasesWhatItWatchesWhenItCannotWait() throws Exception {
        Set<Integer> before = epollDescriptors();
        EpollLoop loop = new EpollLoop(new LoopThreads("icmp-echo-test"), () -> {}, e -> {});
        Set<Integer> after = epollDescriptors();
        after.removeAll(before);
        assertThat(after).hasSize(1);
        int watched = LibC.eventfd(0, Epoll.EFD_CLOEXEC);
        CountDownLatch watching = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        loop.execute(() -> {
            try {
                loop.watch(watched, new ReadyHandler() {
                    @Override
                    public void ready(int events) {}

                    @Override
                    public void released() {
                        LibC.close(watched);
                        released.countDown();
                    }
                });
            } catch (SystemCallException e) {
                throw new AssertionError(e);
            }
            watching.countDown();
        });
        assertThat(watching.await(10, TimeUnit.SECONDS)).isTrue();

        loop.execute(() -> LibC.close(after.iterator().next()));

        assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(loop.awaitEnd(10_000))
                .as("the thread ends and does not spin")
                .isTrue();
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> loop.execute(() -> {}));
    }

    /** SPEC OUT-7: a failure of every task must not fill a disk. */
    @Test
    void warnsOnceOfTasksThatFail() throws Exception {
        EpollLoop loop = new EpollLoop(new LoopThreads("icmp-echo-failing"), () -> {}, e -> {});
        CountDownLatch run = new CountDownLatch(100);
        while (run.getCount() > 0) {
            loop.execute(() -> {
                run.countDown();
                throw new IllegalStateException("a defect of a task, as this test wants it");
            });
        }
        loop.execute(loop::shutdown);
        assertThat(loop.awaitEnd(10_000)).isTrue();
        assertThat(RecordedLog.lines().stream()
                        .filter(line -> String.valueOf(line.thrown()).contains("a defect of a task"))
                        .count())
                .isEqualTo(1);
    }

    private static Set<Integer> epollDescriptors() throws IOException {
        Set<Integer> numbers = new HashSet<>();
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            for (Path link : links.toList()) {
                try {
                    if (Files.readSymbolicLink(link).toString().equals("anon_inode:[eventpoll]")) {
                        numbers.add(Integer.valueOf(link.getFileName().toString()));
                    }
                } catch (NoSuchFileException e) {
                    // the descriptor of the listing itself
                }
            }
        }
        return numbers;
    }
}
