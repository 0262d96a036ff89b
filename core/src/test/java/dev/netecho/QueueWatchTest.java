// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.spi.PendingEcho;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class QueueWatchTest {
    private final QueueWatch watch = new QueueWatch();

    private static PendingEcho echo() {
        EchoRequest request = EchoRequest.to(InetAddress.getLoopbackAddress());
        return EngineRequesterTest.requester(new FakeEngine(), 1).new Echo(request, (asked, outcome) -> {});
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    @Test
    void isZeroBeforeAnythingWaited() {
        assertThat(watch.time()).isZero();
        watch.left(echo());
        assertThat(watch.time()).isZero();
    }

    @Test
    void growsWhileOneWaitsAndStaysWhenItHasLeft() {
        PendingEcho echo = echo();
        long before = System.nanoTime();
        watch.accepted(echo);
        long begun = System.nanoTime();
        Duration early = watch.time();
        Duration later = watch.time();
        while (later.compareTo(early) == 0) {
            later = watch.time();
        }
        assertThat(later).isGreaterThan(early);
        Duration atLeast = since(begun);
        watch.left(echo);
        Duration atMost = since(before);

        assertThat(watch.time()).isBetween(atLeast, atMost);
        assertThat(watch.time()).as("it does not go on").isEqualTo(watch.time());
    }

    @Test
    void watchesOneAtATime() {
        PendingEcho first = echo();
        PendingEcho second = echo();
        watch.accepted(first);
        watch.accepted(second);
        watch.left(second);
        Duration waiting = watch.time();
        assertThat(waiting).as("the first waits still").isPositive();
        watch.left(first);

        PendingEcho third = echo();
        long before = System.nanoTime();
        watch.accepted(third);
        watch.left(third);

        assertThat(watch.time()).as("that of the third").isBetween(Duration.ZERO, since(before));
    }
}
