// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

class ListenerFailuresTest {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    @ParameterizedTest
    @ValueSource(longs = {0, -5, Long.MAX_VALUE, Long.MIN_VALUE})
    void areLoggedAtMostOnceAMinuteAndAllCounted(long start) {
        String requester = "listener-failures-from-" + start;
        AtomicLong clock = new AtomicLong(start);
        ListenerFailures failures = new ListenerFailures(requester, clock::get);
        RuntimeException first = new RuntimeException("first");
        RuntimeException last = new RuntimeException("last");

        failures.report(first);
        for (int i = 0; i < 100; i++) {
            failures.report(new RuntimeException("further"));
        }
        clock.addAndGet(MINUTE - 1);
        failures.report(new RuntimeException("a nanosecond before the minute is over"));

        assertThat(RecordedLog.linesWith(requester)).singleElement().satisfies(line -> {
            assertThat(line.level()).isSameAs(Level.WARN);
            assertThat(line.text()).startsWith(requester + ": 1 listener calls threw");
            assertThat(line.thrown()).isSameAs(first);
        });

        clock.addAndGet(1);
        failures.report(last);

        assertThat(RecordedLog.linesWith(requester)).hasSize(2).last().satisfies(line -> {
            assertThat(line.text()).startsWith(requester + ": 102 listener calls threw");
            assertThat(line.thrown()).isSameAs(last);
        });
    }

    /** Whoever reports owes others their outcomes. */
    @Test
    void areCountedWhereTheLogThrows() {
        String requester = "listener-failures-broken-log";
        AtomicLong clock = new AtomicLong();
        ListenerFailures failures = new ListenerFailures(requester, clock::get);
        RecordedLog.breakFor(requester);
        assertThatCode(() -> failures.report(new RuntimeException("any"))).doesNotThrowAnyException();
    }
}
