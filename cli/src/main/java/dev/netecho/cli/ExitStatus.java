// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

/** The exit statuses of the command. */
final class ExitStatus {
    /** Every request was answered by a reply; for {@code doctor}: a provider works. */
    static final int ANSWERED = 0;

    /** Some requests were not answered by a reply. */
    static final int UNANSWERED = 1;

    /** Wrong usage, or nothing that can send. */
    static final int UNUSABLE = 2;

    private ExitStatus() {}
}
