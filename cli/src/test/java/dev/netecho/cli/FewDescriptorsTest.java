// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command in processes that may open few files: it works, or says that descriptors are what is missing. */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "ulimit, and the backends of Linux")
class FewDescriptorsTest {
    private static final int ENOUGH = 256;

    private record Result(int limit, int status, String text) {}

    private static Result run(int limit, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n " + limit + "; exec \"$@\"", "sh"));
        command.addAll(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.add("-XX:TieredStopAtLevel=1");
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(
                List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.add(NetechoCommand.class.getName());
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(limit, process.waitFor(), text);
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ping -c 1 127.0.0.1", "doctor"})
    void theReasonNamesTheShortage(String arguments) throws IOException, InterruptedException {
        String[] args = arguments.split(" ", -1);
        Result enough = run(ENOUGH, args);
        List<Result> tight = new ArrayList<>();
        for (int limit = 14; limit < 60; limit += 3) {
            Result result = run(limit, args);
            if (result.status == enough.status && !result.text.contains("EMFILE")) {
                break;
            }
            tight.add(result);
        }
        assertThat(tight).isNotEmpty().allSatisfy(result -> {
            assertThat(result.text)
                    .contains("EMFILE", "ulimit -n")
                    .doesNotContain("defect", "report it", "Exception in thread", "gid ?", "unreadable");
        });
    }
}
