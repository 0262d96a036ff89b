// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of one thread, one after the other. An outcome that arises while a listener runs is delivered after it,
 * never on its stack (SPEC OUT-8). {@link SpareThreads} takes over what would hold the thread for too long.
 */
final class DeliveryTurn {
    /** Deferred outcomes that a thread delivers before it goes back to its own work. */
    static final int MOST_DEFERRED = 64;

    /** More frames than programs have, and far fewer than the smallest stack in use holds. */
    private static final int DEEP_FRAMES = 700;

    /** To count the frames costs some microseconds. */
    private static final int OUTCOMES_BETWEEN_LOOKS = 128;

    /** A recursion of this depth takes some kilobytes: more than all later calls in this library and an engine. */
    private static final int PROBE_DEPTH = 64;

    /**
     * Weak, because a thread that outlives this library must not keep its class loader; {@link #ALL} holds the turns.
     */
    private static final ThreadLocal<WeakReference<DeliveryTurn>> TURNS = new ThreadLocal<>();

    private static final int FEW_TURNS = 64;

    /** Some cancellations of futures within each other need far less stack than there is. */
    private static final int MOST_CANCELS = 64;

    /** All turns of living threads. Guarded by its own lock. */
    private static final List<DeliveryTurn> ALL = new ArrayList<>();

    private static int purgeAt = FEW_TURNS;

    /** Some turn may have a request in doubt. Set where there may be no stack left to call anything. */
    static volatile boolean anyInDoubt;

    /** Whether this is a thread of {@link SpareThreads}. */
    private final boolean isSpare;

    private boolean running;
    private int outcomes;
    private int cancels;
    private boolean ofEngine;
    private @Nullable EngineRequester delivering;
    private @Nullable Delivery spare;
    private @Nullable Delivery first;
    private @Nullable Delivery last;

    /**
     * A request whose submission threw: the engine may have it or not. At most one: each submission settles it first.
     */
    volatile EngineRequester.@Nullable Echo inDoubt;

    /** Keeps the probe from being optimised away. */
    long probed;

    private static volatile long probedToClose;

    private final WeakReference<Thread> thread = new WeakReference<>(Thread.currentThread());

    private DeliveryTurn(boolean isSpare) {
        this.isSpare = isSpare;
    }

    static DeliveryTurn current() {
        WeakReference<DeliveryTurn> known = TURNS.get();
        DeliveryTurn turn = known == null ? null : known.get();
        return turn == null ? register(false) : turn;
    }

    /** Marks the calling thread as one of {@link SpareThreads}. */
    static void beSpare() {
        register(true);
    }

    private static DeliveryTurn register(boolean isSpare) {
        DeliveryTurn turn = new DeliveryTurn(isSpare);
        synchronized (ALL) {
            if (ALL.size() >= purgeAt) {
                ALL.removeIf(DeliveryTurn::isOver);
                purgeAt = Math.max(FEW_TURNS, 2 * ALL.size());
            }
            ALL.add(turn);
        }
        TURNS.set(new WeakReference<>(turn));
        return turn;
    }

    private boolean isOver() {
        Thread owner = thread.get();
        return (owner == null || !owner.isAlive()) && inDoubt == null;
    }

    /** {@return whether this is a spare thread that delivers an outcome of a requester} */
    @SuppressWarnings("ReferenceEquality") // a requester is itself and no other
    boolean isSpareOf(EngineRequester requester) {
        return isSpare && delivering == requester;
    }

    /** {@return whether many futures are cancelled on this thread, each within the cancellation of another} */
    boolean enterCancel() {
        return ++cancels % MOST_CANCELS == 0;
    }

    void leaveCancel() {
        cancels--;
    }

    /** {@return whether a listener runs on this thread} */
    boolean isRunning() {
        return running;
    }

    /** Makes sure of stack for a close, which must not end half-way; throws if it is short. Needs no memory. */
    static void requireStack() {
        probedToClose = probeStack(PROBE_DEPTH, probedToClose, 2, 3, 4);
    }

    /** Makes sure of stack and memory for an outcome that arises here; throws if either is short. */
    void prepare(EngineRequester requester) {
        if (running || !(ofEngine || isOfEngine(requester))) {
            probed = probeStack(PROBE_DEPTH, probed, 2, 3, 4);
            prepareDelivery();
        } else if (requester.hasExecutor()) {
            prepareDelivery();
        }
    }

