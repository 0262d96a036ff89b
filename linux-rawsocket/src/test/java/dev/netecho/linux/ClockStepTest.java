// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.cases.Covers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The wall clock is set while requests are in flight. That of this machine is everybody's; so a library that is loaded
 * first makes it look so to one process, while the stamps of the kernel stay what they are.
 */
@InPrivateNamespace
@Timeout(180)
@SuppressWarnings("try") // the silence lasts as long as its block, which has no use for its name
final class ClockStepTest {
    /** Without headers: a compiler need not have those of the C library. The numbers are those of asm/unistd.h. */
    private static final String SOURCE = """
            #ifdef __x86_64__
            enum { GETTIME = 228, GETTIMEOFDAY = 96 };
            #else
            enum { GETTIME = 113, GETTIMEOFDAY = 169 };
            #endif
            enum { REALTIME = 0, REALTIME_COARSE = 5 };
            extern long syscall(long number, ...);
            struct time { long seconds; long fraction; };
            static volatile long offset;
            void netechoStep(long seconds) { offset = seconds; }
            int clock_gettime(int clock, struct time *to) {
                int result = (int) syscall(GETTIME, (long) clock, to);
                if (result == 0 && (clock == REALTIME || clock == REALTIME_COARSE)) to->seconds += offset;
                return result;
            }
            int gettimeofday(struct time *to, void *zone) {
                int result = (int) syscall(GETTIMEOFDAY, to, zone);
                if (result == 0 && to) to->seconds += offset;
                return result;
            }
            """;

    private static final String STEP_OF_HOURS = """
            of the kernel before the step
            stepped by HOURS h
            the deadline is unmoved
            not of the kernel while the clocks disagree
            of the kernel when they agree again
            """;

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "TIM-3", cases = "C69")
    void changesNeitherRoundTripsNorDeadlines(EngineVariant variant, @TempDir Path directory) throws Exception {
        Path library = PreloadedLibrary.compile(SOURCE, directory);
        try (Loopback.Silence silence = Loopback.silenceOfIpv6()) {
            ChildJvm.Result child = ChildJvm.run(
                    List.of("env", "LD_PRELOAD=" + library),
                    ChildJvm.everything(),
                    ClockStepProgram.class.getName(),
                    variant.name());

            assertThat(child.output())
                    .isEqualTo(STEP_OF_HOURS.replace("HOURS", "1") + STEP_OF_HOURS.replace("HOURS", "-1"));
            assertThat(child.status()).isZero();
        }
    }
}
