// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.spi.PendingEcho;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EchoQueueTest {
    private final EchoQueue queue = new EchoQueue();

    @Test
    void anEmptyOneHasNothing() {
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.size()).isZero();
        assertThat(queue.peek()).isNull();
        assertThat(queue.poll()).isNull();
    }

    @Test
    void leavesNoLinkInWhatIsTakenOut() {
        PendingEcho first = Pendings.any();
        queue.addLast(first);
        queue.addLast(Pendings.any());
        assertThat(queue.poll()).isSameAs(first);
        assertThat(first.next()).isNull();
    }

    @Test
    void keepsTheOrderOfADeque() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ArrayDeque<PendingEcho> expected = new ArrayDeque<>();
        for (int i = 0; i < 10_000; i++) {
            switch (random.nextInt(5)) {
                case 0 -> {
                    PendingEcho echo = Pendings.any();
                    queue.addFirst(echo);
                    expected.addFirst(echo);
                }
                case 1, 2 -> {
                    PendingEcho echo = Pendings.any();
                    queue.addLast(echo);
                    expected.addLast(echo);
                }
                default -> assertThat(queue.poll()).as("seed %d", seed).isSameAs(expected.poll());
            }
            assertThat(queue.peek()).as("seed %d", seed).isSameAs(expected.peek());
            assertThat(queue.size()).as("seed %d", seed).isEqualTo(expected.size());
            assertThat(queue.isEmpty()).as("seed %d", seed).isEqualTo(expected.isEmpty());
        }
    }
}
