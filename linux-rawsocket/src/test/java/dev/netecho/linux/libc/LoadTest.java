// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import dev.netecho.spi.OpenFiles;
import dev.netecho.testkit.cases.Covers;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loading in JVMs of its own, as a failure cannot be undone within one. */
final class LoadTest {
    private final Path directory;

    LoadTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private static final String ONLY_JNA = "-Dnetecho.binding=jna";
    private static final String JNA_FIRST = "-Dnetecho.binding=jna,ffm";
    private static final String GRANT = "--enable-native-access=ALL-UNNAMED";
    private static final String NO_FOREIGN = "java.lang.foreign came with JDK 22";

    @Test
    void bindsTheFunctionsAndReportsErrno() throws Exception {
        assertThat(run(withJna())).containsExactly(loaded("JNA"), loaded("JNA"));
    }

    @Test
    @EnabledForJreRange(minVersion = 22, disabledReason = NO_FOREIGN)
    void needsNoJnaWhereNativeAccessIsGranted() throws Exception {
        assertThat(run(withJna(), GRANT)).containsExactly(loaded("java.lang.foreign"), loaded("java.lang.foreign"));
        assertThat(run(withoutJna(), GRANT)).containsExactly(loaded("java.lang.foreign"), loaded("java.lang.foreign"));
        assertThat(run(withJna(), GRANT, ONLY_JNA)).containsExactly(loaded("JNA"), loaded("JNA"));
    }

    @Test
    void takesBothInTheGivenOrder() throws Exception {
        assertThat(run(withJna(), JNA_FIRST)).containsExactly(loaded("JNA"), loaded("JNA"));
    }

    @Test
    @EnabledForJreRange(minVersion = 22, disabledReason = NO_FOREIGN)
    void takesTheSecondWhereTheFirstCannotBeUsed() throws Exception {
        assertThat(run(withoutJna(), GRANT, JNA_FIRST))
                .containsExactly(loaded("java.lang.foreign"), loaded("java.lang.foreign"));
    }

    /** JDK 24 and newer warn then, on standard error. */
    @Test
    @EnabledForJreRange(minVersion = 22, disabledReason = NO_FOREIGN)
    void needsNoGrantWhereJnaCannotBeUsed() throws Exception {
        assertThat(run(withoutJna())).containsExactly(loaded("java.lang.foreign"), loaded("java.lang.foreign"));
        assertThat(run(withJna(), "-Djna.tmpdir=/proc/no-such-directory"))
                .containsExactly(loaded("java.lang.foreign"), loaded("java.lang.foreign"));
    }

    @Test
    @EnabledForJreRange(maxVersion = 21, disabledReason = "newer JDKs have java.lang.foreign")
    void saysTwiceThatThisJdkHasNoForeignFunctions() throws Exception {
        assertSameTwice(run(withJna(), "-Dnetecho.binding=ffm"), "no java.lang.foreign", "JDK 22 or newer");
    }

    @Test
    void saysTwiceThatThereIsNoSuchBinding() throws Exception {
        assertSameTwice(run(withJna(), "-Dnetecho.binding=jni"), "\"jni\"", "set it to ffm or jna");
    }

    private static String loaded(String binding) {
        return "loaded " + binding + " -1 EBADF";
    }

    private static String withJna() {
        return classPathOf(LibC.class, OpenFiles.class, LoadProgram.class, Native.class);
    }

    private static String withoutJna() {
        return classPathOf(LibC.class, OpenFiles.class, LoadProgram.class);
    }

    @Test
    @Covers(
            rules = "PRO-3",
            cases = "C102",
            backends = {"linux-datagram", "linux-raw"})
    void saysTwiceThatJnaIsMissing() throws Exception {
        List<String> lines = run(withoutJna(), ONLY_JNA);

        assertSameTwice(lines, "JNA is missing", "add net.java.dev.jna:jna");
    }

