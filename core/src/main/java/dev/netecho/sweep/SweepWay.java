// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import java.io.IOException;
import java.time.Duration;

/**
 * Sends the probes of one sweep, and receives what comes back. All methods are called by the thread of the sweep.
 *
 * <p>A way is either <em>stateless</em>: it tells of what arrives, and the sweep waits for the cool-down. Or it
 * {@linkplain #tellsEveryOutcome tells every outcome}: silence too.
 */
public interface SweepWay extends AutoCloseable {
    /**
     * How long before a call of {@link #receive} something arrived, or was dropped, that the call must tell: 100 ms.
     * Later things may still be in buffers.
     */
    Duration BUFFERED = Duration.ofMillis(100);

    /** {@return the name, such as {@code "packet"}; constant} */
    String name();

    /** {@return whether each probe that was taken gets exactly one outcome, of any kind; constant} */
    boolean tellsEveryOutcome();

    /** {@return whether a second answer to a probe is told; constant} */
    boolean tellsDuplicates();

    /**
     * Sends probes, from the first on; never blocks.
     *
     * @param probes what is due; valid during the call
     * @return how many were taken, 0 or more. The sweep offers the others again: what is not taken is not lost
     * @throws IOException if this way can send no more; the message is a sentence for an operator
     */
    int send(SweepProbes probes) throws IOException;

    /**
     * Receives what has arrived, all of it that came {@link #BUFFERED} before the call or earlier.
     *
     * @param answers what to tell
     * @param maxWaitNanos wait at most this long, 0 or more, if nothing has arrived
     * @throws IOException if this way can receive no more; the message is a sentence for an operator
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    void receive(SweepAnswers answers, long maxWaitNanos) throws IOException, InterruptedException;

    /** Releases everything; idempotent. */
    @Override
    void close();
}
