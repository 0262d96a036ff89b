// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** One run of the command: its settings, its figures, and the programs it starts, all of which it ends. */
public final class Session {
    private final Arguments arguments;
    private final Figures figures;
    private final Path target;
    private final Set<Process> processes = ConcurrentHashMap.newKeySet();
    private volatile boolean shuttingDown;

    /**
     * Creates it.
     *
     * @param arguments the settings
     * @param figures where figures go
     * @param target the folder of everything built, where {@code c/} is looked for and files may be written
     */
    Session(Arguments arguments, Figures figures, Path target) {
        this.arguments = arguments;
        this.figures = figures;
        this.target = target;
    }

    /** {@return whether turns are to be fewer and shorter} */
    public boolean quick() {
        return arguments.quick();
    }

    /** {@return how many pairs of turns a comparison takes} */
    public int pairs() {
        return arguments.pairs().orElse(quick() ? 3 : 7);
    }

    /** {@return how long a turn measures, in seconds} */
    public double seconds() {
        return arguments.seconds().orElse(quick() ? 0.25 : 2.0);
    }

    /**
     * {@return how long a measurement lasts that needs another time than a turn, in seconds: what the command line
     * says, if it does}
     *
     * @param otherwise the time if nothing is said
     */
    public double secondsOf(double otherwise) {
        return arguments.seconds().orElse(otherwise);
    }

    /** {@return where figures go} */
    public Figures figures() {
        return figures;
    }

    /** {@return a folder for files of experiments; it is not emptied} */
    public Path scratch() throws IOException {
        return Files.createDirectories(target.resolve("experiments"));
    }

    /**
     * Prints a line for people, such as a heading or the state of a long measurement.
     *
     * @param line the line
     */
    public void say(String line) {
        System.out.println(line);
    }

    /**
     * {@return a C program of this module}
     *
     * @param program the name of its source in {@code src/main/c}, without the suffix
     * @throws MissingToolException if it was not built because there is no C compiler
     */
    public Path c(String program) throws MissingToolException {
        Path file = target.resolve("c").resolve(program);
        if (!Files.isExecutable(file)) {
            throw new MissingToolException(
                    "the C program " + program + " is not built; install a C compiler, or set CC");
        }
        return file;
    }

    /**
     * {@return a program of the host}
     *
     * @param name its name, looked for in PATH
     * @throws MissingToolException if it is not installed
     */
    public Path tool(String name) throws MissingToolException {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/sbin:/usr/bin:/sbin:/bin");
        for (String folder : path.split(":", -1)) {
            Path file = Path.of(folder).resolve(name);
            if (!folder.isEmpty() && Files.isExecutable(file)) {
                return file;
            }
        }
        throw new MissingToolException(name + " is not installed");
    }

    /**
     * {@return the folder of a JDK 25}
     *
     * <p>The JDK of this run if it is one, else the first in {@code JAVA_HOME}, {@code /usr/lib/jvm} or
     * {@code /opt/java}.
     *
     * @throws IOException if a folder cannot be listed
     */
    public Optional<Path> jdk25() throws IOException {
        List<Path> candidates = new ArrayList<>(List.of(ownJdk()));
        Optional.ofNullable(System.getenv("JAVA_HOME")).map(Path::of).ifPresent(candidates::add);
        for (Path folder : List.of(Path.of("/usr/lib/jvm"), Path.of("/opt/java"))) {
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> homes = Files.newDirectoryStream(folder)) {
                    homes.forEach(candidates::add);
                }
            }
        }
        for (Path home : candidates) {
            if (majorVersion(home) == 25) {
                return Optional.of(home);
            }
        }
        return Optional.empty();
    }

    private static Path ownJdk() {
        return Path.of(System.getProperty("java.home"));
    }

    /** The major version in a JDK's file {@code release}; 0 if there is none. */
    private static int majorVersion(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isReadable(release) || !Files.isExecutable(home.resolve("bin/java"))) {
            return 0;
        }
        for (String line : Files.readAllLines(release)) {
            if (line.startsWith("JAVA_VERSION=\"")) {
                String[] parts = line.substring("JAVA_VERSION=\"".length()).split("[.\"]", -1);
                return Integer.parseInt(parts[0]);
            }
        }
        return 0;
    }

    /**
     * {@return a JVM of this run's JDK, with this run's class path}
     *
     * @param jvmOptions its options
     * @param main the class with the main method
     * @param args the arguments of that method
     * @throws IOException if the JDK's version cannot be read
     */
    public ProcessBuilder java(List<String> jvmOptions, Class<?> main, String... args) throws IOException {
        return java(ownJdk(), jvmOptions, main, args);
    }

    /**
     * {@return a JVM of another JDK, with this run's class path}
     *
     * @param home the folder of the JDK
     * @param jvmOptions its options
     * @param main the class with the main method
     * @param args the arguments of that method
     * @throws IOException if the JDK's version cannot be read
     */
    public ProcessBuilder java(Path home, List<String> jvmOptions, Class<?> main, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/java").toString());
        // JDK 17 to 21 know the flag for an incubating module only, and warn about it; from 24 on its absence warns.
        if (majorVersion(home) >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command);
    }

    /**
     * Starts a program that is ended with the experiment at the latest.
     *
     * @param builder the program
     * @return the running program
     * @throws IOException if it cannot be started
     */
    public Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        processes.add(process);
        if (shuttingDown) { // only now: whoever shuts down has seen this process, or is seen here
            end(process);
            throw new IOException("the run is being ended");
        }
        return process;
    }

    /**
     * Runs a program to its end.
     *
     * @param builder the program; its standard error becomes part of the output
     * @param limit after which it is killed
     * @return what became of it
     * @throws IOException if it cannot be started, or had to be killed
     * @throws InterruptedException if this thread is interrupted
     */
    public Finished run(ProcessBuilder builder, Duration limit) throws IOException, InterruptedException {
        Path file = Files.createTempFile(scratch(), "output-", ".txt");
        try {
            Process process = start(builder.redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(file.toFile()));
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            end(process);
            String output = Files.readString(file, StandardCharsets.UTF_8);
            if (!ended) {
                throw new IOException(builder.command().get(0) + " had not ended after " + limit.toMillis()
                        + " ms and was killed; it wrote: " + output);
            }
            return new Finished(process.exitValue(), output);
        } finally {
            Files.delete(file);
        }
    }

    /**
     * Runs a short command that has to succeed.
     *
     * @param builder the command
     * @throws IOException if it cannot be started, takes more than ten seconds, or fails; the message has its output
     * @throws InterruptedException if this thread is interrupted
     */
    public void succeed(ProcessBuilder builder) throws IOException, InterruptedException {
        Finished finished = run(builder, Duration.ofSeconds(10));
        if (finished.status() != 0) {
            throw new IOException(String.join(" ", builder.command()) + " failed with status " + finished.status()
                    + ": " + finished.output().strip());
        }
    }

    /**
     * Ends a program that was started with {@link #start}, and what it has started.
     *
     * @param process the program
     */
    public void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        processes.remove(process);
    }

    /** Ends every program that still runs, and those that other threads are about to start. */
    void shutDown() {
        shuttingDown = true;
        endAll();
    }

    /** Ends every program that still runs. */
    void endAll() {
        List.copyOf(processes).forEach(this::end);
    }
}
