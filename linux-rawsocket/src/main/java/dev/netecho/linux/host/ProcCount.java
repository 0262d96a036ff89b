// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

import dev.netecho.linux.libc.ProcNet;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A count in proc(5) of packets that the kernel discards: whether it rose while a request was in flight. It is that of
 * the network namespace, so it includes packets of other programs. Without the file, nothing is known and nothing is
 * suspected. Not thread-safe.
 */
abstract class ProcCount implements AutoCloseable {
    /** How often the count is read while requests are sent. */
    private static final long PERIOD_NANOS = 100_000_000;

    /**
     * A request may end because of what was discarded at any time until then; so a count that is older than this is
     * read again. Many requests may end at once.
     */
    private static final long FRESH_NANOS = 10_000_000;

    /** These files have 1 to 4 kB, but that of neighbours has a line for each processor. */
    private static final int ROOM = 8192;

    private static final int MOST_ROOM = 1 << 20;

    private final String path;
    private byte[] content = new byte[ROOM];
    private @Nullable RandomAccessFile file;

    /** Or the kernel does not have the file. */
    private boolean closed;

    private long count = -1;
    private long readAt;
    private long roseAt;
    private boolean rose;

    /** Reads nothing yet; {@code name} is that of the file, for the calling thread's network namespace. */
    ProcCount(String name) {
        this(new File(ProcNet.file(name)));
    }

    /** Reads nothing yet. */
    ProcCount(File file) {
        this.path = file.getPath();
        this.closed = !file.exists();
    }

    /** {@return the count in the file's text; -1 if it is not there} */
    abstract long count(String text);

    /** The first time; closes itself if that fails. */
    final void begin(long nowNanos) {
        try {
            read(nowNanos);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Reads the count if that was not done lately: packets discarded until now are no requests that are sent from now
     * on.
     *
     * @param nowNanos the time
     */
    final void notice(long nowNanos) {
        if (nowNanos - readAt > PERIOD_NANOS) {
            read(nowNanos);
        }
    }

    /**
     * {@return whether any packet was discarded since a time; reads the count if that was not done since, or not
     * lately}
     *
     * @param sentNanos the time
     * @param nowNanos the time now
     */
    final boolean anySince(long sentNanos, long nowNanos) {
        if (readAt - sentNanos <= 0 || nowNanos - readAt > FRESH_NANOS) {
            read(nowNanos);
        }
        return rose && roseAt - sentNanos >= 0;
    }

    /** {@return whether the count could ever be read} */
    final boolean isKnown() {
        return count >= 0;
    }

    private void read(long nowNanos) {
        readAt = nowNanos;
        long now = read();
        if (count >= 0 && now > count) {
            rose = true;
            roseAt = nowNanos;
        }
        if (now >= 0) {
            count = now;
        }
    }

    private long read() {
        try {
            RandomAccessFile open = open();
            if (open == null) {
                return -1;
            }
            open.seek(0);
            int length = 0;
            // A read may end at any line.
            for (int more = 1; more > 0; length += Math.max(0, more)) {
                if (length == content.length && length < MOST_ROOM) {
                    content = Arrays.copyOf(content, 2 * length);
                }
                more = open.read(content, length, content.length - length);
            }
            return count(new String(content, 0, length, StandardCharsets.ISO_8859_1));
        } catch (IOException e) { // no descriptor for it, which may pass
            return -1;
        }
    }

    private @Nullable RandomAccessFile open() throws IOException {
        if (file == null && !closed) {
            file = new RandomAccessFile(path, "r");
        }
        return file;
    }

    /** {@return the value in a text of names and numbers, one of each in a line; -1 if it is not there} */
    static long inList(String text, String name) {
        for (int at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
            int end = text.indexOf('\n', at);
            String rest = text.substring(at + name.length(), end < 0 ? text.length() : end);
            if ((at == 0 || text.charAt(at - 1) == '\n') && !rest.isEmpty() && Character.isWhitespace(rest.charAt(0))) {
                return number(rest);
            }
        }
        return -1;
    }

    /**
     * {@return the value in a text that has, for each group, a line of names and one of their numbers; -1 if it is not
     * there}
     */
    static long inTable(String text, String group, String name) {
        String[] names = null;
        for (String line : text.lines().toList()) {
            if (line.startsWith(group)) {
                String[] words = line.split(" ", -1);
                for (int i = 0; names != null && i < Math.min(names.length, words.length); i++) {
                    if (names[i].equals(name)) {
                        return number(words[i]);
                    }
                }
                names = words;
            }
        }
        return -1;
    }

    /** {@return the number that a text is; -1 if it is none} */
    static long number(String text) {
        try {
            return Long.parseLong(text.trim());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public final void close() {
        closed = true;
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                return; // the file was only read, and the descriptor is gone anyway
            }
        }
    }
}
