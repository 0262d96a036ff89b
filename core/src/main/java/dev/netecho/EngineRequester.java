// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What every requester does, the same on every system. It checks a request, bounds what is outstanding, hands it to the
 * engine, and delivers the one outcome. Users hold an {@link OwnedRequester} of it.
 */
final class EngineRequester implements EchoRequester {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** Cancelled requests that the engine may hold beside those that are outstanding (SPEC END-1). */
    static final int MOST_HELD = 1_024;

    /** From here on it is told to let them go. The rest is for threads that ask at the same time. */
    private static final int LET_GO_AT = MOST_HELD - 128;

    /** Longer than to read all counters takes, and shorter than a thread waits for a processor. */
    private static final long AT_ONCE_NANOS = 100_000;

    private static final int MOST_READS = 8;

    /** The outcome of a request whose submission threw; no listener is told. */
    static final EchoOutcome.NotSent THREW =
            EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "submitting the request failed");

    /** How long a thread waits for a place before it checks whether one was lost. */
    private static final long LOOK_AGAIN_MILLIS = 50;

    /** The handle of a request that was refused: it has its outcome. */
    private static final EchoHandle OVER = () -> false;

    private static final long EXECUTOR_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long EXECUTOR_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long EXECUTOR_NANOS = TimeUnit.MILLISECONDS.toNanos(70);
    private static final long SUBMITTER_MILLIS = 20;

    private final String provider;
    private final String name;
    private final RequesterCounters counters;
    final EchoEngine engine;
    private final EnumSet<EchoCapability> capabilities = EnumSet.noneOf(EchoCapability.class);
    private final int maxOutstanding;
    private final @Nullable Executor listenerExecutor;
    final ListenerFailures failures;
    final Undelivered undelivered = new Undelivered();

    /**
     * One for each request that may be outstanding. {@link #close} need not wake the threads that wait: it ends the
     * requests that hold the places.
     */
    private final Semaphore places;

    /** Cancelled requests that the engine has not let go of. They have no place. */
    private final AtomicInteger held = new AtomicInteger();

    /** Calls the executor while the requester closes, see {@link #submitHeld}; at most one. */
    private volatile @Nullable Thread submitter;

    private volatile boolean closed;

    /** Whether the next garbage collection has it look for what the executor has dropped. */
    private final AtomicBoolean looks = new AtomicBoolean();

    /** How many of {@link SpareThreads} deliver its outcomes, and what waits for one of these; guarded by theirs. */
    int spareThreads;

    @Nullable
    Delivery firstAside;

    @Nullable
    Delivery lastAside;

    /** {@code engine} was opened by that provider, with this name and these counters. */
    EngineRequester(
            String provider,
            String name,
            RequesterCounters counters,
            EchoEngine engine,
            int maxOutstanding,
            @Nullable Executor listenerExecutor) {
        this.provider = provider;
        this.name = name;
        this.counters = counters;
        this.engine = engine;
        this.capabilities.addAll(engine.capabilities());
        this.maxOutstanding = maxOutstanding;
        this.places = new Semaphore(maxOutstanding);
        this.listenerExecutor = listenerExecutor;
        this.failures = new ListenerFailures(name);
        SpareThreads.load();
    }

    /** {@return a name that no other requester of this process has by default} */
    static String nextName() {
        return "icmp-echo-" + NUMBERS.incrementAndGet();
    }

    @Override
    public EchoOutcome send(EchoRequest request) throws InterruptedException {
        Objects.requireNonNull(request, "request");
        checkMayWait("send()");
        EchoFuture future = new EchoFuture(this, true);
        EchoOutcome.NotSent refusal = refusal(request);
        if (refusal == null && !sendWhenThereIsAPlace(echo(request, future), future)) {
            refusal = EchoEngine.CLOSED;
        }
        if (refusal != null) {
            refuse(request, future, refusal);
        }
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

    /** {@return false if the requester was closed first} */
    @SuppressWarnings("StaticAssignmentInInstance") // a hint for the next caller on any thread
    private boolean sendWhenThereIsAPlace(Echo pending, EchoFuture future) throws InterruptedException {
        DeliveryTurn turn = DeliveryTurn.current();
        turn.settle();
        future.watch(pending);
        while (!awaitPlace()) {
            DeliveryTurn.settleAll();
            if (closed) {
                return false;
            }
        }
        try {
            submitPlaced(pending);
        } catch (Throwable t) { // as in submit()
            turn.inDoubt = pending;
            DeliveryTurn.anyInDoubt = true;
            if (turn.settle()) {
                throw t;
            }
        }
        return true;
    }

    /** {@return whether this thread has a place now, after waiting a moment} */
    private boolean awaitPlace() throws InterruptedException {
        if (hasRoom()) {
            return places.tryAcquire(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
        Thread.sleep(1); // the engine lets go later
        return false;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void checkMayWait(String call) {
        DeliveryTurn turn = DeliveryTurn.current();
        if (turn.isSpareOf(this) || engine.inEngineThread()) {
            throw new IllegalStateException(
                    call + " would deadlock on the engine's thread, which delivers the outcome; use sendAsync() with a"
                            + " listener or thenCompose() there, or run the code that waits on a listenerExecutor");
        }
        turn.handOver(); // what this thread would deliver later may be what it waits for
    }

    @Override
    public CompletableFuture<EchoOutcome> sendAsync(EchoRequest request) {
        Objects.requireNonNull(request, "request");
        EchoFuture future = new EchoFuture(this, false);
        submit(request, future);
        return future;
    }

    @Override
    public EchoHandle sendAsync(EchoRequest request, EchoListener listener) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(listener, "listener");
        return submit(request, listener);
    }

    @SuppressWarnings("StaticAssignmentInInstance") // a hint for the next caller on any thread
    private EchoHandle submit(EchoRequest request, EchoListener listener) {
        EchoOutcome.NotSent refusal = refusal(request);
        if (refusal == null) {
            // Everything that may fail comes before the place is taken.
            Echo pending = echo(request, listener);
            if (listener instanceof EchoFuture future) {
                future.watch(pending);
            }
            DeliveryTurn turn = DeliveryTurn.current();
            turn.settle();
            if (tryPlace()) {
                // Around the call as such: where the stack ends, it fails before its first line.
                try {
                    submitPlaced(pending);
                } catch (Throwable t) {
                    // There may be no stack left for any call: two stores need none, and the next caller settles it.
                    turn.inDoubt = pending;
                    DeliveryTurn.anyInDoubt = true;
                    if (turn.settle()) {
                        throw t; // the place is free again; else the outcome has come
                    }
                }
                return pending;
            }
            if (listener instanceof EchoFuture future) {
                future.watch(null); // to complete it would free a place that the request never had
            }
            refusal = EchoOutcome.NotSent.because(
                    NotSentReason.OVERLOADED,
                    "the limit of " + maxOutstanding + " outstanding requests (maxOutstanding) is reached");
        }
        return refuse(request, listener, refusal);
    }

    private EchoOutcome.@Nullable NotSent refusal(EchoRequest request) {
        if (closed) {
            return EchoEngine.CLOSED;
        }
        return request.rules.allow(capabilities) ? null : request.rules.refusal(capabilities, engine.shortfall());
    }

    private EchoHandle refuse(EchoRequest request, EchoListener listener, EchoOutcome.NotSent refusal) {
        DeliveryTurn.current().prepare(this);
        Echo refused = echo(request, listener);
        count(refused, refusal, false);
        deliver(refused, refusal);
        return OVER;
    }

    private Echo echo(EchoRequest request, EchoListener listener) {
        return FlightEvents.ofRequests() ? new RecordedEcho(this, request, listener) : new Echo(request, listener);
    }

    private boolean tryPlace() {
        // A thread that waits in send() comes first. A listener that sends again is faster than a thread that wakes up,
        // and would take each place that it frees: the thread would wait indefinitely (SPEC LOAD-1).
        if (places.hasQueuedThreads() && places.availablePermits() <= places.getQueueLength()) {
            return false;
        }
        if (!hasRoom()) {
            return false;
        }
        if (places.tryAcquire()) {
            return true;
        }
        DeliveryTurn.settleAll();
        return places.tryAcquire();
    }

    /** {@return whether the engine may hold one more (SPEC END-1)} Not so only if it does not let go when told to. */
    private boolean hasRoom() {
        if (holdsFewerThan(LET_GO_AT)) {
            return true;
        }
        DeliveryTurn.current().prepare(this); // it must not fail half-way for lack of stack
        engine.letGoOfCancelled();
        return holdsFewerThan(MOST_HELD);
    }

    private boolean holdsFewerThan(int cancelled) {
        int now = held.get();
        return now < cancelled || now < cancelled + places.availablePermits();
    }

    private void submitPlaced(Echo pending) {
        counters.queued(pending);
        engine.submit(pending);
    }

    @SuppressWarnings("ReferenceEquality") // THREW is itself and no other
    private void ended(Echo pending, EchoOutcome outcome, boolean wasSent, boolean delivers) {
        if (!wasSent) {
            counters.left(pending);
        }
        if (outcome != THREW) {
            count(pending, outcome, wasSent);
            if (delivers) {
                deliver(pending, outcome);
            }
        } else if (wasSent) {
            counters.completed(outcome, true); // the caller has an exception instead
        }
    }

    private void count(Echo pending, EchoOutcome outcome, boolean wasSent) {
        counters.completed(outcome, wasSent);
        pending.record(name, outcome);
    }

    private void deliver(Echo pending, EchoOutcome outcome) {
        if (pending.listener instanceof EchoFuture future && future.isForSend()) {
            // Waking a thread in send() runs no user code, and the executor's threads may be the ones that wait there.
            callListener(pending, outcome);
        } else if (listenerExecutor == null) {
            DeliveryTurn turn = DeliveryTurn.current();
            if (!(pending.listener instanceof EchoFuture && turn.isDeep() && deliverElsewhere(pending, outcome))) {
                turn.deliver(this, pending, outcome);
            }
        } else {
            deliverBy(listenerExecutor, pending, outcome);
        }
    }

    /**
     * {@return whether another thread completes the future} On this one, what depends on it would run in this very
     * call. It waits a moment: it could complete the future before this thread says what depends on it.
     */
    private boolean deliverElsewhere(Echo pending, EchoOutcome outcome) {
        try {
            Delivery delivery = new Delivery();
            delivery.of(this, pending, outcome);
            delivery.waitAMoment();
            SpareThreads.deliver(delivery);
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    /**
     * {@return whether a spare thread runs an action, at once unless the system refuses one} For a caller that waits.
     */
    boolean runElsewhere(Echo of, Runnable action) {
        try {
            Delivery delivery = new Delivery();
            delivery.of(this, new Echo(of.request(), (request, outcome) -> action.run()), THREW);
            return SpareThreads.deliverFirst(delivery);
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    /** The outcome is owed exactly once, whatever the executor does: reject, drop, fail, or run the task twice. */
    private void deliverBy(Executor executor, Echo pending, EchoOutcome outcome) {
        DeliveryTurn turn = DeliveryTurn.current();
        Delivery delivery = turn.takeSpare();
        delivery.of(this, pending, outcome);
        // execute() may block, and the closing thread must end the other requests (SPEC END-5).
        boolean held = closed;
        if (!(held ? undelivered.addHeld(delivery) : undelivered.add(delivery))) {
            // Closed: the executor may drop what it is given now, and no one would notice.
            if (turn.isRunning()) {
                turn.deliver(delivery); // after the listener, by another thread
            } else if (undelivered.take(delivery)) {
                SpareThreads.deliver(delivery);
            }
            return;
        }
        if (!held) {
            execute(executor, delivery);
        }
    }

    private void execute(Executor executor, Delivery delivery) {
        try {
            Delivery.Task task = delivery.task();
            lookAfterCollection();
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            delivery.deliver(); // shut down, as is documented
        } catch (Throwable t) { // such as OutOfMemoryError where no thread could be made
            delivery.deliver();
            failures.report(t);
        }
    }

    /** Has {@link #deliverDropped} called after the next garbage collection. */
    private void lookAfterCollection() {
        if (looks.compareAndSet(false, true)) {
            boolean willLook = false;
            try {
                DroppedRequesters.afterCollection(this::deliverDropped);
                willLook = true;
            } finally {
                if (!willLook) {
                    looks.set(false);
                }
            }
        }
    }

    /** Delivers what the executor has dropped, so that no one waits for it in vain until this requester closes. */
    private void deliverDropped() {
        looks.set(false);
        Delivery next = undelivered.takeDropped();
        while (next != null) {
            Delivery dropped = next;
            next = dropped.nextInTurn;
            dropped.nextInTurn = null;
            SpareThreads.deliver(dropped);
        }
        if (undelivered.mayBeDropped()) {
            lookAfterCollection();
        }
    }

    /** Runs user code on this thread; not even an Error of it may stop the others (SPEC OUT-5). */
    void callListener(Echo pending, EchoOutcome outcome) {
        try {
            pending.listener.onOutcome(pending.request(), outcome);
        } catch (Throwable t) {
            failures.report(t);
        }
    }

    boolean hasExecutor() {
        return listenerExecutor != null;
    }

    boolean inEngineThread() {
        return engine.inEngineThread();
    }

    boolean isClosed() {
        return closed;
    }

    /** {@return whether a request has no outcome} */
    boolean isOutstanding() {
        DeliveryTurn.settleAll();
        return places.availablePermits() < maxOutstanding;
    }

    /** What is sent and ended while the counters are read counts as in flight: so they are read again after a pause. */
    @Override
    public EchoStatistics statistics() {
        DeliveryTurn.settleAll();
        for (int left = MOST_READS; ; left--) {
            long begun = System.nanoTime();
            EchoStatistics read = counters.snapshot(maxOutstanding - places.availablePermits());
            if (left <= 1 || System.nanoTime() - begun < AT_ONCE_NANOS) {
                return read;
            }
        }
    }

    @Override
    public Set<EchoCapability> capabilities() {
        return engine.capabilities();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String provider() {
        return provider;
    }

    @Override
    public void close() {
        DeliveryTurn.requireStack();
        closed = true;
        try {
            startSubmitter();
            engine.close();
        } finally {
            DeliveryTurn.settleAll();
            deliverOwed();
        }
    }

    private synchronized void startSubmitter() {
        Executor executor = listenerExecutor;
        if (executor == null || submitter != null) {
            return;
        }
        try {
            Thread thread = new Thread(null, () -> submitHeld(executor), name + "-executor", 0, false);
            thread.setDaemon(true);
            thread.start();
            submitter = thread;
        } catch (OutOfMemoryError e) {
            // The system refuses a thread: what arises now is not given to the executor but delivered as owed.
        }
    }

    /** Gives the executor what arises while the requester closes. If the executor blocks, only this thread waits. */
    private void submitHeld(Executor executor) {
        try {
            for (Delivery next = undelivered.awaitHeld(); next != null; next = undelivered.awaitHeld()) {
                execute(executor, next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // by user code: the rest is delivered as owed
        }
    }

    /** These outcomes are owed, whatever dropped or blocks them. */
    private void deliverOwed() {
        boolean mayWait = listenerExecutor != null && !DeliveryTurn.current().isRunning();
        if (mayWait) {
            awaitExecutor();
        }
        Delivery owed = undelivered.close();
        while (owed != null) {
            Delivery next = owed.after;
            SpareThreads.deliver(owed);
            owed = next;
        }
        if (mayWait) {
            joinSubmitter();
        }
    }

    @SuppressWarnings("ReferenceEquality") // a thread is itself and no other
    private void joinSubmitter() {
        Thread thread = submitter;
        if (thread != null && thread != Thread.currentThread()) {
            try {
                thread.join(SUBMITTER_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits for an executor that works, within the time that close() may take (SPEC END-2). */
    private void awaitExecutor() {
        long begun = System.nanoTime();
        long lastTaken = begun;
        long progress = undelivered.progress();
        while (progress >= 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(EXECUTOR_STEP_NANOS);
            long now = System.nanoTime();
            long before = progress;
            progress = undelivered.progress();
            if (progress != before) {
                lastTaken = now;
            }
            if (now - lastTaken > EXECUTOR_PAUSE_NANOS || now - begun > EXECUTOR_NANOS) {
                return;
            }
        }
    }

    @Override
    public String toString() {
        return name + "[" + provider + (closed ? ", closed]" : "]");
    }

    /** A request of this requester; with the reference to it and the listener it has 32 bytes. */
    class Echo extends PendingEcho implements EchoHandle {
        private final EchoListener listener;

        Echo(EchoRequest request, EchoListener listener) {
            super(request);
            this.listener = listener;
        }

        @Override
        public EchoCounters counters() {
            return counters;
        }

        @Override
        public boolean cancel() {
            return cancel(EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "the caller cancelled the request"));
        }

        /** It has its outcome. */
        void record(String requester, EchoOutcome outcome) {}

        /** For its future, which its caller completes: that is all the delivery there is. */
        void cancelByFuture(EchoOutcome.NotSent why) {
            cancel(why);
        }

        @Override
        protected void onSent() {
            counters.sent();
            counters.left(this);
        }

        @Override
        protected void onEnding() {
            DeliveryTurn.current().prepare(EngineRequester.this);
        }

        @Override
        protected void onOutcome(EchoOutcome outcome, boolean wasSent) {
            places.release();
            ended(this, outcome, wasSent, true);
        }

        @Override
        protected void onCancelled(EchoOutcome.NotSent outcome, boolean wasSent) {
            held.incrementAndGet();
            places.release();
            // Only a future cancels its own request, and its caller completes it.
            ended(this, outcome, wasSent, !(listener instanceof EchoFuture));
            engine.cancelled(this);
        }

        @Override
        protected void onLetGo() {
            held.decrementAndGet();
        }
    }
}
