// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A library that a child JVM loads first, so that it sees another system than there is. */
final class PreloadedLibrary {
    private PreloadedLibrary() {}

    /**
     * Compiles one, and skips the test where there is no C compiler.
     *
     * @param source C without headers: a compiler need not have those of the C library
     * @param directory takes its files
     * @return its path, for {@code LD_PRELOAD}
     */
    static Path compile(String source, Path directory) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("preloaded.c"), source);
        Path library = directory.resolve("libpreloaded.so");
        Path output = directory.resolve("output.txt");
        Process compiler;
        try {
            compiler = new ProcessBuilder(
                            "cc", "-shared", "-fPIC", "-nostdlib", "-o", library.toString(), file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            return Assumptions.abort("no C compiler: " + e.getMessage());
        }
        assertThat(compiler.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(compiler.exitValue()).as(Files.readString(output)).isZero();
        return library;
    }
}
