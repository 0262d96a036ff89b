// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.spi.Availability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is made from the options of the commands: completion and pages for man(1). */
class HelpTest {
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it runs bash")
    void bashCompletesCommandsAndOptions(@TempDir Path folder) throws IOException, InterruptedException {
        CommandRun run = new CommandRun.Setting().run("completion", "bash");
        assertThat(run.status).isZero();
        Path script = Files.writeString(folder.resolve("completion"), run.out);
        assertThat(completed(script, "netecho", "do")).contains("doctor");
        assertThat(completed(script, "netecho", "ping", "--str")).containsExactly("--strict");
        assertThat(new CommandRun.Setting().run("completion", "zsh").out)
                .contains("bashcompinit\n")
                .endsWith(run.out);
    }

    /** {@return what bash would offer for the last word} */
    private static List<String> completed(Path script, String... words) throws IOException, InterruptedException {
        String line = String.join(" ", words);
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source \"$1\"; COMP_WORDS=($2); COMP_CWORD=" + (words.length - 1) + "; COMP_LINE=$2;"
                                + " COMP_POINT=" + line.length() + "; COMPREPLY=();"
                                + " $(complete -p netecho | sed 's/.*-F \\([^ ]*\\).*/\\1/') netecho \"\" \"\";"
                                + " printf '%s\\n' \"${COMPREPLY[@]}\"",
                        "bash",
                        script.toString(),
                        line)
                // compopt works only in a shell of a terminal
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(out).isZero();
        return out.lines().map(String::strip).toList();
    }

    @Test
    void completionNeedsAShell() {
        CommandRun run = new CommandRun.Setting().run("completion");
        assertThat(run.status).isEqualTo(ExitStatus.UNUSABLE);
        assertThat(run.err)
                .isEqualTo("netecho: Missing required parameter: 'bash|zsh'; see netecho completion --help\n");
    }

    @Test
    void anUnknownShellIsRefused() {
        CommandRun run = new CommandRun.Setting().run("completion", "fish");
        assertThat(run.err).isEqualTo("netecho: the shell is \"fish\"; it must be bash or zsh\n");
        assertThat(run.status).isEqualTo(2);
    }

    @Test
    void everyCommandHasAManPageWithAllItsOptions(@TempDir Path folder) throws IOException {
        ManPages.main(new String[] {folder.toString()});
        try (Stream<Path> pages = Files.list(folder)) {
            assertThat(pages.map(page -> page.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "netecho.1",
                            "netecho-ping.1",
                            "netecho-trace.1",
                            "netecho-mtu.1",
                            "netecho-monitor.1",
                            "netecho-sweep.1",
                            "netecho-agent.1",
                            "netecho-doctor.1",
                            "netecho-completion.1");
        }
        String ping = Files.readString(folder.resolve("netecho-ping.1"));
        assertThat(ping)
                .contains(
                        ".TH NETECHO\\-PING 1 ",
                        "\n\\fB\\-\\-flood\\-allowed\\fR\n",
                        "\n\\fB\\-W\\fR \\fISECONDS\\fR\n")
                .contains("\n.SH NOTES\n", "fe80::1%eth0")
                .doesNotContain("%%");
        assertThat(Files.readString(folder.resolve("netecho.1"))).contains("\n\\fBtrace\\fR\n");
    }

    @Test
    void theVersionNamesProviderAndJvm() {
        CommandRun run = CommandRun.with(new ScriptedProvider()
                        .priority(7)
                        .availability(Availability.available().through("a wire")))
                .run("--version");
        assertThat(run.out)
                .matches("netecho \\S.*\n")
                .contains(", provider scripted (a wire), ", System.getProperty("java.version"));
        assertThat(new CommandRun.Setting().run("ping", "-V").out).contains(", no provider (see netecho doctor), ");
    }
}
