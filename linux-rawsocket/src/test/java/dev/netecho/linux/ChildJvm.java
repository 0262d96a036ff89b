// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Starts a JVM of its own in the namespace of the test. */
final class ChildJvm {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** The first JDK that has the option for good. */
    private static final int NATIVE_ACCESS = 22;

    private ChildJvm() {}

    /** What a child wrote and how it ended. */
    record Result(int status, String output) {}

    /**
     * Runs a program to its end.
     *
     * @param wrapper a command that runs the rest of its arguments, such as setpriv; may be empty
     * @param classPath which elements of the class path of the tests the child sees
     * @param arguments options of the JVM, the class, its arguments
     */
    static Result run(List<String> wrapper, Predicate<String> classPath, String... arguments)
            throws IOException, InterruptedException {
        return end(start(wrapper, classPath, arguments));
    }

    /** The same without a wrapper, with jars in the place of some elements of the class path. */
    static Result runWith(List<Path> jars, Predicate<String> classPath, String... arguments)
            throws IOException, InterruptedException {
        List<String> elements = new ArrayList<>(classPath(classPath));
        jars.forEach(jar -> elements.add(jar.toString()));
        return end(startOn(List.of(), elements, arguments));
    }

    /** The same with the whole class path and without a wrapper, for a program that takes its time. */
    static Result run(Duration patience, String... arguments) throws IOException, InterruptedException {
        return run(patience, List.of(), arguments);
    }

    /** The same with a wrapper. */
    static Result run(Duration patience, List<String> wrapper, String... arguments)
            throws IOException, InterruptedException {
        return end(start(wrapper, everything(), arguments), patience);
    }

    /** Runs a program as a user who may not read the class path of the tests: it is copied to where everybody may. */
    static Result runReadable(List<String> wrapper, String... arguments) throws IOException, InterruptedException {
        return runReadable(PATIENCE, wrapper, arguments);
    }

    /** The same for a program that takes its time. */
    static Result runReadable(Duration patience, List<String> wrapper, String... arguments)
            throws IOException, InterruptedException {
        Path copy = Files.createTempDirectory("netecho-class-path");
        try {
            List<String> elements = new ArrayList<>();
            for (String element : classPath(everything())) {
                Path target = copy.resolve(String.valueOf(elements.size()));
                copy(Path.of(element), target);
                elements.add(target.toString());
            }
            allowReading(copy);
            return end(startOn(wrapper, elements, arguments), patience);
        } finally {
            delete(copy);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.exists(from)) {
            return; // a class path may name folders that a module does not have
        }
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void allowReading(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Files.setPosixFilePermissions(
                        file, PosixFilePermissions.fromString(Files.isDirectory(file) ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    static Running start(List<String> wrapper, Predicate<String> classPath, String... arguments) throws IOException {
        return startOn(wrapper, classPath(classPath), arguments);
    }

    private static Running startOn(List<String> wrapper, List<String> classPath, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xshare:auto");
        command.add("-XX:TieredStopAtLevel=1");
        if (Runtime.version().feature() >= NATIVE_ACCESS) {
            // Else the JVM warns, in the child's output.
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.add("-cp");
        command.add(String.join(":", classPath));
        command.addAll(Arrays.asList(arguments));
        Path output = Files.createTempFile("netecho-child", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new Running(process, output);
    }

    /** A child and the file that it writes to. */
    record Running(Process process, Path output) {}

    static Result end(Running running) throws IOException, InterruptedException {
        return end(running, PATIENCE);
    }

    private static Result end(Running running, Duration patience) throws IOException, InterruptedException {
        try {
            boolean ended = running.process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
            String text = Files.readString(running.output, StandardCharsets.UTF_8);
            if (!ended) {
                throw new AssertionError("the child did not end in " + patience + ": " + text);
            }
            return new Result(running.process.exitValue(), text);
        } finally {
            running.process.destroyForcibly();
            Files.delete(running.output);
        }
    }

    private static List<String> classPath(Predicate<String> wanted) {
        // Surefire gives the real class path in a property of its own when it starts the JVM from a manifest.
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Pattern.compile(":").splitAsStream(path).filter(wanted).toList();
    }

    static Predicate<String> everything() {
        return element -> true;
    }

    static Predicate<String> without(String artifact) {
        return element -> !Path.of(element).getFileName().toString().startsWith(artifact);
    }
}
