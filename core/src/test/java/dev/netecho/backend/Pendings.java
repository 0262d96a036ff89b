// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.FakeCounters;
import dev.netecho.spi.PendingEcho;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicReference;

/** Requests that no engine has, for the tests of what an engine is made of. */
final class Pendings {
    private Pendings() {}

    static PendingEcho any() {
        return recording(new AtomicReference<>());
    }

    /** A request whose outcome is put into {@code outcome}. */
    static PendingEcho recording(AtomicReference<EchoOutcome> outcome) {
        return new PendingEcho(EchoRequest.to(InetAddress.getLoopbackAddress())) {
            @Override
            public EchoCounters counters() {
                return new FakeCounters();
            }

            @Override
            protected void onOutcome(EchoOutcome ended, boolean wasSent) {
                outcome.set(ended);
            }

            @Override
            protected void onCancelled(EchoOutcome.NotSent ended, boolean wasSent) {
                outcome.set(ended);
            }
        };
    }
}
