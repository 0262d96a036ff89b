// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.parts;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.spi.EchoCompletion;
import dev.netecho.spi.PendingEcho;
import java.net.InetAddress;

/** Requests of nobody, for parts that only carry them. */
public final class QueuedEcho {
    private static final EchoCompletion NOBODY = new EchoCompletion() {
        @Override
        public void sent(PendingEcho pending) {}

        @Override
        public void completed(PendingEcho pending, EchoOutcome outcome, boolean wasSent) {}
    };

    private QueuedEcho() {}

    /** {@return a request that is queued} */
    public static PendingEcho create() {
        return new PendingEcho(EchoRequest.to(InetAddress.getLoopbackAddress()), (request, outcome) -> {}, NOBODY);
    }
}
