// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@LabTest
@Timeout(60)
class LabProgramTest {
    @Test
    void runsInItsNamespaceUntilStandardInputEnds() throws IOException, InterruptedException {
        Process program = start(List.of("unshare", "-n"));
        try (BufferedReader out = program.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("lab ready");
            assertThat(program.isAlive()).isTrue();
            program.getOutputStream().close();
            assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(program.exitValue()).isZero();
            assertThat(out.readLine()).isNull();
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void endsAtSigterm() throws IOException, InterruptedException {
        Process program = start(List.of("unshare", "-n"));
        try (BufferedReader out = program.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("lab ready");
            program.destroy();
            assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(program.exitValue()).isEqualTo(128 + 15);
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void aNamespaceWithAnotherInterfaceUpIsRefused() throws IOException, InterruptedException {
        Process program = start(List.of());
        try (BufferedReader err = program.errorReader(StandardCharsets.UTF_8)) {
            assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(program.exitValue()).isEqualTo(1);
            assertThat(err.readLine()).contains("netecho0 up", "unshare -n");
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void printsThePlan() throws IOException {
        Process program = start(List.of(), "--plan");
        try (BufferedReader out = program.inputReader(StandardCharsets.UTF_8)) {
            assertThat(String.join("\n", out.lines().toList()) + "\n").isEqualTo(LabPlan.toMarkdown());
        } finally {
            program.destroyForcibly();
        }
    }

    private static Process start(List<String> launcher, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            // Else its warning is what standard error begins with.
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(LabProgram.class.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }
}
