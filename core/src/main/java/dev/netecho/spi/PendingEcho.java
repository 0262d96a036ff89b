// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: exactly one outcome, whoever is first (SPEC OUT-1). The engine, a cancelling caller and {@code close} may
 * race; one of them wins and the others learn that they lost.
 *
 * <table>
 * <caption>States</caption>
 * <tr><th>state</th><th>{@link #markSent}</th><th>{@link #complete}</th></tr>
 * <tr><td>QUEUED</td><td>to SENT, true</td><td>to DONE, true</td></tr>
 * <tr><td>SENT</td><td>a defect of the engine</td><td>to DONE, true</td></tr>
 * <tr><td>DONE</td><td>false</td><td>false</td></tr>
 * </table>
 *
 * <p>Thread-safe, except {@link #next} and {@link #handle}, which belong to the engine. State and handle share an int: there is
 * one of these for every request, and it has 32 bytes.
 */
public final class PendingEcho {
    /** The largest number that {@link #handle(int)} takes. */
    public static final int MAX_HANDLE = (1 << 30) - 2;

    private static final int SENT = 1;
    private static final int DONE = 2;
    private static final int STATES = SENT | DONE;
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
    private final EchoListener listener;
    private final EchoCompletion completion;
    private @Nullable PendingEcho next;

    /** The handle plus one, and the state. A volatile field that is set in a constructor costs a fence, so that 0 is how it begins. */
    @SuppressWarnings("UnusedVariable") // read and written through STATE
    private volatile int state;

    /**
     * Constructs a queued request.
     *
     * @param request what to send
     * @param listener who wants the outcome
     * @param completion what counts and delivers it
     */
    public PendingEcho(EchoRequest request, EchoListener listener, EchoCompletion completion) {
        this.request = Objects.requireNonNull(request, "request");
        this.listener = Objects.requireNonNull(listener, "listener");
        this.completion = Objects.requireNonNull(completion, "completion");
    }

    /** {@return what to send} */
    public EchoRequest request() {
        return request;
    }

    /** {@return who wants the outcome; only core calls it} */
    public EchoListener listener() {
        return listener;
    }

    /** {@return who counts and delivers the outcome: the identity of the requester} */
    public EchoCompletion completion() {
        return completion;
    }

    /** {@return whether it has its outcome} */
    public boolean isDone() {
        return ((int) STATE.getVolatile(this) & DONE) != 0;
    }

    /**
     * Says that the operating system has the packet.
     *
     * @return false if the request was complete before that
     */
    public boolean markSent() {
        int before = (int) STATE.getAndBitwiseOr(this, SENT);
        if ((before & STATES) != 0) {
            return false;
        }
        completion.sent(this);
        return true;
    }

    /**
     * Gives the request its outcome and delivers it, if nobody was faster.
     *
     * @param outcome the outcome
     * @return whether it was this call that completed the request
     */
    public boolean complete(EchoOutcome outcome) {
        Objects.requireNonNull(outcome, "outcome");
        int before = (int) STATE.getAndBitwiseOr(this, DONE);
        if ((before & DONE) != 0) {
            return false;
        }
        completion.completed(this, outcome, (before & SENT) != 0);
        return true;
    }

    /** {@return the link of the engine's own list} */
    public @Nullable PendingEcho next() {
        return next;
    }

    /**
     * Sets the link of the engine's own list.
     *
     * @param next the next in the list, or null
     */
    public void next(@Nullable PendingEcho next) {
        this.next = next;
    }

    /** {@return the number under which the engine finds it again; -1 at first} */
    public int handle() {
        return ((int) STATE.getVolatile(this) >>> HANDLE_SHIFT) - 1;
    }

    /**
     * Sets the number under which the engine finds it again.
     *
     * @param handle the engine's number, 0 to {@link #MAX_HANDLE}; -1 for none
     * @throws IllegalArgumentException if it is not in that range
     */
    public void handle(int handle) {
        if (handle < -1 || handle > MAX_HANDLE) {
            throw new IllegalArgumentException("the handle is " + handle + "; it is -1 to " + MAX_HANDLE);
        }
        int shifted = (handle + 1) << HANDLE_SHIFT;
        int before;
        do { // a caller may cancel at any time
            before = (int) STATE.getVolatile(this);
        } while (!STATE.compareAndSet(this, before, shifted | (before & STATES)));
    }
}
