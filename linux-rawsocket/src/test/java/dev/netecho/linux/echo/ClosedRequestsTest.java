// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.backend.EchoQueue;
import dev.netecho.backend.RateLimitedLog;
import dev.netecho.spi.PendingEcho;
import dev.netecho.testkit.backend.LoneEcho;
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

    private boolean always;
    private int failures;
    private int outcomes;

    /** Finds no memory the first time that its outcome is to be delivered, or always. */
    private final class Failing extends LoneEcho {
        Failing() {
            super(EchoRequest.to(Pendings.address("127.0.0.1")));
        }

        @Override
        protected void onEnding() {
            if (always || handle() < 0) {
                failures++;
                handle(0);
                throw new OutOfMemoryError("injected");
            }
        }

        @Override
        protected void onOutcome(EchoOutcome outcome, boolean wasSent) {
            super.onOutcome(outcome, wasSent);
            outcomes++;
        }
    }

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            PendingEcho echo = new Failing();
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
        add(MANY);

        closed.deliver(log, NAME, LONG);

        assertThat(failures).isEqualTo(MANY);
        assertThat(outcomes).isEqualTo(MANY);
        assertThat(closed.await(0)).isTrue();
    }

    /** The batch that is being sent puts a request back into the queue it came from if the kernel is full. */
    @Test
    @Covers(rules = "OUT-1", cases = "C125")
    void leaveTheLinksOfAStagedRequestToTheLoop() {
        PendingEcho first = new Failing();
        PendingEcho second = new Failing();
        EchoQueue queue = new EchoQueue();
        queue.addLast(first);
        queue.addLast(second);
        closed.addStaged(first);
        closed.addStaged(second);
        closed.setCollected();

        closed.deliver(log, NAME, LONG);

        assertThat(failures).isEqualTo(2);
        assertThat(outcomes).isEqualTo(2);
        assertThat(queue.poll()).isSameAs(first);
        assertThat(queue.poll()).isSameAs(second);
        assertThat(queue.poll()).isNull();
    }

    @Test
    @Covers(rules = "OUT-1", cases = "C125")
    void areLeftToTheNextThreadThatHasMemory() throws Exception {
        always = true;
        add(2);

        closed.deliver(log, NAME, TimeUnit.MILLISECONDS.toNanos(5));
        assertThat(outcomes).isZero();
        assertThat(closed.await(0)).isFalse();

        always = false;
        closed.deliver(log, NAME, LONG);
        assertThat(outcomes).isEqualTo(2);
        assertThat(closed.await(0)).isTrue();
    }
}
