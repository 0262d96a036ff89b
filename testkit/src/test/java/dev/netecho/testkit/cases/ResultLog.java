// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where tests leave what they have proven, for the table that the build makes of it.
 *
 * <p>The system property {@code netecho.contract.results} names the directory, {@code netecho.build} the build that
 * results belong to; both are set by the build. Without the first nothing is recorded. Thread-safe.
 */
public final class ResultLog {
    private static final ThreadLocal<@Nullable Consumer<RecordedResult>> REDIRECTED = new ThreadLocal<>();

    private ResultLog() {}

    /**
     * Records how one invocation of a test ended.
     *
     * @param backend the provider's name, or {@code core}
     * @param rule the id of a rule of SPEC.md; empty if there is none to name
     * @param cases the ids of cases; may be empty
     * @param test class and method, such as {@code RoutedErrorTest.aStormOfErrorsHarmsNoOtherRequest}
     * @param result how it ended
     * @param reason why it did not pass; empty if it did
     * @throws java.io.UncheckedIOException if the result cannot be written
     */
    public static void record(
            String backend, String rule, Collection<String> cases, String test, Result result, String reason) {
        RecordedResult recorded = new RecordedResult(backend, rule, List.copyOf(cases), test, result, reason);
        Consumer<RecordedResult> redirected = REDIRECTED.get();
        if (redirected != null) {
            redirected.accept(recorded);
        } else if (OfThisJvm.FILE != null) {
            OfThisJvm.FILE.add(recorded);
        }
    }

    /** Hands the results of tests that are run on this thread to somebody else. */
    static void redirected(Consumer<RecordedResult> to, Runnable tests) {
        Consumer<RecordedResult> before = REDIRECTED.get();
        REDIRECTED.set(to);
        try {
            tests.run();
        } finally {
            REDIRECTED.set(before);
        }
    }

    /** Made when the first result is recorded, and only then. */
    private static final class OfThisJvm {
        static final @Nullable ResultFile FILE = open();

        private static @Nullable ResultFile open() {
            String directory = System.getProperty("netecho.contract.results", "");
            String build = System.getProperty("netecho.build", "");
            return directory.isEmpty() ? null : ResultFile.create(Path.of(directory), build);
        }
    }
}
