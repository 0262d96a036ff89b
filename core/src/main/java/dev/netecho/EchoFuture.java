// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A future that is its request's listener, and that cancels the request when the caller completes it first. */
final class EchoFuture extends CompletableFuture<EchoOutcome> implements EchoListener {
    private static final EchoOutcome.NotSent CANCELLED =
            EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "the future was cancelled");

    private static final EchoOutcome.NotSent COMPLETED =
            EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "the future was completed by the caller");

    /** Far longer than another thread takes to begin. */
    private static final long ELSEWHERE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long PAUSE_NANOS = 20_000;

    private final EngineRequester requester;
    private final boolean forSend;
    private volatile EngineRequester.@Nullable Echo pending;

    /**
     * Constructs a future.
     *
     * @param requester whose request it is
     * @param forSend whether a thread waits for it in {@code send} and no other can see it
     */
    EchoFuture(EngineRequester requester, boolean forSend) {
        this.requester = requester;
        this.forSend = forSend;
    }

    /** {@return whether completing it only wakes a thread that waits in {@code send}} */
    boolean isForSend() {
        return forSend;
    }

    /** Must be called before the request is handed to the engine; with null if it never will be. */
    void watch(EngineRequester.@Nullable Echo pending) {
        this.pending = pending;
    }

    @Override
    public void onOutcome(EchoRequest request, EchoOutcome outcome) {
        super.complete(outcome);
    }

    // To complete this future runs what depends on it, which may take long or end the stack: first the request ends.

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        DeliveryTurn turn = DeliveryTurn.current();
        endRequest(CANCELLED);
        if (isDone()) {
            return isCancelled();
        }
        boolean isDeep = turn.enterCancel();
        try {
            if (isDeep) {
                cancelElsewhere();
            }
            super.cancel(mayInterruptIfRunning);
        } finally {
            turn.leaveCancel();
            if (!isDone()) { // no memory for the exception
                super.complete(CANCELLED);
            }
        }
        return isCancelled();
    }

    /**
     * Has another thread cancel this future, and waits until it is done. On this thread's stack there are many futures
     * whose cancellation cancels the next.
     */
    private void cancelElsewhere() {
        EngineRequester.Echo of = pending;
        if (of == null || !requester.runElsewhere(of, () -> super.cancel(false))) {
            return;
        }
        long begun = System.nanoTime();
        while (!isDone() && System.nanoTime() - begun < ELSEWHERE_NANOS) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public boolean complete(EchoOutcome value) {
        endRequest(COMPLETED);
        return super.complete(value);
    }

    @Override
    public boolean completeExceptionally(Throwable ex) {
        Objects.requireNonNull(ex, "ex");
        endRequest(COMPLETED);
        return super.completeExceptionally(ex);
    }

    @Override
    public CompletableFuture<EchoOutcome> completeAsync(Supplier<? extends EchoOutcome> supplier, Executor executor) {
        Objects.requireNonNull(supplier, "supplier");
        executor.execute(() -> {
            try {
                complete(supplier.get());
            } catch (Throwable t) {
                // As CompletableFuture does it: what the supplier throws is the result.
                completeExceptionally(t);
            }
        });
        return this;
    }

    @Override
    public void obtrudeValue(EchoOutcome value) {
        endRequest(COMPLETED);
        super.obtrudeValue(value);
    }

    @Override
    public void obtrudeException(Throwable ex) {
        Objects.requireNonNull(ex, "ex");
        endRequest(COMPLETED);
        super.obtrudeException(ex);
    }

    @Override
    public EchoOutcome get() throws InterruptedException, ExecutionException {
        checkMayWait(requester, this, "get()");
        return super.get();
    }

    @Override
    public EchoOutcome get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        checkMayWait(requester, this, "get()");
        return super.get(timeout, unit);
    }

    @Override
    public EchoOutcome join() {
        checkMayWait(requester, this, "join()");
        return super.join();
    }

    /** Completing a dependent stage says nothing about the request, but waiting for it is waiting for the engine. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new Stage<>(requester);
    }

    private static void checkMayWait(EngineRequester requester, CompletableFuture<?> future, String call) {
        if (!future.isDone()) {
            requester.checkMayWait(call);
        }
    }

    private void endRequest(EchoOutcome.NotSent why) {
        EngineRequester.Echo outstanding = pending;
        if (outstanding != null) {
            outstanding.cancelByFuture(why);
        }
    }

    /** A stage that depends on a request, however many stages are between. */
    private static final class Stage<T> extends CompletableFuture<T> {
        private final EngineRequester requester;

        Stage(EngineRequester requester) {
            this.requester = requester;
        }

        @Override
        public T get() throws InterruptedException, ExecutionException {
            checkMayWait(requester, this, "get()");
            return super.get();
        }

        @Override
        public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
            checkMayWait(requester, this, "get()");
            return super.get(timeout, unit);
        }

        @Override
        public T join() {
            checkMayWait(requester, this, "join()");
            return super.join();
        }

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new Stage<>(requester);
        }
    }
}
