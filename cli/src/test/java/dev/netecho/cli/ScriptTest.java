// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code netecho} in a tree of its own, with a Maven and a JVM that only say how they were called. */
@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a POSIX shell script")
class ScriptTest {
    @TempDir
    Path folder;

    private Path tree;
    private Path jdk;

    private record Result(int status, String out, String err) {}

    @BeforeEach
    void makeTree() throws IOException {
        Path original = Path.of("..", "netecho").toAbsolutePath().normalize();
        assumeTrue(Files.exists(original), "the sources of the command are not in a tree of the project");
        tree = folder.resolve("a tree with spaces");
        Files.createDirectories(tree.resolve("cli/src/main"));
        Files.createDirectories(tree.resolve("core/src/main"));
        Files.copy(original, tree.resolve("netecho"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String file : List.of("pom.xml", "cli/pom.xml", "core/pom.xml", "core/src/main/A.java")) {
            Files.writeString(tree.resolve(file), "");
        }
        script(
                tree.resolve("mvnw"),
                "echo built >> builds && mkdir -p cli/target/lib && : > cli/target/netecho-cli-1.jar");
        jdk = jdk("17.0.15");
    }

    private Path jdk(String version) throws IOException {
        Path home = folder.resolve("jdk " + version);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/java"), "for a; do echo \"$a\"; done; exit 7");
        return home;
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Result run(Path script, String... args) throws IOException, InterruptedException {
        return runWith(System.getenv("PATH"), script, args);
    }

    private Result runWith(String path, Path script, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().put("PATH", path);
        builder.environment().remove("NETECHO_JAVA_OPTS");
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Result(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private long builds() throws IOException {
        Path log = tree.resolve("builds");
        return Files.exists(log) ? Files.readAllLines(log).size() : 0;
    }

    @Test
    void theFirstRunBuildsAndTheNextOnlyRun() throws IOException, InterruptedException {
        Result first = run(tree.resolve("netecho"), "ping", "-c", "1", "two words");
        assertThat(first.err).startsWith("netecho: building").hasLineCount(1);
        assertThat(first.status).isEqualTo(7);
        assertThat(first.out).endsWith("dev.netecho.cli.NetechoCommand\nping\n-c\n1\ntwo words\n");
        Result second = run(tree.resolve("netecho"), "doctor");
        assertThat(second.err).isEmpty();
        assertThat(second.out)
                .contains(tree.toRealPath() + "/cli/target/netecho-cli-1.jar:")
                .doesNotContain("native-access");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void theAgentAloneGetsItsLibraries() throws IOException, InterruptedException {
        run(tree.resolve("netecho"), "agent");
        String agent = run(tree.resolve("netecho"), "agent", "127.0.0.1").out;
        assertThat(agent)
                .contains("/cli/target/lib/*:" + tree.toRealPath() + "/cli/target/agent/*\n")
                .doesNotContain("TieredStopAtLevel");
        assertThat(run(tree.resolve("netecho"), "ping", "agent").out)
                .contains("/cli/target/lib/*\n", "TieredStopAtLevel=1")
                .doesNotContain("target/agent");
    }

    @Test
    void aNewerSourceBuildsAgain() throws IOException, InterruptedException {
        run(tree.resolve("netecho"));
        Files.setLastModifiedTime(
                tree.resolve("core/src/main/A.java"),
                FileTime.from(Instant.now().plusSeconds(5)));
        run(tree.resolve("netecho"));
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void itRunsThroughASymbolicLink() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("a tree with spaces", "netecho"));
        Path linkToLink = Files.createSymbolicLink(folder.resolve("link2"), link);
        assertThat(run(linkToLink, "doctor").out).endsWith("doctor\n");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void jdksThatWarnAboutNativeAccessAreToldToAllowIt() throws IOException, InterruptedException {
        jdk = jdk("25");
        assertThat(run(tree.resolve("netecho")).out).contains("--enable-native-access=ALL-UNNAMED\n");
    }

    @Test
    void theProgramTakesSignalsOnlyWhereTheyCanBeBlocked() throws IOException, InterruptedException {
        Path commands = Files.createDirectory(folder.resolve("commands"));
        String path = commands + File.pathSeparator + System.getenv("PATH");
        script(commands.resolve("env"), "[ \"$1\" = --block-signal=HUP,INT,QUIT,TERM ] && shift && exec \"$@\"");
        assertThat(runWith(path, tree.resolve("netecho")).out).contains("-Xrs\n-Dnetecho.signals=blocked\n");
        script(commands.resolve("env"), "exit 125");
        Result result = runWith(path, tree.resolve("netecho"));
        assertThat(result.out).doesNotContain("-Xrs", "netecho.signals").endsWith("NetechoCommand\n");
        assertThat(result.err).isEmpty();
    }

    @Test
    void closedStandardInputAndOutputAreReported() throws IOException, InterruptedException {
        Path script = tree.resolve("netecho");
        assertThat(run(script).out).doesNotContain("netecho.stdin");
        Path closing = folder.resolve("closing");
        script(closing, "exec \"$1\" ping <&-");
        assertThat(run(closing, script.toString()).out).contains("-Dnetecho.stdin=closed\n");
        script(closing, "exec \"$1\" ping >&-");
        Result result = run(closing, script.toString());
        assertThat(result.err)
                .isEqualTo("netecho: standard output is closed; redirect it, for instance to /dev/null\n");
        assertThat(result.status).isEqualTo(2);
        script(closing, "exec \"$1\" ping 2>&-");
        assertThat(run(closing, script.toString()).status).isEqualTo(7);
    }

    @Test
    void anOldJavaIsNamedInOneLine() throws IOException, InterruptedException {
        jdk = jdk("1.8.0_402");
        Result result = run(tree.resolve("netecho"), "doctor");
        assertThat(result.err)
                .isEqualTo("netecho: " + jdk + "/bin/java is Java 8; 17 or newer is needed: set JAVA_HOME\n");
        assertThat(result.status).isEqualTo(2);
        assertThat(builds()).isZero();
    }

    @Test
    void aWrongJavaHomeIsNamedInOneLine() throws IOException, InterruptedException {
        jdk = folder.resolve("nothing");
        Result result = run(tree.resolve("netecho"));
        assertThat(result.err)
                .isEqualTo("netecho: JAVA_HOME is \"" + jdk
                        + "\", which has no bin/java; set it to a JDK 17 or newer, or unset it\n");
        assertThat(result.status).isEqualTo(2);
    }

    @Test
    void aBuildThatFailsShowsItsEnd() throws IOException, InterruptedException {
        script(tree.resolve("mvnw"), "echo no network; exit 1");
        Result result = run(tree.resolve("netecho"));
        assertThat(result.err).contains("no network\n", "netecho: the build failed; the whole log is in ");
        assertThat(result.out).isEmpty();
        assertThat(result.status).isEqualTo(2);
    }
}
