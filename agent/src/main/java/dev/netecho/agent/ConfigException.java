// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

/** A configuration that is refused. The message names the file, the line and the reason, on one line. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Constructs one.
     *
     * @param message what is wrong and what to do
     */
    public ConfigException(String message) {
        super(message);
    }
}
