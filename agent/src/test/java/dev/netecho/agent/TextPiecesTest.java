// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextPiecesTest {
    private static final String HEAD = "# HELP a How\n# TYPE a gauge\n";

    private static void write(TextPieces pieces, String text, int step) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < bytes.length; i += step) {
            pieces.write(bytes, i, Math.min(step, bytes.length - i));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8192, 1_000_000})
    void aPageHasEachHeadAndItsEndOnce(int step) throws IOException {
        for (String end : new String[] {"", "# EOF\n"}) {
            for (int lines : new int[] {0, 1, 1_000, 5_461, 5_462, 10_000}) {
                String series = "a{} 1\n".repeat(lines);
                ByteArrayOutputStream page = new ByteArrayOutputStream();
                TextPieces pieces = new TextPieces(page);
                boolean isFirst = true;
                String[] parts = {"", series, "a{x=\"# EOF\"} 2\n", ""};
                for (String part : parts) {
                    pieces.begin(isFirst);
                    write(pieces, (part.isEmpty() ? "" : HEAD + part) + end, step);
                    boolean isFilled = pieces.end();
                    assertThat(isFilled).isEqualTo(!part.isEmpty());
                    isFirst &= !isFilled;
                }
                pieces.endPage();
                assertThat(page.toString(StandardCharsets.US_ASCII))
                        .isEqualTo(HEAD + series + "a{x=\"# EOF\"} 2\n" + end);
            }
        }
    }
}
