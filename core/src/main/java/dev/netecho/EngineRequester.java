// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import dev.netecho.spi.EchoCompletion;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The one {@link EchoRequester}: everything that is the same on every system. Checks a request, bounds what is
 * outstanding, hands it to the engine, and delivers the one outcome.
 */
final class EngineRequester implements EchoRequester, EchoCompletion {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** Cancelled requests that the engine may still hold without keeping their places (SPEC END-1). */
    static final int MOST_HELD = 1_024;

    private final String provider;
    private final String name;
    private final EchoCounters counters;
    private final EchoEngine engine;
    private final EnumSet<EchoCapability> capabilities = EnumSet.noneOf(EchoCapability.class);
    private final int maxInFlight;
    private final @Nullable Executor listenerExecutor;
    private final ListenerFailures failures;

    /** One for each request that may be outstanding. {@link #close} needs not wake who waits: it ends those who hold them. */
    private final Semaphore places;

    /** Cancelled requests that the engine has not let go of; those above {@link #MOST_HELD} keep their places. */
    private final AtomicInteger held = new AtomicInteger();

    /** Counts and delivers the outcome of a request that has no place. */
    private final EchoCompletion refused = new EchoCompletion() {
        @Override
        public void sent(PendingEcho pending) {
            throw new IllegalStateException("a request that was refused cannot be sent");
        }

        @Override
        public void completed(PendingEcho pending, EchoOutcome outcome, boolean wasSent) {
            finish(pending, outcome, wasSent);
        }
    };

    private volatile boolean closed;

    /** {@code engine} was opened by the provider of that name with {@code config}. */
    EngineRequester(
            String provider,
            EchoConfig config,
            EchoEngine engine,
            int maxInFlight,
            @Nullable Executor listenerExecutor) {
        this.provider = provider;
        this.name = config.name();
        this.counters = config.counters();
        this.engine = engine;
        this.capabilities.addAll(engine.capabilities());
        this.maxInFlight = maxInFlight;
        this.places = new Semaphore(maxInFlight);
        this.listenerExecutor = listenerExecutor;
        this.failures = new ListenerFailures(name);
    }

    /** {@return a name that no other requester of this process has} */
    static String nextName() {
        return "icmp-echo-" + NUMBERS.incrementAndGet();
    }

    String name() {
        return name;
    }

    @Override
    public EchoOutcome send(EchoRequest request) throws InterruptedException {
        Objects.requireNonNull(request, "request");
        if (engine.inEngineThread()) {
            throw new IllegalStateException(
                    "send() was called on the engine's thread, where it would wait for itself; use sendAsync() there");
        }
        places.acquire();
        EchoFuture future = new EchoFuture(true);
        submitPlaced(request, future);
        YieldingWait.untilOver(future::isDone);
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(false);
            throw e;
        } catch (ExecutionException e) {
            throw new AssertionError("an echo future never completes exceptionally", e);
        }
    }

    @Override
    public CompletableFuture<EchoOutcome> sendAsync(EchoRequest request) {
        Objects.requireNonNull(request, "request");
        EchoFuture future = new EchoFuture(false);
        submit(request, future);
        return future;
    }

    @Override
    public EchoHandle sendAsync(EchoRequest request, EchoListener listener) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(listener, "listener");
        return submit(request, listener);
    }

    private PendingEcho submit(EchoRequest request, EchoListener listener) {
        // A thread that waits in send() comes first: a listener that asks again takes the place that it has just left
        // much
        // sooner than a thread wakes up, and would leave it waiting for ever (SPEC LOAD-1).
        if (!places.hasQueuedThreads() && places.tryAcquire()) {
            return submitPlaced(request, listener);
        } else {
            EchoOutcome.NotSent refusal = closed
                    ? becauseClosed()
                    : EchoOutcome.NotSent.because(
                            NotSentReason.OVERLOADED, "maxInFlight of " + maxInFlight + " requests is reached");
            PendingEcho pending = new PendingEcho(request, listener, refused);
            pending.complete(refusal);
            return pending;
        }
    }

    private PendingEcho submitPlaced(EchoRequest request, EchoListener listener) {
        PendingEcho pending = new PendingEcho(request, listener, this);
        if (listener instanceof EchoFuture future) {
            future.watch(pending);
        }
        if (closed) {
            pending.complete(becauseClosed());
        } else if (request.rules.allow(capabilities)) {
            counters.queued(pending);
            engine.submit(pending);
        } else {
            pending.complete(request.rules.refusal(capabilities));
        }
        return pending;
    }

    private static EchoOutcome.NotSent becauseClosed() {
        return EchoOutcome.NotSent.because(NotSentReason.CLOSED, "the requester is closed");
    }

    @Override
    public void completed(PendingEcho pending, EchoOutcome outcome, boolean wasSent) {
        places.release();
        ended(pending, outcome, wasSent);
    }

    @Override
    public void cancelled(PendingEcho pending, EchoOutcome outcome, boolean wasSent) {
        if (held.incrementAndGet() <= MOST_HELD) {
            places.release();
        }
        ended(pending, outcome, wasSent);
        engine.cancelled(pending);
    }

    /** Places are alike: which of the requests that the engine holds kept its own does not matter. */
    @Override
    public void letGo(PendingEcho pending) {
        if (held.getAndDecrement() > MOST_HELD) {
            places.release();
        }
    }

    private void ended(PendingEcho pending, EchoOutcome outcome, boolean wasSent) {
        if (!wasSent) {
            counters.left(pending);
        }
        finish(pending, outcome, wasSent);
    }

    private void finish(PendingEcho pending, EchoOutcome outcome, boolean wasSent) {
        counters.completed(outcome, wasSent);
        // Waking a thread in send() runs nobody's code, and the executor's threads may be the very ones that wait
        // there.
        if (listenerExecutor == null || (pending.listener() instanceof EchoFuture future && future.isForSend())) {
            deliver(pending, outcome);
        } else {
            deliverBy(listenerExecutor, pending, outcome);
        }
    }

    /** The outcome is owed exactly once, whatever the executor does: reject, fail, or fail and run the task after all. */
    private void deliverBy(Executor executor, PendingEcho pending, EchoOutcome outcome) {
        AtomicBoolean delivered = new AtomicBoolean();
        Runnable delivery = () -> {
            if (delivered.compareAndSet(false, true)) {
                deliver(pending, outcome);
            }
        };
        try {
            executor.execute(delivery);
        } catch (RejectedExecutionException e) {
            delivery.run(); // shut down, as is documented
        } catch (Throwable t) { // such as OutOfMemoryError where no thread could be made
            delivery.run();
            failures.report(t);
        }
    }

    @Override
    public void sent(PendingEcho pending) {
        counters.sent();
        counters.left(pending);
    }

    private void deliver(PendingEcho pending, EchoOutcome outcome) {
        try {
            pending.listener().onOutcome(pending.request(), outcome);
        } catch (
                Throwable t) { // SPEC OUT-5: the listener is foreign code on our thread: not even an Error may stop the
            // others
            failures.report(t);
        }
    }

    @Override
    public EchoStatistics statistics() {
        int keptPlaces = Math.max(0, held.get() - MOST_HELD);
        return counters.snapshot(Math.max(0, maxInFlight - places.availablePermits() - keptPlaces));
    }

    @Override
    public Set<EchoCapability> capabilities() {
        return engine.capabilities();
    }

    @Override
    public String provider() {
        return provider;
    }

    @Override
    public void close() {
        closed = true;
        engine.close();
    }

    @Override
    public String toString() {
        return name + "[" + provider + (closed ? ", closed]" : "]");
    }
}
