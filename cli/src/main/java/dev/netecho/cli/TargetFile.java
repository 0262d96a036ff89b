// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A list of targets: one a line, blank lines and everything after {@code #} skipped. The first word, up to a blank or a
 * comma, is the target; the rest is its label.
 */
final class TargetFile {
    /** Bounds the memory that a wrong file, such as a device, can take. */
    static final int MOST_TARGETS = 1_000_000;

    /** A name has at most 253 characters (RFC 1035); the rest is room for a label and a comment. */
    static final int LONGEST_LINE = 4_096;

    private final String option;
    private final String file;
    private final List<Entry> entries = new ArrayList<>();

    private TargetFile(String option, String file) {
        this.option = option;
        this.file = file;
    }

    /**
     * A target as it was given.
     *
     * @param text the name or address
     * @param label the rest of its line; empty if there is none
     * @param where the start of a message about it, such as {@code -f "hosts" line 3: }; empty on the command line
     */
    record Entry(String text, String label, String where) {}

    /** {@return the targets of a file that an option names; {@code "-"} is standard input} */
    static List<Entry> read(String option, String file, InputStream standardInput) throws UsageException {
        if (file.equals("-")) {
            try {
                return new TargetFile(option, file).parse(standardInput);
            } catch (IOException e) {
                throw unreadable(option, file, String.valueOf(e.getMessage()));
            }
        }
        try (InputStream in = new PipeStream(Files.newInputStream(Path.of(file)))) {
            return new TargetFile(option, file).parse(in);
        } catch (NoSuchFileException e) {
            throw unreadable(option, file, "no such file");
        } catch (AccessDeniedException e) {
            throw unreadable(option, file, "permission denied");
        } catch (InvalidPathException | IOException e) {
            throw unreadable(option, file, String.valueOf(e.getMessage()));
        }
    }

    /** The JDK's stream asks a pipe for its position to tell how much is available, and fails: ESPIPE, lseek(2). */
    private static final class PipeStream extends FilterInputStream {
        PipeStream(InputStream in) {
            super(in);
        }

        @Override
        public int available() {
            return 0;
        }
    }

    private static UsageException unreadable(String option, String file, String why) {
        return new UsageException(option + " " + OneLine.quoted(file) + " cannot be read: " + why
                + "; give a readable text file of targets, or - for standard input"
                + (option.equals("-f") ? " (to flood use -i 0)" : ""));
    }

    private List<Entry> parse(InputStream in) throws IOException, UsageException {
        BufferedInputStream bytes = new BufferedInputStream(in);
        BufferedReader reader = new BufferedReader(new InputStreamReader(bytes, charset(bytes)));
        StringBuilder line = new StringBuilder();
        int number = 1;
        for (int c; (c = reader.read()) >= 0; ) {
            if (c == '\n') {
                add(line, number);
                line.setLength(0);
                number++;
            } else if (line.length() == LONGEST_LINE) {
                throw new UsageException(
                        where(number) + "longer than " + LONGEST_LINE + " characters; give one target a line");
            } else {
                line.append((char) c);
            }
        }
        add(line, number);
        return entries;
    }

    /** Skips a byte order mark. PowerShell 5 writes UTF-16 with one when a list is redirected into a file. */
    private static Charset charset(BufferedInputStream in) throws IOException {
        in.mark(3);
        int first = in.read();
        int second = in.read();
        if (first == 0xff && second == 0xfe) {
            return StandardCharsets.UTF_16LE;
        }
        if (first == 0xfe && second == 0xff) {
            return StandardCharsets.UTF_16BE;
        }
        if (!(first == 0xef && second == 0xbb && in.read() == 0xbf)) {
            in.reset();
        }
        return StandardCharsets.UTF_8;
    }

    private String where(int number) {
        return option + " " + OneLine.quoted(file) + " line " + number + ": ";
    }

    private void add(StringBuilder line, int number) throws UsageException {
        int comment = line.indexOf("#");
        String text = (comment < 0 ? line.toString() : line.substring(0, comment)).strip();
        if (text.isEmpty()) {
            return;
        }
        if (entries.size() == MOST_TARGETS) {
            throw new UsageException(option + " " + OneLine.quoted(file) + " has more than " + MOST_TARGETS
                    + " targets; it must have 1 to " + MOST_TARGETS);
        }
        int end = 0;
        while (end < text.length() && text.charAt(end) != ',' && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        String rest = text.substring(end).strip();
        String label = (rest.startsWith(",") ? rest.substring(1) : rest).strip();
        entries.add(new Entry(text.substring(0, end), label, where(number)));
    }
}
