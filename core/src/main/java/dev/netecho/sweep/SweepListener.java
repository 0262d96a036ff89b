// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

/**
 * Learns what a sweep finds. It is called by the thread of the sweep, one call at a time, and must not block: while it
 * runs, answers wait in the buffers of the system. What it throws is logged and harms nothing.
 */
@FunctionalInterface
public interface SweepListener {
    /**
     * Hosts answered.
     *
     * @param batch the answers; valid during the call
     */
    void onAnswers(SweepBatch batch);

    /**
     * Called about twice a second, and at the end. By default it does nothing.
     *
     * @param progress how far the sweep is
     */
    default void onProgress(SweepProgress progress) {}
}
