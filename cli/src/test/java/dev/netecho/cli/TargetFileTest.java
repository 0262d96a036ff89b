// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetFileTest {
    private static List<String> parse(String text) throws UsageException {
        return TargetFile.read("-", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void blankLinesAndCommentsAreSkipped() throws UsageException {
        assertThat(parse("# all\n\n 127.0.0.1\t\r\n::1 # loopback\n   \n#last\nhost"))
                .containsExactly("127.0.0.1", "::1", "host");
        assertThat(parse("")).isEmpty();
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
        assertThatThrownBy(() -> TargetFile.read(folder.toString(), InputStream.nullInputStream()))
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
        assertThatThrownBy(() -> TargetFile.read("-", endless))
                .isInstanceOf(UsageException.class)
                .hasMessage("-f \"-\": line 1 is longer than 4096 characters; give one target a line");
    }

    @Test
    void tooManyTargetsAreRefused() {
        assertThatThrownBy(() -> parse("h\n".repeat(TargetFile.MOST_TARGETS + 1)))
                .isInstanceOf(UsageException.class)
                .hasMessage("-f \"-\" has more than 1000000 targets; it must have 1 to 1000000");
    }
}
