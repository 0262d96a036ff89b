// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import java.io.Serial;

/** An experiment, or a part of one, cannot be made on this host; the message says what is missing and how to get it. */
public final class MissingToolException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * Creates it.
     *
     * @param message what is missing, and the remedy
     */
    public MissingToolException(String message) {
        super(message);
    }
}
