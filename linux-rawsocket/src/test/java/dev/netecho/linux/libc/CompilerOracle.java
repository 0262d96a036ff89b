// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Asks the C compiler of this machine what the headers of this machine say. */
final class CompilerOracle {
    private CompilerOracle() {}

    /** Compiles and runs a C program, and returns the lines that it prints; skips the test without a compiler. */
    static List<String> run(Path directory, String source) throws IOException, InterruptedException {
        Assumptions.assumeTrue(isInstalled(), "no C compiler: `cc --version` does not run on this machine");
        Path file = Files.writeString(directory.resolve("oracle.c"), source);
        Path program = directory.resolve("oracle");
        execute(directory, "cc", "-o", program.toString(), file.toString());
        return execute(directory, program.toString());
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            return finish(new ProcessBuilder("cc", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start())
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> execute(Path directory, String... command) throws IOException, InterruptedException {
        Path output = directory.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int status = finish(process);
        List<String> lines = Files.readAllLines(output);
        assertThat(status)
                .as("exit status of %s, which printed %s", List.of(command), lines)
                .isZero();
        return lines;
    }

    private static int finish(Process process) throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("not finished after 60 s: " + process.info());
        }
        return process.exitValue();
    }
}
