// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

import dev.netecho.EchoCapability;
import dev.netecho.EchoOutcome;
import dev.netecho.NotSentReason;
import java.util.Set;

/**
 * The part of a backend that serves one requester: it takes pending requests and completes each exactly once.
 *
 * <p>An engine sends the request as given, or completes it with {@code NotSent}. It calls {@link PendingEcho#markSent}
 * when the system has it, and counts the timeout from that moment. It completes the request with the true outcome, and
 * reports stray packets to {@link EchoCounters}. Core does the rest: it checks arguments, destinations and
 * {@link #capabilities()}, bounds the outstanding requests, and delivers outcomes to listeners. All methods may be
 * called from any thread. Below, the engine's thread is the one that completes requests; an engine may have several.
 *
 * <p>An engine forgets a request once that is over. Its listener may refer to the requester, and as long as anything
 * does, nobody finds out that the requester was dropped (SPEC END-6).
 *
 * <p>{@link PendingEcho#complete} may run a listener. That never throws, but it may block, take long, or call any
 * method of the requester, {@link #close} included. An engine calls it where its own state is consistent and no lock is
 * held. A listener's calls arrive as {@link #submit} and {@link #cancelled} inside that call; outcomes never do (SPEC
 * OUT-8).
 */
public interface EchoEngine {
    /** The outcome of a request that is outstanding when its requester closes, or that comes after that. */
    // Initialised with the engine's class, because of the default method (JLS 12.4.1): close() must not need memory.
    EchoOutcome.NotSent CLOSED = EchoOutcome.NotSent.because(NotSentReason.CLOSED, "the requester was closed");

    /**
     * Takes a request. Never blocks, and throws only an {@link Error} for lack of memory or stack. Then core ends the
     * request, whether or not the engine has taken it, and the engine keeps serving the others. After {@link #close} it
     * completes the request with {@code NotSent(CLOSED)}.
     *
     * @param pending the request
     */
    void submit(PendingEcho pending);

    /**
     * Says that the caller has cancelled a request, which is already complete. Called after {@link #submit} has
     * returned, by any thread, at most once for a request.
     *
     * <p>The engine frees the slot at once (SPEC END-1). It calls {@link PendingEcho#letGo} once none of its slots and
     * queues refers to the request. That may be later for a request in a queue, so that taking it out costs little: for
     * instance, when more than half of the queue is cancelled, or in {@link #letGoOfCancelled}. {@link #close} lets go
     * of everything.
     *
     * @param pending the request
     */
    void cancelled(PendingEcho pending);

    /**
     * Lets go of every cancelled request, before it returns. Core calls it before a request is submitted, when the
     * engine holds so many that one more could exceed their number (SPEC END-1): after some hundred cancellations at
     * the earliest. So it may go through the whole queue. If the engine then still holds as many, the request is
     * refused. By default it does nothing: that suits an engine that lets go in {@link #cancelled}.
     */
    default void letGoOfCancelled() {}

    /** {@return whether the calling thread is one that completes requests} */
    boolean inEngineThread();

    /** {@return what this engine can do; constant} */
    Set<EchoCapability> capabilities();

    /**
     * {@return why the system gave this engine less than it can do, such as the error of the one family that is
     * missing; empty if it gave everything} Constant. The detail of a refused request that needs what is missing ends
     * with it.
     */
    default String shortfall() {
        return "";
    }

    /**
     * Completes every outstanding request with {@code NotSent(CLOSED)} and releases everything. Idempotent; bounded in
     * time; does not wait when called on the engine's thread.
     *
     * <p>A listener may block the engine's thread inside {@link PendingEcho#complete}, and so any other thread that
     * calls {@code complete} to close the engine. Other outcomes must not wait for that listener (SPEC END-2): other
     * threads complete all other requests, whether they are in flight, queued or just submitted
     * ({@link dev.netecho.backend.ClosedRequests}). This call must not wait for it longer than five seconds. What only
     * the blocked thread may release is released when the listener returns.
     */
    void close();
}