    @Test
    @Covers(
            rules = "PRO-3",
            cases = "C102",
            backends = {"linux-datagram", "linux-raw"})
    void saysTwiceThatTheTemporaryDirectoryIsOfNoUse() throws Exception {
        List<String> lines = run(withJna(), ONLY_JNA, "-Djna.tmpdir=/proc/no-such-directory");

        assertSameTwice(lines, "temporary directory", "-Djna.tmpdir=DIRECTORY");
    }

    /** Class folders, as in a build: there a class cannot be loaded any more. */
    @ParameterizedTest(name = "{0} left")
    @ValueSource(ints = {1, 2, 3})
    @Covers(
            rules = "PRO-3",
            cases = "C102",
            backends = {"linux-datagram", "linux-raw"})
    void saysTwiceThatDescriptorsAreUsedUp(int free) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 150; exec \"$@\"", "sh"));
        command.addAll(java(withJna()));
        command.add(Integer.toString(free));

        assertSameTwice(run(command), "EMFILE", "ulimit -n");
    }

    @Test
    @EnabledForJreRange(minVersion = 22, disabledReason = NO_FOREIGN)
    void loadsAndReportsErrnoWithoutDirectMemory() throws Exception {
        List<String> command =
                new ArrayList<>(java(withoutJna(), GRANT, "-XX:MaxDirectMemorySize=" + LoadProgram.MOST_MEMORY));
        command.add(LoadProgram.NO_MEMORY);

        assertThat(run(command)).containsExactly(loaded("java.lang.foreign"), loaded("java.lang.foreign"));
    }

    @Test
    void saysTwiceThatTheSystemIsNotSupported() throws Exception {
        List<String> lines = run(withJna(), "-Dos.arch=s390x");

        assertSameTwice(lines, "\"s390x\"", "64-bit little-endian JVM");
    }

    @Test
    @EnabledForJreRange(minVersion = 24, disabledReason = "native access can be denied since JDK 24 only (JEP 472)")
    @Covers(
            rules = "PRO-3",
            cases = "C102",
            backends = {"linux-datagram", "linux-raw"})
    void saysTwiceThatNativeAccessIsDenied() throws Exception {
        for (String only : new String[] {"", "jna", "ffm"}) {
            String binding = "-Dnetecho.binding=" + only;
            List<String> lines = run(withJna(), "--illegal-native-access=deny", binding);

            assertSameTwice(lines, "denies native access", GRANT);
            assertThat(lines.get(0).contains("access to JNA")).as(lines.get(0)).isEqualTo(!only.equals("ffm"));
            assertThat(lines.get(0).contains("access to java.lang.foreign"))
                    .as(lines.get(0))
                    .isEqualTo(!only.equals("jna"));
            assertThat(run(withJna(), "--illegal-native-access=deny", binding, GRANT))
                    .as("the remedy works")
                    .containsOnly(loaded(only.equals("jna") ? "JNA" : "java.lang.foreign"));
        }
    }

    private static void assertSameTwice(List<String> lines, String reason, String remedy) {
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).contains(reason).contains(remedy);
        assertThat(lines.get(1)).isEqualTo(lines.get(0));
    }

    private List<String> run(String classPath, String... options) throws Exception {
        return run(java(classPath, options));
    }

    private static List<String> java(String classPath, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classPath, LoadProgram.class.getName()));
        return command;
    }

    private List<String> run(List<String> command) throws Exception {
        Path output = directory.resolve("output.txt");
        Path errors = directory.resolve("errors.txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("not finished after 60 s: " + command);
        }
        assertThat(process.exitValue()).as(() -> read(errors)).isZero();
        return Files.readAllLines(output);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String classPathOf(Class<?>... classes) {
        return Stream.of(classes).map(LoadTest::location).distinct().collect(Collectors.joining(File.pathSeparator));
    }

    private static String location(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        assertThat(source).as("code source of %s", type).isNotNull();
        return Path.of(URI.create(source.getLocation().toString())).toString();
    }
}
