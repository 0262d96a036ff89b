// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

/** Whether a person watches standard output. */
final class Terminal {
    /**
     * Set by the script {@code netecho}, which can ask {@code test -t 1}. {@link System#console} cannot: it also asks
     * for standard input, and from JDK 22 on there is a console even when standard output is a file.
     */
    private static final String PROPERTY = "netecho.terminal";

    private Terminal() {}

    static boolean isStandardOutput() {
        return Boolean.getBoolean(PROPERTY);
    }
}
