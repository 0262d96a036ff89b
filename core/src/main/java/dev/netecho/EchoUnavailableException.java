// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.io.IOException;

/**
 * No backend can run here. The message lists every provider that was considered, why it cannot run and what an operator
 * can type; the causes are the suppressed exceptions.
 */
public final class EchoUnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Constructs the exception.
     *
     * @param message every provider with its reason and remedy
     */
    public EchoUnavailableException(String message) {
        super(message);
    }
}
