// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.util.List;

/** Callers that ask again as soon as they have their answer, so that a fixed number of requests is in flight. */
interface Load {
    /** How long the last requests of a turn may take to end, in seconds; their timeout is one. */
    int PATIENCE_SECONDS = 10;

    /** Starts asking. */
    void start();

    /** {@return replies so far} */
    long replies();

    /** {@return outcomes so far that are no reply} */
    long others();

    /**
     * Stops asking and waits for the requests in flight.
     *
     * @throws InterruptedException if this thread is interrupted
     * @throws IllegalStateException if one of them has no outcome within {@link #PATIENCE_SECONDS}
     */
    void stop() throws InterruptedException;

    /** {@return the load of a style} */
    static Load of(Turn.Style style, EchoRequester requester, List<EchoRequest> requests, int window) {
        return switch (style) {
            case LISTENER -> new ListenerLoad(requester, requests, window);
            case FUTURE -> new FutureLoad(requester, requests, window);
            case BLOCKING -> new BlockingLoad(requester, requests, window, Thread::new);
            case VIRTUAL -> new BlockingLoad(requester, requests, window, VirtualThreads.factory());
        };
    }
}
