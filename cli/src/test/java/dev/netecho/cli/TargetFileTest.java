// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class TargetFileTest {
    private static List<String> parse(String text) throws UsageException {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /** {@return "text" or "text=label" of each target} */
    private static List<String> parse(byte[] bytes) throws UsageException {
        return TargetFile.read("-f", "-", new ByteArrayInputStream(bytes)).stream()
                .map(entry -> entry.label().isEmpty() ? entry.text() : entry.text() + "=" + entry.label())
                .toList();
    }

    @Test
    void blankLinesAndCommentsAreSkipped() throws UsageException {
        assertThat(parse("# all\n\n 127.0.0.1\t\r\n::1 # loopback\n   \n#last\nhost"))
                .containsExactly("127.0.0.1", "::1", "host");
        assertThat(parse("")).isEmpty();
    }

    @Test
    void theFirstWordIsTheTarget() throws UsageException {
        assertThat(parse("10.0.0.1 core router\n10.0.0.2\tedge # new\n10.0.0.3,db one\n10.0.0.4 , web\nhost,"))
                .containsExactly("10.0.0.1=core router", "10.0.0.2=edge", "10.0.0.3=db one", "10.0.0.4=web", "host");
    }

    @Test
    void aByteOrderMarkIsSkipped() throws UsageException {
        assertThat(parse("\ufeff10.0.0.1\r\nb\u00fccher.test\r\n")).containsExactly("10.0.0.1", "b\u00fccher.test");
        // As PowerShell 5 writes it: "::1" > hosts.txt
        for (Charset utf16 : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            assertThat(parse("\ufeff10.0.0.1\r\n::1\r\n".getBytes(utf16))).containsExactly("10.0.0.1", "::1");
        }
        assertThat(parse("a")).containsExactly("a");
    }

    @Test
    void aLabelIsShownInJson() {
        CommandRun run = CommandRun.with(new ScriptedProvider())
                .input("127.0.0.1,one \"host\"\n")
                .ping("--json", "-c", "1", "-f", "-");
        assertThat(run.out)
                .contains("\"outcome\",\"target\":\"127.0.0.1\","
                        + "\"label\":\"one \\\"host\\\"\",\"address\":\"127.0.0.1\",")
                .contains("\"summary\",\"target\":\"127.0.0.1\",\"label\":");
    }

    @Test
    void aBadLineIsNamed() {
        CommandRun run = CommandRun.with(new ScriptedProvider())
                .input("127.0.0.1\n\n127.0.0.2\u00a0db\n")
                .ping("-c", "1", "-f", "-");
        assertThat(run.err)
                .startsWith(
                        "netecho: -f \"-\" line 3: target \"127.0.0.2\u00a0db\" has the invisible character U+00A0");
        assertThat(run.status).isEqualTo(2);
    }

    /** As in {@code -f <(command)}; the JDK asks such a stream for its position. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aPipeIsRead(@TempDir Path folder) throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Process writer = new ProcessBuilder("sh", "-c", "exec echo 127.0.0.1 >\"$0\"", pipe.toString()).start();
        assertThat(TargetFile.read("-f", pipe.toString(), InputStream.nullInputStream()))
                .singleElement()
                .matches(entry -> entry.text().equals("127.0.0.1"));
        assertThat(writer.waitFor()).isZero();
    }

    @Test
    void filesAndArgumentsAreMixed(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("hosts list"), "127.0.0.2\n");
        CommandRun run = CommandRun.with(new ScriptedProvider())
                .input("127.0.0.3\n")
                .ping("-c", "1", "-f", file.toString(), "-f", "-", "127.0.0.1");
        assertThat(run.out).contains("[127.0.0.1] ", "[127.0.0.2] ", "[127.0.0.3] ");
        assertThat(run.status).isZero();
    }

    @Test
    void aFolderIsNoFile(@TempDir Path folder) {
        assertThatThrownBy(() -> TargetFile.read("-f", folder.toString(), InputStream.nullInputStream()))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("-f \"" + folder + "\" cannot be read: ");
    }

    @Test
    void aDeviceThatNeverEndsIsRefused() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        };
        assertThatThrownBy(() -> TargetFile.read("-f", "-", endless))
                .isInstanceOf(UsageException.class)
                .hasMessage("-f \"-\" line 1: longer than 4096 characters; give one target a line");
    }

    @Test
    void tooManyTargetsAreRefused() {
        assertThatThrownBy(() -> parse("h\n".repeat(TargetFile.MOST_TARGETS + 1)))
                .isInstanceOf(UsageException.class)
                .hasMessage("-f \"-\" has more than 1000000 targets; it must have 1 to 1000000");
    }
}
