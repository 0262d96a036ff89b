// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.NotSentReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The outcomes of numbered requests; notices a second one for the same request. */
final class Outcomes {
    private static final int PATIENCE_SECONDS = 60;

    private final AtomicReferenceArray<EchoOutcome> outcomes;
    private final AtomicInteger seconds = new AtomicInteger();
    private final CountDownLatch missing;

    Outcomes(int count) {
        outcomes = new AtomicReferenceArray<>(count);
        missing = new CountDownLatch(count);
    }

    EchoListener listener(int number) {
        return (request, outcome) -> record(number, outcome);
    }

    void record(int number, EchoOutcome outcome) {
        if (outcomes.compareAndSet(number, null, outcome)) {
            missing.countDown();
        } else {
            seconds.incrementAndGet();
        }
    }

    /** Waits until every request has its outcome, and checks that none has two. */
    List<EchoOutcome> await() throws InterruptedException {
        assertThat(missing.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("%d of %d requests have no outcome", missing.getCount(), outcomes.length())
                .isTrue();
        assertThat(seconds).as("second outcomes").hasValue(0);
        List<EchoOutcome> all = new ArrayList<>();
        for (int i = 0; i < outcomes.length(); i++) {
            all.add(outcomes.get(i));
        }
        return all;
    }

    int secondOutcomes() {
        return seconds.get();
    }

    long missing() {
        return missing.getCount();
    }

    EchoOutcome get(int number) {
        return outcomes.get(number);
    }

    static boolean isNotSent(EchoOutcome outcome, NotSentReason reason) {
        return outcome instanceof EchoOutcome.NotSent notSent && notSent.reason() == reason;
    }

    static void assertNotSent(EchoOutcome outcome, NotSentReason reason) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        EchoOutcome.NotSent.class,
                        notSent -> assertThat(notSent.reason())
                                .as(notSent.detail())
                                .isEqualTo(reason));
    }

    static EchoOutcome.Reply reply(EchoOutcome outcome) {
        assertThat(outcome).isInstanceOf(EchoOutcome.Reply.class);
        return (EchoOutcome.Reply) outcome;
    }
}
