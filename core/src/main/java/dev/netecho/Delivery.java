// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One outcome that the listener executor delivers, or this thread after the listener that it runs. It is made before
 * the request is complete, so no lack of memory can lose the outcome. All states change under the lock of
 * {@link Undelivered}.
 */
final class Delivery {
    enum State {
        /** Not owed to a listener yet. */
        NEW,
        /** Owed; the thread that takes it delivers it. */
        OWED,
        /** Owed, and linked in the turn of a thread. */
        IN_TURN,
        /** Taken: delivered, or about to be. */
        TAKEN
    }

    private static final long MOMENT_NANOS = 1_000_000;

    State state = State.NEW;

    /** Links in {@link Undelivered}, and {@code after} alone in {@link SpareThreads}. */
    @Nullable
    Delivery before;

    @Nullable
    Delivery after;

    /** Link in {@link DeliveryTurn}. */
    @Nullable
    Delivery nextInTurn;

    /** What the executor was given, if it was: once that is collected, the executor has dropped it for good. */
    private volatile @Nullable WeakReference<Task> given;

    private @Nullable EngineRequester requester;
    private EngineRequester.@Nullable Echo pending;
    private @Nullable EchoOutcome outcome;
    private boolean waits;

    void of(EngineRequester requester, EngineRequester.Echo pending, EchoOutcome outcome) {
        this.requester = requester;
        this.pending = pending;
        this.outcome = outcome;
    }

    /** Has the listener called a moment later, when the thread that met the outcome has gone on. */
    void waitAMoment() {
        waits = true;
    }

    EngineRequester requester() {
        return Objects.requireNonNull(requester);
    }

    /** Calls the listener once; for the thread that has taken the delivery. */
    void callListener() {
        if (waits) {
            LockSupport.parkNanos(MOMENT_NANOS);
        }
        requester().callListener(Objects.requireNonNull(pending), Objects.requireNonNull(outcome));
    }

    /** Delivers it, if it is still owed: at once, or after the listener that runs on this thread. */
    void deliver() {
        DeliveryTurn.current().deliver(this);
    }

    /** {@return what an executor is to run} */
    Task task() {
        Task task = new Task(this);
        given = new WeakReference<>(task);
        return task;
    }

    boolean wasGiven() {
        return given != null;
    }

    /** {@return whether an executor was given the task and nothing can run it any more} */
    boolean isDropped() {
        WeakReference<Task> task = given;
        return task != null && task.refersTo(null);
    }

    /** The task of an executor, which may run it late, twice, or never. Nothing in this library refers to it. */
    static final class Task implements Runnable {
        private final Delivery delivery;

        private Task(Delivery delivery) {
            this.delivery = delivery;
        }

        @Override
        public void run() {
            try {
                delivery.deliver();
            } finally {
                Reference.reachabilityFence(this);
            }
        }
    }
}
