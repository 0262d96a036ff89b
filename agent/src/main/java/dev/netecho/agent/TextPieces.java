// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Makes one page of pages of text, each of which has lines about a name, series, and in OpenMetrics a line at the end.
 * The whole page has the lines about a name once, and its end once. Not thread-safe.
 */
final class TextPieces extends OutputStream {
    private static final byte[] END = "# EOF\n".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;

    /** Longer than the lines about a name, and than the end. */
    private final byte[] buffer = new byte[1 << 14];

    private int count;
    private boolean skipsHead;
    private boolean isFilled;
    private boolean hasEnd;

    TextPieces(OutputStream out) {
        this.out = out;
    }

    /** Begins a piece. */
    void begin(boolean withHead) {
        skipsHead = !withHead;
        isFilled = false;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            int fits = Math.min(left, buffer.length - count);
            System.arraycopy(bytes, from, buffer, count, fits);
            from += fits;
            left -= fits;
            count += fits;
            if (count == buffer.length) {
                pass(END.length); // it may be the end
            }
        }
    }

    /** Passes all but the last bytes. */
    private void pass(int kept) throws IOException {
        int start = 0;
        while (skipsHead && start < count && buffer[start] == '#') {
            while (buffer[start++] != '\n') {
                // To the next line.
            }
        }
        skipsHead = false;
        int end = count - kept;
        out.write(buffer, start, end - start);
        isFilled |= end > start;
        System.arraycopy(buffer, end, buffer, 0, kept);
        count = kept;
    }

    /** Ends a piece. @return whether it had a series */
    boolean end() throws IOException {
        if (count >= END.length && Arrays.equals(buffer, count - END.length, count, END, 0, END.length)) {
            hasEnd = true;
            count -= END.length;
        }
        pass(0);
        return isFilled;
    }

    /** Ends the page as its format does. */
    void endPage() throws IOException {
        if (hasEnd) {
            out.write(END);
        }
    }
}
