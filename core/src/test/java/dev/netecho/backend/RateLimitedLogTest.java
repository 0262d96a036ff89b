// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

final class RateLimitedLogTest {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final List<String> written = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong();
    private boolean broken;

    private final Logger logger = (Logger) Proxy.newProxyInstance(
            Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (self, method, all) -> {
                assertThat(method.getName()).isEqualTo("warn");
                if (broken) {
                    throw new OutOfMemoryError("by the test");
                }
                Object[] arguments = (Object[]) all[1];
                written.add(arguments[0] + ": " + arguments[1] + (arguments[2] == null ? "" : " " + arguments[2]));
                return null;
            });

    private RateLimitedLog log(long start) {
        clock.set(start);
        return new RateLimitedLog(logger, clock::get);
    }

    @ParameterizedTest(name = "from {0}")
    @ValueSource(longs = {0, -5, Long.MAX_VALUE, Long.MIN_VALUE})
    void writesAtMostOnceAMinute(long start) {
        RateLimitedLog log = log(start);
        assertThat(log.isDue()).isTrue();
        log.warn("it", "first", null);
        assertThat(log.isDue()).isFalse();
        log.warn("it", "at once", null);
        clock.addAndGet(MINUTE - 1);
        log.warn("it", "a nanosecond too early", null);
        assertThat(written).containsExactly("it: first");
        clock.addAndGet(1);
        log.warn("it", "second", new IllegalStateException("thrown"));
        assertThat(written).containsExactly("it: first", "it: second java.lang.IllegalStateException: thrown");
    }

    @ParameterizedTest(name = "from {0}")
    @ValueSource(longs = {0, Long.MAX_VALUE})
    void survivesALoggerThatThrowsAndTriesAgain(long start) {
        RateLimitedLog log = log(start);
        broken = true;
        log.warn("it", "lost", null);
        broken = false;
        log.warn("it", "written", null);
        assertThat(written).containsExactly("it: written");
    }
}
