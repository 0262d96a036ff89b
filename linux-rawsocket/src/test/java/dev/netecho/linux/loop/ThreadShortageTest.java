// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.loop;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.netecho.linux.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A loop whose thread the system refuses, as it does at the limit of a user or a container, leaves nothing open. */
@ExtendWith(LeakCheck.class)
final class ThreadShortageTest {
    private static final String REFUSED = "unable to create native thread";

    /** As {@link Thread#start} fails where pthread_create(3) says EAGAIN. */
    private static final class NoThreads extends LoopThreads {
        NoThreads() {
            super("icmp-echo-test");
        }

        @Override
        public Thread newThread(Runnable task) {
            return new Thread(task) {
                @Override
                public synchronized void start() {
                    throw new OutOfMemoryError(REFUSED);
                }
            };
        }
    }

    @Test
    void closesTheLoop() {
        assertThatExceptionOfType(OutOfMemoryError.class)
                .isThrownBy(() -> new EpollLoop(new NoThreads(), () -> {}, e -> {}))
                .withMessage(REFUSED);
    }
}
