// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals to a run that the script {@code netecho} has started, in a tree whose jar is the class path of this test. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@EnabledOnOs(value = OS.LINUX, disabledReason = "POSIX signals, blocked by coreutils' env")
class SignalTest {
    private static final String INTERIM = "127\\.0\\.0\\.1: (\\d+)/\\1 packets, 0% loss, "
            + "rtt min/avg/max/mdev = 0\\.042/0\\.042/0\\.042/0\\.000 ms";

    private final List<Process> started = new ArrayList<>();

    @TempDir
    Path folder;

    @BeforeEach
    void makeTree() throws IOException, InterruptedException {
        Path original = Path.of("..", "netecho").toAbsolutePath().normalize();
        assumeTrue(Files.exists(original), "the sources of the command are not in a tree of the project");
        assumeTrue(canBlock(), "the env of this system cannot block signals");
        Path target = Files.createDirectories(folder.resolve("cli/target"));
        Files.copy(original, folder.resolve("netecho"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(folder.resolve("pom.xml"), "");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        StringBuilder classPath = new StringBuilder();
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : path.split(File.pathSeparator, -1)) {
            classPath.append(Path.of(entry).toUri()).append(' ');
        }
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath.toString());
        try (OutputStream jar = Files.newOutputStream(target.resolve("netecho-cli-1.jar"));
                JarOutputStream entries = new JarOutputStream(jar, manifest)) {
            entries.finish();
        }
        Files.writeString(target.resolve("netecho.built"), "");
    }

    /** A process that is not ended by its test would keep its pipes open. */
    @AfterEach
    void endProcesses() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static boolean canBlock() throws IOException, InterruptedException {
        return new ProcessBuilder("env", "--block-signal=QUIT", "true").start().waitFor() == 0;
    }

    /** Runs {@code netecho ping} by a shell, which gets the command line as its arguments. */
    private Process ping(String shell, String... args) throws IOException {
        return netecho(shell, "ping", args);
    }

    private Process netecho(String shell, String name, String... args) throws IOException {
        // Whoever started the tests, such as nohup, may ignore signals, and their children inherit that.
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=HUP,INT,QUIT,TERM",
                "sh",
                "-c",
                shell,
                "sh",
                folder.resolve("netecho").toString(),
                name,
                "--provider",
                "scripted"));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("NETECHO_JAVA_OPTS");
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private static void kill(String signal, String pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor())
                .as("kill -%s %s", signal, pid)
                .isZero();
    }

    private static String readUntil(BufferedReader reader, String part) throws IOException {
        String line;
        do {
            line = reader.readLine();
        } while (line != null && !line.contains(part));
        return String.valueOf(line);
    }

    private static void assertThatItEndsWell(Process process, BufferedReader out) throws InterruptedException {
        assertThat(out.lines().toList())
                .contains("--- 127.0.0.1 ping statistics ---")
                .last()
                .asString()
                .startsWith("rtt min/avg/max/mdev = ");
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void aSignalEndsTheRunWithItsReport(String signal) throws IOException, InterruptedException {
        Process process = ping("exec \"$@\"", "-i", "0.02", "127.0.0.1");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            readUntil(out, "icmp_seq=3 ");
            kill(signal, Long.toString(process.pid()));
            assertThatItEndsWell(process, out);
        }
        assertThat(process.errorReader(StandardCharsets.UTF_8).lines()).isEmpty();
    }

    @Test
    void anInterruptEndsABackgroundJob() throws IOException, InterruptedException {
        Process process = ping("\"$@\" & echo $! >&2; wait $!", "-i", "0.02", "127.0.0.1");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
                BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
            String pid = err.readLine();
            readUntil(out, "icmp_seq=3 ");
            kill("INT", pid);
            assertThatItEndsWell(process, out);
            assertThat(err.lines()).isEmpty();
        }
    }

    @Test
    void aHangUpThatIsIgnoredDoesNotEndTheRun() throws IOException, InterruptedException {
        Process process = ping("trap '' HUP; exec \"$@\"", "-i", "0.02", "127.0.0.1");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            readUntil(out, "icmp_seq=3 ");
            kill("HUP", Long.toString(process.pid()));
            assertThat(readUntil(out, "icmp_seq=20 ")).contains("icmp_seq=20 ");
            kill("INT", Long.toString(process.pid()));
            assertThatItEndsWell(process, out);
        }
    }

    @Test
    void anInterruptBeforeTheRunEndsTheProcess() throws IOException, InterruptedException {
        Process process = ping("exec \"$@\"", "-f", "-");
        // Nothing comes on standard input: the run waits for its targets. Sent earlier, the signal waits for the
        // program.
        kill("INT", Long.toString(process.pid()));
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
        assertThat(process.errorReader(StandardCharsets.UTF_8).lines()).isEmpty();
    }

    @Test
    void aHangUpMakesTheAgentReadItsConfigurationAgain() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("agent.yml"), "targets: [127.0.0.1]");
        Process process = netecho("exec \"$@\"", "agent", "--config", file.toString(), "--listen", "127.0.0.1:0");
        String pid = Long.toString(process.pid());
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
                BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).startsWith("netecho agent: watching 1 target, http://127.0.0.1:");
            Files.writeString(file, "targets: [127.0.0.1, 127.0.0.2]");
            kill("HUP", pid);
            assertThat(err.readLine()).startsWith("netecho agent: watching 2 targets, ");
            Files.writeString(file, "targets: 1");
            kill("HUP", pid);
            assertThat(err.readLine())
                    .startsWith("netecho agent: the last configuration stays in force: ")
                    .endsWith(" line 1: targets is \"1\"; it must be a list");
            kill("TERM", pid);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(err.lines()).isEmpty();
        }
    }

    @Test
    void quitPrintsInterimSummariesAndTheRunContinues() throws IOException, InterruptedException {
        Process process = ping("exec \"$@\"", "--json", "-i", "0.02", "127.0.0.1");
        List<String> lines = new ArrayList<>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
                BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
            for (int sequence : new int[] {3, 13}) {
                lines.add(readUntil(out, "\"sequence\":" + sequence + ","));
                kill("QUIT", Long.toString(process.pid()));
                assertThat(err.readLine()).matches(INTERIM);
            }
            // Not after a number of requests: on a busy machine the signal may come later than the last of them.
            kill("INT", Long.toString(process.pid()));
            out.lines().forEach(lines::add);
            assertThat(err.lines()).isEmpty();
        }
        assertThat(lines).allMatch(line -> line.startsWith("{\"type\":\"") && line.endsWith("}"));
        assertThat(lines)
                .anyMatch(line ->
                        line.contains("\"summary\",\"target\":\"127.0.0.1\",\"address\":\"127.0.0.1\",\"asked\":"));
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
