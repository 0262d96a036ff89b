// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * The command lines that the test suite of iputils 20221126 gives to its ping, given to both, in one process and a
 * network namespace of its own.
 */
@DisplayName("What ping passes of the suite of iputils, netecho ping passes")
@EnabledOnOs(value = OS.LINUX, disabledReason = "ping of iputils, network namespaces")
@Timeout(120)
class PingSuiteTest {
    /** A command line of the suite, without the name of the program. */
    private record Line(boolean mustFail, List<String> args) {}

    private static List<Line> suite(boolean root) {
        List<Line> lines = new ArrayList<>();
        add(lines, false, "-V");
        for (String host : List.of("localhost", "127.0.0.1", "::1")) {
            add(lines, false, "-c1", host);
            add(lines, host.equals("::1"), "-4", "-c1", host);
            add(lines, host.equals("127.0.0.1"), "-6", "-c1", host);
        }
        for (String host : List.of("127.0.0.1", "::1")) {
            for (String good : List.of("-c1", "-c5 -i0.1", "-c1 -I lo", "-c1 -w1", "-c1 -W1", "-c1 -W1.1")) {
                add(lines, false, (good + " " + host).split(" ", -1));
            }
            for (String bad : List.of("-c1.1", "-I nonexisting", "-w0.1", "-w0,1")) {
                add(lines, true, (bad + " " + host).split(" ", -1));
            }
            add(lines, !root, "-c1", "-i0.001", host);
        }
        return lines;
    }

    private static void add(List<Line> lines, boolean mustFail, String... args) {
        lines.add(new Line(mustFail, List.of(args)));
    }

    /** Runs in the namespace: a line of output for each of the suite, and with what ping printed if that differs. */
    public static void main(String[] args) throws IOException, InterruptedException {
        for (boolean root : new boolean[] {true, false}) {
            for (Line line : suite(root)) {
                List<String> command = new ArrayList<>(
                        root ? List.of() : List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
                // Whoever reads its output cannot be interrupted.
                command.addAll(List.of("timeout", "20", "ping"));
                command.addAll(line.args);
                Process ping = new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                String out = new String(ping.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                boolean passes = line.mustFail == (ping.waitFor() != 0);

                // As a user, only what the command itself forbids users differs: this JVM is root's.
                CommandRun.Setting setting = root ? new CommandRun.Setting().privileged() : new CommandRun.Setting();
                CommandRun ours = setting.run(
                        Stream.concat(Stream.of("ping"), line.args.stream()).toArray(String[]::new));
                System.out.println("ping " + (passes ? "passes" : "FAILS") + ", netecho ping "
                        + (line.mustFail == (ours.status != 0) ? "passes" : "FAILS") + ": "
                        + (root ? "root " : "user ") + String.join(" ", line.args) + " " + ours.err.strip());
                // Which name of localhost is told is a matter of the resolver.
                if (ping.exitValue() == 0
                        && ours.status == 0
                        && line.args.get(0).startsWith("-c")
                        && !line.args.contains("localhost")
                        && !form(out).equals(form(ours.out))) {
                    System.out.println("DIFFERS: " + form(out) + " AND " + form(ours.out));
                }
            }
        }
    }

    /** {@return what programs read, on one line} */
    private static String form(String out) {
        return out.replaceAll("time=\\d+(\\.\\d{1,3})? ms( \\(\\+/- [\\d.]+ ms\\))?", "time=T ms")
                .replaceAll("time \\d+ms", "time Tms")
                .replaceAll("\\d+\\.\\d{3}/\\d+\\.\\d{3}/\\d+\\.\\d{3}/\\d+\\.\\d{3} ms", "T/T/T/T ms")
                // Later versions of ping put the blank there, too.
                .replaceFirst("^PING ::1\\(", "PING ::1 (")
                // Which address an interface gives is not known before a packet has left.
                .replaceFirst("from \\S+ lo: ", "")
                .strip()
                .replace('\n', '|');
    }

    private static List<String> inNamespace(String program, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "timeout",
                "110",
                "unshare",
                "-n",
                "sh",
                "-c",
                "ip link set lo up && echo 0 2147483647 >/proc/sys/net/ipv4/ping_group_range && exec \"$@\"",
                "sh",
                program));
        command.addAll(Arrays.asList(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(text).isZero();
            return text.lines().toList();
        } finally {
            process.destroyForcibly();
        }
    }

    /** {@return whether the system has what is compared with, and lets this user make a namespace} */
    private static boolean canCompare() throws IOException, InterruptedException {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                    && inNamespace("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "ping", "-V")
                            .get(0)
                            .contains("iputils");
        } catch (IOException | AssertionError e) {
            return false;
        }
    }

    @Test
    void passesWhatPingPasses() throws IOException, InterruptedException {
        assumeTrue(canCompare(), "root, unshare, ip, setpriv and ping of iputils are needed");
        List<String> java = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1"));
        if (Runtime.version().feature() >= 24) {
            java.add("--enable-native-access=ALL-UNNAMED");
        }
        java.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                PingSuiteTest.class.getName()));
        List<String> lines = inNamespace(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), java.toArray(String[]::new));
        lines.forEach(System.out::println);
        assertThat(lines).filteredOn(line -> line.startsWith("ping ")).hasSize(2 * 32);
        assertThat(lines).noneMatch(line -> line.startsWith("ping passes, netecho ping FAILS"));
        assertThat(lines).noneMatch(line -> line.startsWith("DIFFERS"));
    }
}
