// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.engine.EchoQueue;
import dev.netecho.engine.RateLimitedLog;
import dev.netecho.spi.EchoCompletion;
import dev.netecho.spi.PendingEcho;
import dev.netecho.testkit.cases.Covers;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ClosedRequestsTest {
    private static final int MANY = 1_100;
    private static final long LONG = TimeUnit.MINUTES.toNanos(1);
    private static final String NAME = "closed-requests-test";

    private final RateLimitedLog log = new RateLimitedLog(ClosedRequestsTest.class);
    private final ClosedRequests closed = new ClosedRequests(null);

    /** Finds no memory the first time that each outcome is to be delivered, or always. */
    private static final class Failing implements EchoCompletion {
        private boolean always;
        private int failures;
        private int outcomes;

        @Override
        public void sent(PendingEcho pending) {}

        @Override
        public void completing(PendingEcho pending) {
            if (always || pending.handle() < 0) {
                failures++;
                pending.handle(0);
                throw new OutOfMemoryError("injected");
            }
        }

        @Override
        public void completed(PendingEcho pending, EchoOutcome outcome, boolean wasSent) {
            outcomes++;
        }
    }

    private void add(Failing failing, int count) {
        EchoRequest request = EchoRequest.to(Pendings.address("127.0.0.1"));
        for (int i = 0; i < count; i++) {
            PendingEcho echo = new PendingEcho(request, (asked, outcome) -> {}, failing);
            if (i % 2 == 0) {
                closed.addUnsent(echo);
            } else {
                closed.addInFlight(echo);
            }
        }
        closed.setCollected();
    }

    @Test
    @Covers(rules = "OUT-1", cases = "C125")
    void loseNoOutcomeHoweverOftenMemoryIsShort() throws Exception {
        Failing failing = new Failing();
        add(failing, MANY);

        closed.deliver(log, NAME, LONG);

        assertThat(failing.failures).isEqualTo(MANY);
        assertThat(failing.outcomes).isEqualTo(MANY);
        assertThat(closed.await(0)).isTrue();
    }

    /** The batch that is being sent puts a request back into the queue it came from if the kernel is full. */
    @Test
    @Covers(rules = "OUT-1", cases = "C125")
    void leaveTheLinksOfAStagedRequestToTheLoop() {
        Failing failing = new Failing();
        EchoRequest request = EchoRequest.to(Pendings.address("127.0.0.1"));
        PendingEcho first = new PendingEcho(request, (asked, outcome) -> {}, failing);
        PendingEcho second = new PendingEcho(request, (asked, outcome) -> {}, failing);
        EchoQueue queue = new EchoQueue();
        queue.addLast(first);
        queue.addLast(second);
        closed.addStaged(first);
        closed.addStaged(second);
        closed.setCollected();

        closed.deliver(log, NAME, LONG);

        assertThat(failing.failures).isEqualTo(2);
        assertThat(failing.outcomes).isEqualTo(2);
        assertThat(queue.poll()).isSameAs(first);
        assertThat(queue.poll()).isSameAs(second);
        assertThat(queue.poll()).isNull();
    }

    @Test
    @Covers(rules = "OUT-1", cases = "C125")
    void areLeftToTheNextThreadThatHasMemory() throws Exception {
        Failing failing = new Failing();
        failing.always = true;
        add(failing, 2);

        closed.deliver(log, NAME, TimeUnit.MILLISECONDS.toNanos(5));
        assertThat(failing.outcomes).isZero();
        assertThat(closed.await(0)).isFalse();

        failing.always = false;
        closed.deliver(log, NAME, LONG);
        assertThat(failing.outcomes).isEqualTo(2);
        assertThat(closed.await(0)).isTrue();
    }
}
