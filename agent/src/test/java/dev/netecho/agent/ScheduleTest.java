// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final int TARGETS = 100;
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(200);

    private record Asked(TargetState target, long nanos) {}

    private static List<TargetState> targets(int count) throws ConfigException {
        AgentConfig config = AgentConfig.read(new AgentSettings(null, null, null, null, null, null, List.of()));
        List<TargetState> targets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            targets.add(new TargetState(TargetSpec.of("192.0.2." + i), null, config));
        }
        return targets;
    }

    @Test
    void everyTargetIsAskedOncePerIntervalAndTheyAreSpread() throws Exception {
        int rounds = 4;
        List<Asked> asked = new ArrayList<>();
        CountDownLatch enough = new CountDownLatch(rounds * TARGETS);
        LagWatch lag = new LagWatch();
        try (Schedule schedule = new Schedule(
                target -> {
                    asked.add(new Asked(target, System.nanoTime()));
                    enough.countDown();
                },
                lag)) {
            schedule.set(targets(TARGETS), INTERVAL);
            assertThat(enough.await(20, TimeUnit.SECONDS)).isTrue();
        }
        if (lag.skipped() > 0) {
            return; // this machine stood still for a whole interval
        }
        Map<TargetState, Long> counts = new HashMap<>();
        asked.subList(0, rounds * TARGETS).forEach(one -> counts.merge(one.target(), 1L, Long::sum));
        assertThat(counts)
                .hasSize(TARGETS)
                .allSatisfy((target, count) -> assertThat(count).isEqualTo(rounds));
        long least = asked.get(rounds * TARGETS - 1).nanos() - asked.get(0).nanos();
        assertThat(least).isGreaterThan((rounds - 1) * INTERVAL);
    }

    @Test
    void whatIsAddedLaterIsAskedAndWhatIsGoneIsNot() throws Exception {
        List<TargetState> all = targets(3);
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(3);
        try (Schedule schedule = new Schedule(
                target -> {
                    if (target == all.get(0)) {
                        first.countDown();
                    } else {
                        second.countDown();
                    }
                },
                new LagWatch())) {
            schedule.set(all.subList(0, 1), TimeUnit.MILLISECONDS.toNanos(10));
            assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
            schedule.set(all.subList(1, 3), TimeUnit.MILLISECONDS.toNanos(10));
            assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
            schedule.set(List.of(), 1);
        }
    }

    /** Twenty-five targets are due in the same moment of 5 ms. */
    @Test
    void aNewPlanInTheMiddleOfAMomentLeavesNobodyOut() throws Exception {
        List<TargetState> all = targets(4 * TARGETS);
        Map<TargetState, List<Long>> asked = new ConcurrentHashMap<>();
        AtomicInteger count = new AtomicInteger();
        CountDownLatch enough = new CountDownLatch(3 * all.size());
        Schedule[] schedule = new Schedule[1];
        LagWatch lag = new LagWatch();
        long interval = 4 * INTERVAL / 10;
        schedule[0] = new Schedule(
                target -> {
                    asked.computeIfAbsent(target, key -> new CopyOnWriteArrayList<>())
                            .add(System.nanoTime());
                    if (count.incrementAndGet() % 11 == 0) {
                        schedule[0].set(all, interval);
                    }
                    enough.countDown();
                },
                lag);
        try (Schedule running = schedule[0]) {
            running.set(all, interval);
            assertThat(enough.await(20, TimeUnit.SECONDS)).isTrue();
        }
        if (lag.skipped() > 0) {
            return; // this machine stood still for a whole interval
        }
        assertThat(asked)
                .hasSize(all.size())
                .allSatisfy((target, times) -> assertThat(times).hasSizeGreaterThanOrEqualTo(2));
    }

    @Test
    void aRequestThatIsLateIsCounted() {
        LagWatch lag = new LagWatch();
        lag.late(2_000_000);
        lag.late(-5);
        assertThat(lag.counts()[3]).isEqualTo(1);
        assertThat(lag.counts()[0]).isEqualTo(1);
        assertThat(lag.sum()).isEqualTo(0.002);
    }
}
