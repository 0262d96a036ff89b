// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.EchoRequest;
import dev.netecho.backend.ClosedRequests;
import dev.netecho.backend.DeadlineWheel;
import dev.netecho.backend.RoundTrip;
import dev.netecho.backend.SendWindow;
import dev.netecho.backend.SlotState;
import dev.netecho.backend.SlotTable;
import dev.netecho.linux.socket.KernelClock;
import dev.netecho.spi.PendingEcho;
import java.util.Objects;

/**
 * What is in flight on one socket: the slot of each request, its deadline, and what its answer takes of the receive
 * buffer. It knows neither sender nor receiver. Not thread-safe.
 */
final class InFlight {
    /** Slot numbers in {@link PendingEcho#handle}: 16 bits of sequence and 4 of identifier. */
    static final int SLOT_BITS = 20;

    private static final int SEQUENCES = 1 << 16;

    private final SlotTable slots;
    private final DeadlineWheel deadlines;
    private final SendWindow window;

    /**
     * Creates it empty.
     *
     * @param identifiers how many identifiers the socket sends with
     * @param capacity how many bytes of answers the receive buffer holds
     */
    InFlight(int identifiers, long capacity, long nowNanos) {
        this.slots = new SlotTable(identifiers * SEQUENCES);
        this.deadlines = new DeadlineWheel(slots.capacity(), nowNanos);
        this.window = new SendWindow(capacity, nowNanos);
    }

    /** {@return what an answer may be compared with} */
    SlotTable slots() {
        return slots;
    }

    boolean isEmpty() {
        return slots.inUse() == 0;
    }

    /** To be called after receiving, with a time from before it and what is known of the receive buffer now. */
    void advanceWindow(long nowNanos, long capacity) {
        window.advance(nowNanos, capacity);
    }

    /** {@return whether one more request may be sent, beside staged ones whose answers take so many bytes} */
    boolean admits(long staged, int charge) {
        return window.admits(staged, charge);
    }

    /** {@return when the window admits more; {@link Long#MAX_VALUE} if it is empty} */
    long windowNanos() {
        return window.nextNanos();
    }

    /** {@return a slot for a request, or {@link SlotTable#NONE}} */
    int take(PendingEcho echo, boolean carriesToken, long nowNanos) {
        slots.makeRoom();
        if (slots.capacity() > deadlines.capacity()) {
            deadlines.grow(slots.capacity());
        }
        return slots.take(echo, carriesToken, nowNanos);
    }

    /** {@return the request in a slot, which keeps it} */
    PendingEcho echo(int slot) {
        return Objects.requireNonNull(slots.pending(slot));
    }

    /** Takes a request out of its slot that was not sent. */
    PendingEcho withdraw(int slot) {
        PendingEcho echo = echo(slot);
        echo.handle(-1);
        slots.free(slot, SlotState.FREE, true, System.nanoTime());
        return echo;
    }

    /**
     * The request in a slot is with the kernel: it left at {@code sentNanos} by estimate, and not after
     * {@code latestNanos}, from which its timeout counts (SPEC TIM-1): a slow thread of this process must never make a
     * host look silent.
     *
     * @param sinceCall nanoseconds from the beginning of the system call to {@code sentNanos}
     */
    void sent(int slot, long sentNanos, int sinceCall, long latestNanos) {
        PendingEcho echo = echo(slot);
        slots.sent(slot, sentNanos, sinceCall);
        window.charge(sentNanos, charge(echo));
        deadlines.advance(sentNanos);
        deadlines.arm(slot, latestNanos + echo.request().timeoutNanos());
        if (!echo.markSent()) { // cancelled between two system calls: the answer will be late
            end(slot, SlotState.ENDED, sentNanos).letGo();
        }
    }

    private static int charge(PendingEcho echo) {
        return ReceiveCost.ofPayload(echo.request().payload().size());
    }

    /**
     * Measures how long the request in flight in a slot took to be answered.
     *
     * @param arrival when the kernel stamped the answer, or {@link KernelClock#UNUSABLE}
     * @param clockError how far {@code arrival} may be off
     * @param now when it was read
     */
    void measure(RoundTrip roundTrip, int slot, EchoRequest request, long arrival, long clockError, long now) {
        long timeout = request.timeoutNanos();
        if (arrival == KernelClock.UNUSABLE) {
            roundTrip.ofUnstamped(slots.calledNanos(slot), slots.sentNanos(slot), now, timeout);
        } else {
            long latest = deadlines.deadlineNanos(slot) - timeout; // as armed in sent()
            roundTrip.ofStamped(slots.calledNanos(slot), slots.sentNanos(slot), latest, arrival, clockError, timeout);
        }
    }

    /** {@return whether an answer at this time is after the deadline of the request in flight in a slot} */
    boolean isLate(int slot, long answeredNanos) {
        return answeredNanos - deadlines.deadlineNanos(slot) > 0;
    }

    /** Takes a request that was sent out of its slot; {@code how} is ANSWERED or ENDED. */
    PendingEcho end(int slot, SlotState how, long nowNanos) {
        PendingEcho echo = echo(slot);
        deadlines.disarm(slot);
        window.release(slots.sentNanos(slot), charge(echo));
        slots.free(slot, how, echo.request().payload().carriesToken(), nowNanos);
        return echo;
    }

    /** Frees the slot of a cancelled request (SPEC END-1). */
    @SuppressWarnings("ReferenceEquality") // a request is itself and no other
    void cancelled(PendingEcho echo, int slot) {
        if (slots.state(slot) == SlotState.SENT && slots.pending(slot) == echo) {
            end(slot, SlotState.ENDED, System.nanoTime()).letGo();
        }
    }

    /** {@return the earliest deadline; {@link Long#MAX_VALUE} if nothing is in flight} */
    long nextDeadline() {
        return deadlines.nextNanos();
    }

    /** {@return a slot whose deadline has passed; negative if there is none} */
    int expired(long nowNanos) {
        return deadlines.expired(nowNanos);
    }

    /** Takes out everything that has a slot: it has failed. */
    void fail(FailedRequests failed) {
        long now = System.nanoTime();
        for (int slot = 0; slot < slots.end(); slot++) {
            PendingEcho echo = slots.pending(slot);
            if (echo != null) {
                if (slots.state(slot) == SlotState.SENT) {
                    end(slot, SlotState.ENDED, now);
                } else { // it may have left
                    slots.free(slot, SlotState.ENDED, echo.request().payload().carriesToken(), now);
                }
                failed.add(echo);
            }
        }
    }

    /**
     * Takes out what is in flight and ends. What is being sent stays: it is dropped when that is over, being complete
     * by then.
     */
    void collect(ClosedRequests closed) {
        long now = System.nanoTime();
        for (int slot = 0; slot < slots.end(); slot++) {
            PendingEcho echo = slots.pending(slot);
            if (echo == null || !closed.includes(echo)) {
                continue;
            }
            if (slots.state(slot) == SlotState.SENT) {
                closed.add(end(slot, SlotState.ENDED, now));
            } else {
                closed.addLinked(echo);
            }
        }
    }
}
