// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {
    private static final RecordedResult PASSED =
            new RecordedResult("linux-raw", "MAT-1", List.of("C1", "C2"), "EchoTest.replies", Result.PASSED, "");
    private static final RecordedResult SKIPPED =
            new RecordedResult("core", "", List.of(), "EchoTest.waits", Result.SKIPPED, "no lab");

    @TempDir
    Path directory;

    @Test
    void whatWasAddedIsRead() throws IOException {
        ResultFile file = ResultFile.create(directory.resolve("new"), "monday");
        file.add(PASSED);
        file.add(SKIPPED);

        assertThat(ResultFile.readAll(directory.resolve("new"), "monday")).containsExactly(PASSED, SKIPPED);
    }

    @Test
    void filesOfOneBuildAddUp() throws IOException {
        ResultFile.create(directory, "monday").add(PASSED);
        ResultFile.create(directory, "monday").add(SKIPPED);

        assertThat(ResultFile.readAll(directory, "monday")).containsExactlyInAnyOrder(PASSED, SKIPPED);
    }

    @Test
    void resultsOfAnotherBuildNeitherCountNorStay() throws IOException {
        ResultFile.create(directory, "monday").add(PASSED);
        assertThat(ResultFile.readAll(directory, "tuesday")).isEmpty();

        ResultFile.create(directory, "tuesday").add(SKIPPED);
        assertThat(ResultFile.readAll(directory, "tuesday")).containsExactly(SKIPPED);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aDirectoryThatIsNotThereHasNoResults() throws IOException {
        assertThat(ResultFile.readAll(directory.resolve("none"), "monday")).isEmpty();
    }

    @Test
    void severalThreadsMayAdd() throws Exception {
        ResultFile file = ResultFile.create(directory, "monday");
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                for (int k = 0; k < 100; k++) {
                    file.add(PASSED);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(ResultFile.readAll(directory, "monday")).hasSize(400).containsOnly(PASSED);
    }

    @Test
    void aReasonIsOneLineAndNotEndless() {
        RecordedResult failed = new RecordedResult(
                "core", "", List.of("C1"), "T.t", Result.FAILED, "\nexpected:\n\t1\nbut was 2" + " more".repeat(100));

        assertThat(failed.toLine()).doesNotContain("\n");
        assertThat(RecordedResult.parse(failed.toLine()).reason())
                .startsWith("expected: 1 but was 2 more")
                .endsWith(" ...")
                .hasSize(304);
    }

    @Test
    void aLineThatIsNoResultIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordedResult.parse("core\tMAT-1"))
                .withMessage("\"core\tMAT-1\" has 2 fields; a result has 6");
    }
}
