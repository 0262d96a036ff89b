// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import dev.netecho.Delivery.State;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of one requester that wait for an executor or for a listener to return. Closing takes them, because an
 * executor may have dropped its tasks, or a listener may never return. Thread-safe; allocates nothing.
 */
final class Undelivered {
    private @Nullable Delivery first;

    /** Those that arose while closing, which the executor has not been given yet; linked by {@code nextInTurn}. */
    private @Nullable Delivery firstHeld;

    private @Nullable Delivery lastHeld;
    private long taken;
    private boolean closed;

    /** {@return false if the requester is closed: only the caller would ever take it} */
    synchronized boolean add(Delivery delivery) {
        delivery.state = State.OWED;
        if (closed) {
            return false;
        }
        delivery.after = first;
        if (first != null) {
            first.before = delivery;
        }
        first = delivery;
        return true;
    }

    /** As {@link #add}, for {@link #awaitHeld} to return. */
    synchronized boolean addHeld(Delivery delivery) {
        if (!add(delivery)) {
            return false;
        }
        Delivery before = lastHeld;
        lastHeld = delivery;
        if (before == null) {
            firstHeld = delivery;
            notifyAll();
        } else {
            before.nextInTurn = delivery;
        }
        return true;
    }

    /** {@return the next delivery that was added with {@link #addHeld}; null once all are taken by {@link #close}} */
    synchronized @Nullable Delivery awaitHeld() throws InterruptedException {
        while (firstHeld == null && !closed) {
            wait();
        }
        Delivery held = firstHeld;
        if (held != null) {
            firstHeld = held.nextInTurn;
            held.nextInTurn = null;
            if (firstHeld == null) {
                lastHeld = null;
            }
        }
        return held;
    }

    /** {@return whether it was owed, and is now the caller's to deliver} */
    synchronized boolean take(Delivery delivery) {
        if (delivery.state == State.TAKEN) {
            return false;
        }
        delivery.state = State.TAKEN;
        taken++;
        Delivery before = delivery.before;
        Delivery after = delivery.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after != null) {
            after.before = before;
        }
        delivery.before = null;
        delivery.after = null;
        return true;
    }

    /** {@return whether the caller may link it in a turn: it is owed, and in no turn yet} */
    synchronized boolean enterTurn(Delivery delivery) {
        if (delivery.state != State.OWED) {
            return false;
        }
        delivery.state = State.IN_TURN;
        return true;
    }

    /** Takes those that the executor has dropped, linked by {@code nextInTurn}. */
    synchronized @Nullable Delivery takeDropped() {
        Delivery dropped = null;
        for (Delivery each = first; each != null; ) {
            Delivery next = each.after;
            if (each.state == State.OWED && each.isDropped()) {
                take(each);
                each.nextInTurn = dropped;
                dropped = each;
            }
            each = next;
        }
        return dropped;
    }

    /** {@return whether the executor was given any of these, and may drop it} */
    synchronized boolean mayBeDropped() {
        for (Delivery each = first; each != null; each = each.after) {
            if (each.state == State.OWED && each.wasGiven()) {
                return true;
            }
        }
        return false;
    }

    /** {@return how many were taken so far, or -1 if none is owed} */
    synchronized long progress() {
        return first == null ? -1 : taken;
    }

    /** Takes all, linked by {@code after}; what comes later is refused by {@link #add}. */
    synchronized @Nullable Delivery close() {
        closed = true;
        Delivery all = first;
        for (Delivery each = all; each != null; each = each.after) {
            each.state = State.TAKEN;
            each.before = null;
        }
        first = null;
        firstHeld = null;
        lastHeld = null;
        notifyAll();
        return all;
    }
}
