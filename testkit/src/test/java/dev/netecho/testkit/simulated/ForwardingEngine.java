// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoCapability;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import dev.netecho.testkit.backend.LoneEcho;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** An engine that lets another one do the work, and a place to change requests and outcomes on their way. */
class ForwardingEngine implements EchoEngine {
    final EchoEngine inner;
    private final Map<PendingEcho, LoneEcho> forwarded = new ConcurrentHashMap<>();

    ForwardingEngine(EchoEngine inner) {
        this.inner = inner;
    }

    /** {@return what is sent instead of a request} */
    EchoRequest instead(EchoRequest request) {
        return request;
    }

    /** The system has a request. */
    void sent(PendingEcho pending) {}

    /** {@return the outcome of a request, instead of the one that the inner engine gave it; null for none yet} */
    @Nullable
    EchoOutcome outcome(PendingEcho pending, EchoOutcome outcome) {
        return outcome;
    }

    @Override
    public void submit(PendingEcho pending) {
        EchoRequest request = instead(pending.request());
        LoneEcho other = new LoneEcho(request, pending.counters()) {
            @Override
            protected void onSent() {
                pending.markSent();
                ForwardingEngine.this.sent(pending);
            }

            @Override
            protected void onOutcome(EchoOutcome ended, boolean wasSent) {
                forwarded.remove(pending);
                EchoOutcome told = ForwardingEngine.this.outcome(pending, ended);
                if (told != null) {
                    pending.complete(told);
                }
            }

            @Override
            protected void onCancelled(EchoOutcome.NotSent ended, boolean wasSent) {
                // whoever cancelled has seen to the outcome
            }

            @Override
            protected void onLetGo() {
                pending.letGo();
            }
        };
        forwarded.put(pending, other);
        inner.submit(other);
    }

    @Override
    public void cancelled(PendingEcho pending) {
        LoneEcho other = forwarded.remove(pending);
        if (other != null && other.cancel()) {
            inner.cancelled(other);
        } else {
            pending.letGo();
        }
    }

    @Override
    public boolean inEngineThread() {
        return inner.inEngineThread();
    }

    @Override
    public Set<EchoCapability> capabilities() {
        return inner.capabilities();
    }

    @Override
    public void close() {
        inner.close();
    }
}
