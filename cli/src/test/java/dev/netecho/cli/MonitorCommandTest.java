// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

@Timeout(60)
class MonitorCommandTest {
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    private final AtomicReference<Interruptible> running = new AtomicReference<>();

    /** The first host replies but for requests 2 to 5; the run ends after its seventh. */
    private CommandRun monitor(String... args) {
        ScriptedProvider provider = new ScriptedProvider((request, n) -> {
            if (n == 8) {
                running.get().stop();
            }
            return n > 1 && n < 6 ? ScriptedProvider.timedOut(false) : ScriptedProvider.reply(request, 42_000);
        });
        List<String> all = new ArrayList<>(List.of("monitor", "--provider", "scripted", "-i", "0.1"));
        all.addAll(List.of(args));
        return CommandRun.with(provider).running(running::set).run(all.toArray(String[]::new));
    }

    @Test
    void withoutATerminalAChangeIsALine() {
        CommandRun run = monitor("127.0.0.1");
        assertThat(run.err).isEmpty();
        assertThat(run.out).containsPattern("""
                        (?m)^\\S+Z 127.0.0.1 is up, was unknown; 0% lost in a minute
                        \\S+Z 127.0.0.1 is degraded, was up \\(timed out\\); 50% lost in a minute
                        \\S+Z 127.0.0.1 is down, was degraded \\(timed out\\); 75% lost in a minute
                        \\S+Z 127.0.0.1 is degraded, was down; 67% lost in a minute
                        """).contains("\n1 targets: 0 answered every request, 1 some, 0 none;");
        assertThat(run.status).isZero();
    }

    @Test
    void jsonHasTheStates() {
        CommandRun run = monitor("--json", "--down", "2", "127.0.0.1");
        assertThat(run.out)
                .containsSubsequence(
                        "{\"type\":\"state\",\"target\":\"127.0.0.1\",\"address\":\"127.0.0.1\",\"at_us\":",
                        "\"state\":\"up\",\"before\":\"unknown\",\"why\":null,",
                        "\"state\":\"down\",\"before\":\"degraded\",\"why\":\"timed out\",",
                        "\"type\":\"summary\"",
                        "\"type\":\"statistics\"");
    }

    @Test
    void theStatusSaysWhetherAHostIsDown() {
        CommandRun run = CommandRun.with(new ScriptedProvider((request, n) -> ScriptedProvider.timedOut(false)))
                .run("monitor", "--provider", "scripted", "-i", "0.1", "-w", "0.5", "127.0.0.1");
        assertThat(run.status).isEqualTo(1);
        assertThat(run.out).contains("127.0.0.1 is down, was degraded (timed out)");
    }

    /** Else a host whose answer takes longer than what is left would look down at the end. */
    @Test
    void theEndOfARunCutsNoTimeout() {
        List<Duration> timeouts = new CopyOnWriteArrayList<>();
        CommandRun run = CommandRun.with(new ScriptedProvider((request, n) -> {
                    timeouts.add(request.timeout());
                    return ScriptedProvider.reply(request, 42_000);
                }))
                .run("monitor", "--provider", "scripted", "-i", "0.1", "-W", "0.7", "-w", "0.5", "127.0.0.1");
        assertThat(run.status).isZero();
        assertThat(timeouts).isNotEmpty().containsOnly(Duration.ofMillis(700));
    }

    /** Six bursts of two; the second and the third are lost. */
    @Test
    void burstsAreJudgedAsOne() {
        CommandRun run = CommandRun.with(new ScriptedProvider((request, n) -> {
                    if (n == 13) {
                        running.get().stop();
                    }
                    return n > 2 && n < 7 ? ScriptedProvider.timedOut(false) : ScriptedProvider.reply(request, 42_000);
                }))
                .running(running::set)
                .run("monitor", "--provider", "scripted", "--burst", "2", "-i", "0.2", "--down", "2", "127.0.0.1");
        assertThat(run.err).isEmpty();
        assertThat(run.out).containsPattern("""
                        (?m)^\\S+Z 127.0.0.1 is up, was unknown; 0% lost in a minute
                        \\S+Z 127.0.0.1 is down, was up \\(2 of 2 lost\\); 67% lost in a minute
                        \\S+Z 127.0.0.1 is up, was down; 50% lost in a minute
                        """);
        assertThat(run.status).isZero();
    }

    @Test
    void burstsMustFitTheInterval() {
        CommandRun run = CommandRun.with(new ScriptedProvider((request, n) -> ScriptedProvider.timedOut(false)))
                .run("monitor", "--provider", "scripted", "--burst", "20", "127.0.0.1");
        assertThat(run.status).isEqualTo(2);
        assertThat(run.err).isEqualTo("netecho: -i is \"1\" for --burst 20; it must be 2.0 or more\n");
    }

    static boolean hasScript() {
        return Files.isExecutable(SCRIPT);
    }

    /** On a real pseudo-terminal, which script(1) makes. */
    @Test
    @EnabledIf(value = "hasScript", disabledReason = "there is no script(1), which makes pseudo-terminals")
    void onATerminalItDrawsObeysKeysAndGivesTheTerminalBack() throws IOException, InterruptedException {
        List<String> java = InterruptTest.command("monitor", "--provider", "scripted", "-i", "0.1", "127.0.0.1");
        java.add(1, "-Dnetecho.terminal=true");
        StringBuilder line = new StringBuilder("stty cols 80 rows 24; stty -a >\"$LOG\";");
        java.forEach(word -> line.append(" '").append(word).append('\''));
        line.append("; status=$?; stty -a >>\"$LOG\"; exit $status");
        Path log = Files.createTempFile("netecho-monitor", ".stty");
        try {
            ProcessBuilder script = new ProcessBuilder(SCRIPT.toString(), "-qefc", "sh -c \"$LINE\"", "/dev/null");
            script.environment().put("LINE", line.toString());
            script.environment().put("LOG", log.toString());
            script.environment().put("TERM", "xterm");
            script.environment().put("SHELL", "/bin/sh");
            script.environment().put("LC_ALL", "C.UTF-8");
            script.redirectErrorStream(true);
            Process process = script.start();
            OutputStream keys = process.getOutputStream();
            StringBuilder shown = new StringBuilder();
            readUntil(process, shown, "1 up");
            press(keys, "s");
            readUntil(process, shown, "given");
            press(keys, "\r");
            readUntil(process, shown, "of a day");
            press(keys, "q");
            readUntil(process, shown, "answered every request");
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            // The alternate screen is entered once and left once, and the cursor is shown again.
            assertThat(shown.toString()).containsSubsequence("\u001b[?1049h", "\u001b[?1049l");
            String[] settings = Files.readString(log).split("speed ");
            assertThat(settings).hasSize(3);
            assertThat(settings[2].strip()).isEqualTo(settings[1].strip());
        } finally {
            Files.delete(log);
        }
    }

    private static void press(OutputStream keys, String text) throws IOException {
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    private static void readUntil(Process process, StringBuilder shown, String part) throws IOException {
        int from = shown.length();
        while (shown.indexOf(part, from) < 0) {
            int c = process.getInputStream().read();
            assertThat(c).as("end of the output before \"%s\": %s", part, shown).isNotNegative();
            shown.append((char) c);
        }
    }
}
