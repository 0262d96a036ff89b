// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import org.jspecify.annotations.Nullable;

/**
 * The sets of signals in proc_pid_status(5) of this process. Once the file is open, looking needs neither memory nor a
 * descriptor: where those have run out, a signal must still end the process. Not thread-safe.
 */
final class SignalSets {
    private static final String FILE = "/proc/self/status";

    /** The kernel writes about 1,500 bytes. */
    private static final int ROOM = 8_192;

    private final byte[] text = new byte[ROOM];
    private @Nullable RandomAccessFile file;

    SignalSets() {
        open();
    }

    private @Nullable RandomAccessFile open() {
        if (file == null) {
            // Not with Files: without descriptors its classes fail to initialise, and stay so.
            try {
                file = new RandomAccessFile(FILE, "r");
            } catch (IOException | OutOfMemoryError e) {
                return null; // a shortage may pass
            }
        }
        return file;
    }

    /**
     * {@return a set, bit n for signal n; empty where the system does not tell}
     *
     * @param field how its line begins
     */
    long set(String field) {
        RandomAccessFile opened = open();
        if (opened == null) {
            return 0;
        }
        try {
            opened.seek(0);
            return find(field, Math.max(0, opened.read(text)));
        } catch (IOException | OutOfMemoryError e) {
            return 0; // proc(5) is part of what a JVM on Linux needs
        }
    }

    private long find(String field, int length) {
        for (int line = 0; line < length; line = nextLine(line, length)) {
            if (starts(field, line, length)) {
                return number(line + field.length(), length) << 1;
            }
        }
        return 0;
    }

    private int nextLine(int at, int length) {
        int end = at;
        while (end < length && text[end] != '\n') {
            end++;
        }
        return end + 1;
    }

    private boolean starts(String field, int at, int length) {
        for (int i = 0; i < field.length(); i++) {
            if (at + i >= length || text[at + i] != field.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private long number(int at, int length) {
        long number = 0;
        for (int i = at; i < length && text[i] != '\n'; i++) {
            int digit = Character.digit(text[i], 16);
            number = digit < 0 ? number : number << 4 | digit;
        }
        return number;
    }
}
