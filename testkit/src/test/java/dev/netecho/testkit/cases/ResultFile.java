// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The results of one JVM: a first line that names the build, then one line each.
 *
 * <p>Several JVMs of a build may write to one directory, each its own file. What another build has left there is
 * deleted by whoever comes first, and does not count for {@link #readAll} either.
 */
final class ResultFile {
    private static final String FIRST_LINE = "build\t";
    private static final String ENDING = ".tsv";

    private final Path file;

    private ResultFile(Path file) {
        this.file = file;
    }

    /**
     * Makes a new file.
     *
     * @param build what all JVMs of one build have in common, and no other build
     */
    static ResultFile create(Path directory, String build) {
        try {
            Files.createDirectories(directory);
            for (Path other : filesIn(directory)) {
                if (!isOf(build, other)) {
                    Files.deleteIfExists(other);
                }
            }
            // Written elsewhere first: whoever lists the directory sees no file without its first line.
            Path unnamed = Files.createTempFile(directory, "results-", ".new");
            Files.writeString(unnamed, FIRST_LINE + build + "\n");
            String name = String.valueOf(unnamed.getFileName()).replace(".new", ENDING);
            return new ResultFile(Files.move(unnamed, directory.resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write results to " + directory, e);
        }
    }

    synchronized void add(RecordedResult result) {
        try {
            Files.writeString(file, result.toLine() + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + file, e);
        }
    }

    /** {@return the results of this build in a directory, which need not exist} */
    static List<RecordedResult> readAll(Path directory, String build) throws IOException {
        List<RecordedResult> results = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            for (Path file : filesIn(directory)) {
                if (isOf(build, file)) {
                    Files.readAllLines(file).stream()
                            .skip(1)
                            .map(RecordedResult::parse)
                            .forEach(results::add);
                }
            }
        }
        return results;
    }

    private static List<Path> filesIn(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, "*" + ENDING)) {
            stream.forEach(files::add);
        }
        files.sort(null);
        return files;
    }

    private static boolean isOf(String build, Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.findFirst().orElse("").equals(FIRST_LINE + build);
        } catch (NoSuchFileException e) {
            return false; // another JVM of this build was quicker to delete it
        }
    }
}
