// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.engine;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.spi.EchoCompletion;
import dev.netecho.spi.PendingEcho;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicReference;

/** Requests that no engine has, for the tests of what an engine is made of. */
final class Pendings {
    private Pendings() {}

    static PendingEcho any() {
        return recording(new AtomicReference<>());
    }

    /** A request whose outcome is put into {@code outcome}. */
    static PendingEcho recording(AtomicReference<EchoOutcome> outcome) {
        return new PendingEcho(EchoRequest.to(address("127.0.0.1")), (request, ended) -> {}, new EchoCompletion() {
            @Override
            public void sent(PendingEcho pending) {}

            @Override
            public void completed(PendingEcho pending, EchoOutcome ended, boolean wasSent) {
                outcome.set(ended);
            }
        });
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(literal + " is not a literal address", e);
        }
    }
}
