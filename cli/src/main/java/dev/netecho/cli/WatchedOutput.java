// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Standard output that counts, and remembers why it failed, which {@link java.io.PrintStream} forgets. */
final class WatchedOutput extends FilterOutputStream {
    private volatile @Nullable IOException failure;

    /** Counted by the thread that writes: {@link java.io.PrintStream} holds a lock meanwhile. */
    private volatile long written;

    WatchedOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
            written += length;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** {@return how many bytes have been written; may be called by any thread} */
    long written() {
        return written;
    }

    boolean failed() {
        return failure != null;
    }

    /** {@return what to tell the user; null if all is well or the reader has just gone, as {@code head} does} */
    @Nullable
    String trouble() {
        IOException cause = failure;
        if (cause == null) {
            return null;
        }
        String message = String.valueOf(cause.getMessage());
        return message.toLowerCase(Locale.ROOT).contains("pipe") ? null : message;
    }
}
