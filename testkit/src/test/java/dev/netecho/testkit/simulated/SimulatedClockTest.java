// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SimulatedClockTest {
    private final SimulatedClock clock = new SimulatedClock();
    private final List<String> happened = new ArrayList<>();

    @Test
    void standsStillUntilItIsAdvanced() {
        assertThat(clock.nanoTime()).isZero();
        clock.advance(Duration.ofSeconds(3));
        clock.advance(Duration.ZERO);
        assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void runsEventsInTheOrderOfTheirTimes() {
        clock.deadline(30, () -> happened.add("deadline at " + clock.nanoTime()));
        clock.arrival(20, () -> happened.add("b at " + clock.nanoTime()));
        clock.arrival(10, () -> happened.add("a at " + clock.nanoTime()));
        clock.arrival(30, () -> happened.add("c at " + clock.nanoTime()));
        clock.arrival(31, () -> happened.add("not yet"));
        assertThat(clock.nanosToNext()).hasValue(10);

        clock.advance(Duration.ofNanos(30));

        // What arrives at the deadline is in time: SPEC TIM-4.
        assertThat(happened).containsExactly("a at 10", "b at 20", "c at 30", "deadline at 30");
        assertThat(clock.nanosToNext()).hasValue(1);
    }

    @Test
    void eventsMayPlanEvents() {
        clock.arrival(10, () -> clock.arrival(15, () -> happened.add("at " + clock.nanoTime())));
        clock.advance(Duration.ofNanos(20));
        assertThat(happened).containsExactly("at 15");
    }

    @Test
    void aStallLetsTimePassWithoutEventsAndKeepsTheirOrder() {
        clock.deadline(10, () -> happened.add("first, noticed at " + clock.nanoTime()));
        clock.arrival(20, () -> happened.add("second, noticed at " + clock.nanoTime()));
        clock.stall(Duration.ofNanos(100));
        assertThat(happened).isEmpty();
        assertThat(clock.nanosToNext()).hasValue(0);
        clock.advance(Duration.ZERO);
        assertThat(happened).containsExactly("first, noticed at 100", "second, noticed at 100");
    }

    @Test
    void aForgottenEventDoesNotHappen() {
        SimulatedClock.Event event = clock.deadline(10, () -> happened.add("wrong"));
        clock.forget(event);
        clock.advance(Duration.ofNanos(10));
        assertThat(happened).isEmpty();
        assertThat(clock.nanosToNext()).isEmpty();
    }

    @Test
    void timeDoesNotPassInsideAnInstant() {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        clock.arrival(10, () -> {
            try {
                clock.advance(Duration.ofNanos(1));
            } catch (IllegalStateException e) {
                thrown.set(e);
            }
        });
        clock.advance(Duration.ofNanos(10));
        assertThat(thrown.get()).hasMessageContaining("called by a listener").hasMessageContaining("stall()");
    }

    @Test
    void runsWhatAnAgentSchedules() {
        clock.schedule(Duration.ofNanos(5), () -> happened.add("once at " + clock.nanoTime()));
        clock.scheduleAtFixedRate(Duration.ofNanos(10), () -> happened.add("again at " + clock.nanoTime()));
        clock.advance(Duration.ofNanos(35));
        assertThat(happened).containsExactly("once at 5", "again at 10", "again at 20", "again at 30");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clock.scheduleAtFixedRate(Duration.ZERO, () -> {}))
                .withMessageContaining("zero");
    }

    @Test
    void threadsThatAdvanceAtTheSameTimeTakeTurns() throws InterruptedException {
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                for (int k = 0; k < 100; k++) {
                    clock.advance(Duration.ofNanos(1));
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(clock.nanoTime()).isEqualTo(400);
    }

    @Test
    void timeDoesNotGoBack() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
                .withMessageContaining("PT-0.000000001S");
        assertThatIllegalArgumentException().isThrownBy(() -> clock.stall(Duration.ofNanos(-1)));
    }

    @Test
    void advanceThrowsWhatAnEventThrew() {
        clock.arrival(10, () -> {
            throw new IllegalStateException("an event of a test");
        });
        clock.arrival(20, () -> happened.add("later"));
        assertThatThrownBy(() -> clock.advance(Duration.ofNanos(20))).hasRootCauseMessage("an event of a test");
        assertThat(happened).containsExactly("later");
    }
}
