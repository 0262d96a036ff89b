// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class SessionTest {
    @TempDir
    Path target;

    private Session session(String... words) throws UsageException {
        return new Session(
                Arguments.parse(List.of(words), List.of()),
                new Figures(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8)),
                target);
    }

    @Test
    void aQuickRunHasFewerAndShorterTurnsUnlessToldOtherwise() throws UsageException {
        assertThat(session().pairs()).isEqualTo(7);
        assertThat(session("--quick").pairs()).isEqualTo(3);
        assertThat(session("--quick", "--pairs", "5").pairs()).isEqualTo(5);
        assertThat(session("--quick").seconds()).isLessThan(session().seconds());
    }

    @Test
    void aProgramThatIsNotThereIsMissingAndNotAnError() throws UsageException {
        Session session = session();
        assertThatThrownBy(() -> session.tool("no-such-program"))
                .isInstanceOf(MissingToolException.class)
                .hasMessage("no-such-program is not installed");
        assertThatThrownBy(() -> session.c("reference"))
                .isInstanceOf(MissingToolException.class)
                .hasMessageContaining("C compiler");
    }

    @Test
    void aProgramIsRunToItsEndWithWhatItWrote() throws Exception {
        Finished finished = session()
                .run(new ProcessBuilder("sh", "-c", "echo out=1; echo err=2 >&2; exit 3"), Duration.ofMinutes(1));
        assertThat(finished).isEqualTo(new Finished(3, "out=1\nerr=2\n"));
    }

    @Test
    void aProgramThatTakesTooLongIsKilled() throws UsageException {
        Session session = session();
        assertThatThrownBy(() -> session.run(new ProcessBuilder("sleep", "600"), Duration.ofMillis(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("sleep had not ended after 1 ms");
    }

    @Test
    void programsEndWithTheRunAndNoneIsStartedAfterwards() throws Exception {
        Session session = session();
        Process process = session.start(new ProcessBuilder("sleep", "600"));
        session.shutDown();
        assertThat(process.isAlive()).isFalse();
        assertThatThrownBy(() -> session.start(new ProcessBuilder("sleep", "600")))
                .isInstanceOf(IOException.class);
    }
}
