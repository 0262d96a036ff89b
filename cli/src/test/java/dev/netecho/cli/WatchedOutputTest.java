// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WatchedOutputTest {
    private static WatchedOutput failing(String message) {
        WatchedOutput output = new WatchedOutput(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(message);
            }
        });
        new PrintStream(output, true, StandardCharsets.UTF_8).println("x");
        return output;
    }

    @Test
    void aFullDiskIsToldAndAReaderThatWentIsNot() {
        assertThat(failing("No space left on device").trouble()).isEqualTo("No space left on device");
        assertThat(failing("Broken pipe").trouble()).isNull();
        assertThat(failing("Broken pipe").failed()).isTrue();
        assertThat(new WatchedOutput(OutputStream.nullOutputStream()).failed()).isFalse();
    }
}
