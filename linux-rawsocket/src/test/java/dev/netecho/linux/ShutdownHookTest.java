// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.cases.Covers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A shutdown hook sends and closes: every caller has its outcome, and the JVM ends. */
@InPrivateNamespace
@Timeout(180)
@SuppressWarnings("try") // the silence lasts as long as its block, which has no use for its name
final class ShutdownHookTest {
    private static final Pattern REPORT =
            Pattern.compile("told after (\\d+) ms\nclosed after (\\d+) ms: 105 of 105 are closed, 0 are not\n");

    /** 100 ms on an idle machine. */
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    /** Where a listener holds the engine's thread, close() waits five seconds for it (SPEC END-2). */
    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

    @ParameterizedTest
    @CsvSource({
        "CLOSE, DATAGRAM, RAW",
        "CLOSE_WHILE_A_LISTENER_BLOCKS, DATAGRAM, RAW",
        "CLOSE_AFTER_EXIT_IN_A_LISTENER, DATAGRAM, RAW"
    })
    @Covers(rules = "END-2", cases = "C130")
    void everyCallerHasAnOutcomeAndTheJvmEnds(ShutdownHookProgram.Way way, EngineVariant one, EngineVariant other)
            throws Exception {
        try (Loopback.Silence silence = Loopback.silence()) {
            for (ChildJvm.Result child : run(way, one, other)) {
                assertThat(child.status()).as(child.output()).isZero();
                Matcher report = REPORT.matcher(child.output());
                assertThat(report.matches()).as(child.output()).isTrue();
                Duration told = Duration.ofMillis(Long.parseLong(report.group(1)));
                Duration closed = Duration.ofMillis(Long.parseLong(report.group(2)));
                assertThat(told).as(child.output()).isLessThan(AT_ONCE);
                assertThat(closed)
                        .as(child.output())
                        .isLessThan(way == ShutdownHookProgram.Way.CLOSE ? AT_ONCE : FIVE_SECONDS.plus(AT_ONCE));
            }
        }
    }

    @Test
    @Covers(rules = "END-2", cases = "C130")
    void sendingInAHookHasAnOutcomeWithoutClose() throws Exception {
        try (Loopback.Silence silence = Loopback.silence()) {
            for (ChildJvm.Result child :
                    run(ShutdownHookProgram.Way.SEND_ONLY, EngineVariant.DATAGRAM, EngineVariant.RAW)) {
                assertThat(child.status()).as(child.output()).isZero();
                assertThat(child.output()).startsWith("TimedOut").hasLineCount(1);
            }
        }
    }

    /** Both at once, because one of them mostly waits. */
    private static List<ChildJvm.Result> run(ShutdownHookProgram.Way way, EngineVariant... variants) throws Exception {
        List<ChildJvm.Running> running = new ArrayList<>();
        for (EngineVariant variant : variants) {
            running.add(ChildJvm.start(
                    List.of(), ChildJvm.everything(), ShutdownHookProgram.class.getName(), variant.name(), way.name()));
        }
        List<ChildJvm.Result> results = new ArrayList<>();
        for (ChildJvm.Running each : running) {
            results.add(ChildJvm.end(each));
        }
        return results;
    }
}
