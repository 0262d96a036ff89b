// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.path;

import dev.netecho.EchoOutcome;

/** Receives each step of a {@link PathMtu}. The rules of {@link PathListener} apply. */
@FunctionalInterface
public interface PathMtuListener {
    /**
     * A packet was tried.
     *
     * @param size of the IP packet, in bytes
     * @param outcome what became of it
     */
    void onTried(int size, EchoOutcome outcome);
}
