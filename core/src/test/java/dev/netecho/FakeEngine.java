// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An engine without a network: a script says what becomes of each request; the default keeps it outstanding. */
final class FakeEngine implements EchoEngine {
    static final EchoOutcome TIMED_OUT = new EchoOutcome.TimedOut(EchoRequest.DEFAULT_TIMEOUT, false);

    final Queue<PendingEcho> submitted = new ConcurrentLinkedQueue<>();
    final Queue<PendingEcho> cancelled = new ConcurrentLinkedQueue<>();
    final AtomicInteger closes = new AtomicInteger();

    /** How often a close still fails for lack of memory. */
    final AtomicInteger closeFailures = new AtomicInteger();

    /** What each close that does not fail throws in the end, if anything. */
    volatile @Nullable Throwable closeThrows;

    volatile Set<EchoCapability> capabilities = EnumSet.allOf(EchoCapability.class);
    volatile Thread engineThread;
    volatile boolean letsGo = true;

    /** How often it was told to let go of what was cancelled. */
    final AtomicInteger told = new AtomicInteger();

    volatile boolean letsGoWhenTold;
    private final Consumer<PendingEcho> script;
    private volatile boolean closed;

    FakeEngine() {
        this(PendingEcho::markSent);
    }

    FakeEngine(Consumer<PendingEcho> script) {
        this.script = script;
    }

    /** {@return an engine that answers every request with a time-out before {@code submit} returns} */
    static FakeEngine answering() {
        return new FakeEngine(pending -> {
            pending.markSent();
            pending.complete(TIMED_OUT);
        });
    }

    /** Says that a test has no use for a future. */
    static void ignore(Future<?> future) {
        Objects.requireNonNull(future, "future");
    }

    /** Throws anything where nothing checked may be thrown. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <E extends Throwable> void sneakyThrow(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Override
    public void submit(PendingEcho pending) {
        submitted.add(pending);
        if (closed) {
            completeAsClosed(pending);
            return;
        }
        script.accept(pending);
        if (closed) { // close() may have looked before the request was in the queue
            completeAsClosed(pending);
        }
    }

    @Override
    public void cancelled(PendingEcho pending) {
        cancelled.add(pending);
        if (letsGo) {
            pending.letGo();
        }
    }

    @Override
    public void letGoOfCancelled() {
        told.incrementAndGet();
        if (letsGoWhenTold) {
            cancelled.forEach(PendingEcho::letGo);
            submitted.removeAll(cancelled);
            cancelled.clear();
        }
    }

    @Override
    public boolean inEngineThread() {
        return Thread.currentThread().equals(engineThread);
    }

    @Override
    public Set<EchoCapability> capabilities() {
        return capabilities;
    }

    @Override
    public void close() {
        if (closeFailures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new OutOfMemoryError("injected");
        }
        closes.incrementAndGet();
        closed = true;
        submitted.forEach(FakeEngine::completeAsClosed);
        Throwable thrown = closeThrows;
        if (thrown != null) {
            sneakyThrow(thrown);
        }
    }

    private static void completeAsClosed(PendingEcho pending) {
        pending.complete(EchoOutcome.NotSent.because(NotSentReason.CLOSED, "the engine is closed"));
    }

    /** {@return a requester over an engine} */
    static EngineRequester requester(EchoEngine engine, int maxOutstanding, @Nullable Executor listenerExecutor) {
        String name = EngineRequester.nextName();
        return new EngineRequester("fake", name, new RequesterCounters(name), engine, maxOutstanding, listenerExecutor);
    }
}
