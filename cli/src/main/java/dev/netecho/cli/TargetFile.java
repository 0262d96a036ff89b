// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A list of targets: one a line, blank lines and everything after {@code #} skipped. */
final class TargetFile {
    /** Bounds the memory that a wrong file, such as a device, can take. */
    static final int MOST_TARGETS = 1_000_000;

    /** A name has at most 253 characters (RFC 1035); the rest is room for a comment. */
    static final int LONGEST_LINE = 4_096;

    private TargetFile() {}

    /** {@return the targets of a file; {@code "-"} is standard input} */
    static List<String> read(String file, InputStream standardInput) throws UsageException {
        if (file.equals("-")) {
            try {
                return parse(file, standardInput);
            } catch (IOException e) {
                throw unreadable(file, String.valueOf(e.getMessage()));
            }
        }
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return parse(file, in);
        } catch (NoSuchFileException e) {
            throw unreadable(file, "no such file");
        } catch (AccessDeniedException e) {
            throw unreadable(file, "permission denied");
        } catch (InvalidPathException | IOException e) {
            throw unreadable(file, String.valueOf(e.getMessage()));
        }
    }

    private static UsageException unreadable(String file, String why) {
        return new UsageException("-f " + OneLine.quoted(file) + " cannot be read: " + why
                + "; give a readable text file, or - for standard input");
    }

    private static List<String> parse(String file, InputStream in) throws IOException, UsageException {
        List<String> targets = new ArrayList<>();
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        StringBuilder line = new StringBuilder();
        int number = 1;
        for (int c; (c = reader.read()) >= 0; ) {
            if (c == '\n') {
                add(targets, line, file);
                line.setLength(0);
                number++;
            } else if (line.length() == LONGEST_LINE) {
                throw new UsageException("-f " + OneLine.quoted(file) + ": line " + number + " is longer than "
                        + LONGEST_LINE + " characters; give one target a line");
            } else {
                line.append((char) c);
            }
        }
        add(targets, line, file);
        return targets;
    }

    private static void add(List<String> targets, StringBuilder line, String file) throws UsageException {
        int comment = line.indexOf("#");
        String target = (comment < 0 ? line.toString() : line.substring(0, comment)).strip();
        if (target.isEmpty()) {
            return;
        }
        if (targets.size() == MOST_TARGETS) {
            throw new UsageException("-f " + OneLine.quoted(file) + " has more than " + MOST_TARGETS
                    + " targets; it must have 1 to " + MOST_TARGETS);
        }
        targets.add(target);
    }
}