    /**
     * {@return whether the stack of this thread is deep, now that an outcome arises outside of a listener} So it is
     * where what depends on a future sends the next request, which is refused at once, and so on (SPEC OUT-8).
     */
    boolean isDeep() {
        if (running || ++outcomes % OUTCOMES_BETWEEN_LOOKS != 0) {
            return false;
        }
        return StackWalker.getInstance()
                .walk(frames -> frames.skip(DEEP_FRAMES).findFirst().isPresent());
    }

    private boolean isOfEngine(EngineRequester requester) {
        ofEngine = requester.inEngineThread();
        return ofEngine;
    }

    private void prepareDelivery() {
        if (spare == null) {
            spare = new Delivery();
        }
    }

    /** The sums are only there to be kept on the stack across the call. */
    private static long probeStack(int depth, long a, long b, long c, long d) {
        return depth == 0 ? a + b : probeStack(depth - 1, b + d, c ^ a, d + b, a + depth) + (a ^ b) + (c ^ d);
    }

    /** {@return a delivery that {@link #prepare} has made} */
    Delivery takeSpare() {
        Delivery taken = spare == null ? new Delivery() : spare;
        spare = null;
        return taken;
    }

    /** Delivers an outcome: at once, or after the listener that runs on this thread. */
    void deliver(EngineRequester requester, EngineRequester.Echo pending, EchoOutcome outcome) {
        if (running) {
            Delivery delivery = takeSpare();
            delivery.of(requester, pending, outcome);
            requester.undelivered.add(delivery); // closing takes it if the listener blocks
            deliver(delivery);
            return;
        }
        running = true;
        try {
            requester.callListener(pending, outcome);
            deliverDeferred();
        } finally {
            running = false;
            settleIfPossible();
        }
    }

    /** Delivers an outcome that is owed; without effect if it was delivered already. */
    void deliver(Delivery delivery) {
        Undelivered owed = delivery.requester().undelivered;
        if (running) {
            if (owed.enterTurn(delivery)) {
                defer(delivery);
            }
        } else if (owed.take(delivery)) {
            deliverTaken(delivery);
        }
    }

    /** Delivers an outcome that is taken; never inside a listener. */
    void deliverTaken(Delivery delivery) {
        running = true;
        try {
            call(delivery);
            deliverDeferred();
        } finally {
            running = false;
            delivering = null;
            settleIfPossible();
        }
    }

    private void call(Delivery delivery) {
        if (isSpare) { // another thread has no use for it, and would keep the requester
            delivering = delivery.requester();
        }
        delivery.callListener();
    }

    private void defer(Delivery delivery) {
        Delivery before = last;
        last = delivery;
        if (before == null) {
            first = delivery;
        } else {
            before.nextInTurn = delivery;
        }
    }

    private @Nullable Delivery poll() {
        Delivery polled = first;
        if (polled != null) {
            first = polled.nextInTurn;
            polled.nextInTurn = null;
            if (first == null) {
                last = null;
            }
        }
        return polled;
    }

    private void deliverDeferred() {
        for (int i = 0; i < MOST_DEFERRED; i++) {
            Delivery next = poll();
            if (next == null) {
                return;
            }
            EngineRequester requester = next.requester();
            if (requester.undelivered.take(next)) {
                if (requester.isClosed() && !isSpare) {
                    // A listener that keeps sending must not hold up close() (SPEC END-2)
                    SpareThreads.deliver(next);
                } else {
                    call(next);
                }
            }
        }
        handOver();
    }

    /**
     * Has other threads deliver what waits for the listener of this thread, which is about to block or has run often
     * enough.
     */
    void handOver() {
        for (Delivery next = poll(); next != null; next = poll()) {
            if (next.requester().undelivered.take(next)) {
                SpareThreads.deliver(next);
            }
        }
    }

    // Requests in doubt

    /**
     * Ends the request in doubt, so that its place is free again; throws if stack or memory is short.
     *
     * @return whether there was one and it had no outcome; then no listener is told
     */
    boolean settle() {
        return inDoubt != null && settleNow();
    }

    private synchronized boolean settleNow() {
        EngineRequester.Echo pending = inDoubt;
        boolean first = pending != null && pending.complete(EngineRequester.THREW);
        inDoubt = null;
        return first;
    }

    private void settleIfPossible() {
        try {
            settle();
        } catch (Error e) { // no memory: the next caller who needs a place tries again
            anyInDoubt = true;
        }
    }

    /** Ends the requests in doubt of all threads, also of those that have made no call since. */
    static void settleAll() {
        if (!anyInDoubt) {
            return;
        }
        anyInDoubt = false;
        List<DeliveryTurn> all;
        synchronized (ALL) {
            all = List.copyOf(ALL);
        }
        all.forEach(DeliveryTurn::settleIfPossible);
    }
}
