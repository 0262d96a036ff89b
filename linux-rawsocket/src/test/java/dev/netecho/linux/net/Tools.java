// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The programs of other people that these tests run. */
final class Tools {
    private static final long SECONDS = 30;
    private static final String PATH = System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin";

    private Tools() {}

    /** Skips the test where a program is not installed; fails it where {@code netecho.ci} is {@code true}. */
    static void require(String... programs) {
        for (String program : programs) {
            if (Arrays.stream(PATH.split(File.pathSeparator)).noneMatch(d -> new File(d, program).canExecute())) {
                missing("needs the program " + program);
            }
        }
    }

    private static void missing(String reason) {
        if (Boolean.getBoolean("netecho.ci")) {
            throw new AssertionError("netecho.ci=true forbids skipping: " + reason);
        }
        Assumptions.abort(reason);
    }

    static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PATH", PATH);
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    /** {@return what the command printed, errors included; it must succeed within 30 seconds} */
    static String run(List<String> command) {
        try {
            Process process = builder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " failed:\n" + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted in " + command, e);
        }
    }
}
