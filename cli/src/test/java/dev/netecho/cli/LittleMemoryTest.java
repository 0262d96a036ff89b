// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command where the heap is full: it says so, and can be ended afterwards. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LittleMemoryTest {
    private static final List<String> BLOCKED = List.of("env", "--block-signal=HUP,INT,QUIT,TERM");

    @TempDir
    Path folder;

    private static Process start(List<String> before, Class<?> program, String... args) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xmx16m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xrs",
                "-Dnetecho.signals=" + (before.isEmpty() ? "" : "blocked"),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                program.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    @Test
    void theMessageSaysWhatToType() throws IOException, InterruptedException {
        Path list = folder.resolve("targets");
        Files.writeString(list, "127.0.0.1\n".repeat(400_000));
        Process process = start(
                List.of(), NetechoCommand.class, "ping", "-c", "1", "--provider", "scripted", "-f", list.toString());
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.lines().toList())
                    .singleElement()
                    .asString()
                    .matches("netecho: out of memory: "
                            + "Java heap space, which is at most 1[56] MB; allow more,"
                            + " such as NETECHO_JAVA_OPTS=-Xmx3[02]m, or "
                            + "name fewer targets at a time");
            assertThat(process.waitFor()).isEqualTo(ExitStatus.UNUSABLE);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "POSIX signals, blocked by coreutils' env")
    void aSignalEndsIt() throws IOException, InterruptedException {
        assumeTrue(
                new ProcessBuilder("env", "--block-signal=QUIT", "true").start().waitFor() == 0,
                "the env of this system cannot block signals");
        Process process = start(BLOCKED, FullHeapProgram.class);
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo(FullHeapProgram.WAS_FULL);
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
        } finally {
            process.destroyForcibly();
        }
    }
}
