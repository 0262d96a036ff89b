// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: exactly one outcome, whoever is first (SPEC OUT-1). The engine, a cancelling caller and
 * {@code close} may race; one of them wins and the others learn that they lost.
 *
 * <table>
 * <caption>States</caption>
 * <tr><th>state</th><th>{@link #markSent}</th><th>{@link #complete}</th><th>{@link #cancel}</th>
 * <th>{@link #letGo}</th></tr>
 * <tr><td>QUEUED</td><td>to SENT, true</td><td>to DONE, true</td><td>to CANCELLED, true</td><td>no effect</td></tr>
 * <tr><td>SENT</td><td>a defect</td><td>to DONE, true</td><td>to CANCELLED, true</td><td>no effect</td></tr>
 * <tr><td>CANCELLED</td><td>false</td><td>false</td><td>false</td><td>to DONE</td></tr>
 * <tr><td>DONE</td><td>false</td><td>false</td><td>false</td><td>no effect</td></tr>
 * </table>
 *
 * <p>A cancelled request has its outcome, but its engine may still hold it in a queue, until {@link #letGo}.
 *
 * <p>Engines call the public methods. The protected ones are for the subclass, which is core's and tells its requester.
 *
 * <p>Thread-safe, except {@link #next} and {@link #handle}, which belong to the engine. State and handle share an int:
 * there is one of these for every request. With the two fields of core's subclass it has 32 bytes.
 */
public abstract class PendingEcho {
    /** The largest number that {@link #handle(int)} takes. */
    public static final int MAX_HANDLE = (1 << 30) - 2;

    private static final int QUEUED = 0;
    private static final int SENT = 1;
    private static final int DONE = 2;
    private static final int CANCELLED = 3;
    private static final int STATES = 3;
    private static final int HANDLE_SHIFT = 2;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(PendingEcho.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final EchoRequest request;
    private @Nullable PendingEcho next;

    /**
     * The handle plus one, and the state. It begins with 0, because a volatile field that is set in a constructor costs
     * a fence.
     */
    @SuppressWarnings("UnusedVariable") // read and written through STATE
    private volatile int state;

    /**
     * Constructs a queued request.
     *
     * @param request what to send
     */
    protected PendingEcho(EchoRequest request) {
        this.request = Objects.requireNonNull(request, "request");
    }

    /** {@return what to send} */
    public final EchoRequest request() {
        return request;
    }

    /** {@return the counters of its requester, as in {@link EchoConfig#counters}: two requesters never share them} */
    public abstract EchoCounters counters();

    /** {@return whether it has its outcome} */
    public final boolean isDone() {
        return ((int) STATE.getVolatile(this) & DONE) != 0; // CANCELLED has that bit too
    }

    /**
     * Says that the operating system has the packet.
     *
     * @return false if the request was complete before that
     */
    public final boolean markSent() {
        int before;
        do {
            before = (int) STATE.getVolatile(this);
            if ((before & STATES) != QUEUED) {
                return false;
            }
        } while (!STATE.compareAndSet(this, before, before | SENT));
        onSent();
        return true;
    }

    /**
     * Gives the request its outcome and delivers it, if no other thread was faster. If this throws an {@link Error},
     * such as for lack of memory or stack, the request is as it was.
     *
     * @param outcome the outcome
     * @return whether it was this call that completed the request
     */
    public final boolean complete(EchoOutcome outcome) {
        int before = end(outcome, DONE);
        if ((before & DONE) != 0) {
            return false;
        }
        onOutcome(outcome, before == SENT);
        return true;
    }

    /**
     * Ends the request because its caller wants no outcome any more. The engine may hold it until {@link #letGo}.
     *
     * @param outcome the outcome
     * @return whether it was outstanding
     */
    protected final boolean cancel(EchoOutcome.NotSent outcome) {
        int before = end(outcome, CANCELLED);
        if ((before & DONE) != 0) {
            return false;
        }
        onCancelled(outcome, before == SENT);
        return true;
    }

    /** {@return the state before, which was left as it was if it was DONE or CANCELLED} */
    private int end(EchoOutcome outcome, int state) {
        Objects.requireNonNull(outcome, "outcome");
        if (isDone()) {
            return DONE;
        }
        onEnding(); // what may fail fails here, before anything changes
        int before;
        do {
            before = (int) STATE.getVolatile(this);
            if ((before & DONE) != 0) {
                return DONE;
            }
        } while (!STATE.compareAndSet(this, before, (before & ~STATES) | state));
        return before & STATES;
    }

    /**
     * Says that no queue or slot of the engine refers to this request any more. An engine calls it once for each
     * request of {@link EchoEngine#cancelled}. A second call, or one for a request that was not cancelled, has no
     * effect.
     */
    public final void letGo() {
        int before;
        do {
            before = (int) STATE.getVolatile(this);
            if ((before & STATES) != CANCELLED) {
                return;
            }
        } while (!STATE.compareAndSet(this, before, (before & ~STATES) | DONE));
        onLetGo();
    }

    /** {@return the link of the engine's own list} */
    public final @Nullable PendingEcho next() {
        return next;
    }

    /**
     * Sets the link of the engine's own list.
     *
     * @param next the next in the list, or null
     */
    public final void next(@Nullable PendingEcho next) {
        this.next = next;
    }

    /** {@return the number by which the engine finds it again; -1 at first} */
    public final int handle() {
        return ((int) STATE.getVolatile(this) >>> HANDLE_SHIFT) - 1;
    }

    /**
     * Sets the number by which the engine finds it again.
     *
     * @param handle the engine's number, 0 to {@link #MAX_HANDLE}; -1 for none
     * @throws IllegalArgumentException if it is not in that range
     */
    public final void handle(int handle) {
        if (handle < -1 || handle > MAX_HANDLE) {
            throw new IllegalArgumentException("the handle is " + handle + "; it must be -1 to " + MAX_HANDLE);
        }
        int shifted = (handle + 1) << HANDLE_SHIFT;
        int before;
        do { // a caller may cancel at any time
            before = (int) STATE.getVolatile(this);
        } while (!STATE.compareAndSet(this, before, shifted | (before & STATES)));
    }

    // For the subclass

    /**
     * The operating system has the packet. Called at most once; {@link #onOutcome} may come first when another thread
     * completes the request at the same time. Default: nothing.
     */
    protected void onSent() {}

    /**
     * The request is about to get an outcome; another thread may be faster. Makes sure of the memory and stack that
     * {@link #onOutcome} and {@link #onCancelled} need. What this throws leaves the request as it was. Default:
     * nothing.
     */
    protected void onEnding() {}

    /**
     * The request has its outcome, and was not cancelled. Called exactly once, unless {@link #onCancelled} is.
     *
     * @param outcome its outcome
     * @param wasSent whether the request had been handed to the system: {@link #onSent} was called, or is about to be
     */
    protected abstract void onOutcome(EchoOutcome outcome, boolean wasSent);

    /**
     * The request was cancelled by its caller and has its outcome. Called exactly once, unless {@link #onOutcome} is.
     *
     * @param outcome its outcome
     * @param wasSent whether the request had been handed to the system
     */
    protected abstract void onCancelled(EchoOutcome.NotSent outcome, boolean wasSent);

    /**
     * The engine no longer refers to a cancelled request. Called at most once; it may come before {@link #onCancelled}
     * when another thread lets it go at the same time. Default: nothing.
     */
    protected void onLetGo() {}
}
