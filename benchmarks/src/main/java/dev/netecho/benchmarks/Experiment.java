// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

/** One question and the measurement that answers it. */
public interface Experiment {
    /** {@return what {@code --only} calls it: lower-case words joined by hyphens} */
    String name();

    /** {@return the question it answers, one sentence} */
    String question();

    /** {@return whether it runs only if it is named: what takes minutes, or shows nothing in a short time} */
    default boolean onlyByName() {
        return false;
    }

    /**
     * Measures and adds to {@link Session#figures}.
     *
     * @param session the run it is part of
     * @throws MissingToolException if something that this host lacks is needed; figures that were added stay
     * @throws Exception if it failed; the run continues with the next experiment and ends with status 1
     */
    void run(Session session) throws Exception;
}
