// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import dev.netecho.spi.PendingEcho;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A future that is its request's listener, and that gives the request up when the caller completes it first. */
final class EchoFuture extends CompletableFuture<EchoOutcome> implements EchoListener {
    private final boolean forSend;
    private volatile @Nullable PendingEcho pending;

    /**
     * Constructs a future.
     *
     * @param forSend whether a thread waits for it in {@code send} and nobody else can see it
     */
    EchoFuture(boolean forSend) {
        this.forSend = forSend;
    }

    /** {@return whether completing it only wakes a thread that waits in {@code send}} */
    boolean isForSend() {
        return forSend;
    }

    /** Must be called before the request is handed to the engine. */
    void watch(PendingEcho pending) {
        this.pending = pending;
    }

    @Override
    public void onOutcome(EchoRequest request, EchoOutcome outcome) {
        super.complete(outcome);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        giveUp("the future was cancelled");
        return cancelled;
    }

    @Override
    public boolean complete(EchoOutcome value) {
        boolean first = super.complete(value);
        giveUp("the future was completed by the caller");
        return first;
    }

    @Override
    public boolean completeExceptionally(Throwable ex) {
        boolean first = super.completeExceptionally(ex);
        giveUp("the future was completed by the caller");
        return first;
    }

    @Override
    public CompletableFuture<EchoOutcome> completeAsync(Supplier<? extends EchoOutcome> supplier, Executor executor) {
        Objects.requireNonNull(supplier, "supplier");
        executor.execute(() -> {
            try {
                complete(supplier.get());
            } catch (Throwable t) { // as CompletableFuture does it: what the supplier throws is the result
                completeExceptionally(t);
            }
        });
        return this;
    }

    @Override
    public void obtrudeValue(EchoOutcome value) {
        super.obtrudeValue(value);
        giveUp("the future was completed by the caller");
    }

    @Override
    public void obtrudeException(Throwable ex) {
        super.obtrudeException(ex);
        giveUp("the future was completed by the caller");
    }

    /** Dependent stages are ordinary futures: completing them says nothing about the request. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    private void giveUp(String why) {
        PendingEcho outstanding = pending;
        if (outstanding != null) {
            outstanding.cancel(EchoOutcome.NotSent.because(NotSentReason.CANCELLED, why));
        }
    }
}
