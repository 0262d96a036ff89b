// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.path;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The queue of all traces and searches over one requester, so that together they do not flood it. Thread-safe.
 *
 * <p>A requester refuses what exceeds its {@code maxOutstanding} ({@link NotSentReason#OVERLOADED}). A refused request
 * returns to the head of the queue, and no more than were outstanding then are tried. Once as many have ended, and at
 * least eight, an eighth more are. So there is at most one refusal for eight outcomes, and one in 20 ms while none
 * ends.
 */
final class PathRequests {
    /** A quarter of the default {@code maxOutstanding}: the rest is left to other users of the requester. */
    private static final int MOST = 65_536;

    /** How many outcomes pay for one request that may be refused. */
    private static final int SHARE = 8;

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** A requester that refuses everything for so long, and has nothing of ours, keeps its refusal. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Keyed weakly: a requester that its owner drops may be collected. */
    private static final Map<EchoRequester, PathRequests> ALL = new WeakHashMap<>();

    private final Deque<PathRequest> waiting = new ArrayDeque<>();
    private int outstanding;

    /** How many may be outstanding: a guess, because the requester's other users are not known. */
    private int most = MOST;

    /** Outcomes since the last refusal, or since {@link #most} grew. */
    private int ended;

    /** When the requester last took a request, or was first asked to after a pause. */
    private long progressNanos;

    private boolean retryDue;

    /** A request was refused since the last retry. */
    private boolean refused;

    /** How many more than are outstanding the next retry allows: twice as many each time while none is refused. */
    private int step = 1;

    private PathRequests() {}

    /** {@return the queue of a requester} */
    static PathRequests of(EchoRequester requester) {
        synchronized (ALL) {
            return ALL.computeIfAbsent(requester, key -> new PathRequests());
        }
    }

    /** Puts a request into the queue; {@link #send} follows. */
    synchronized void add(PathRequest request) {
        if (waiting.isEmpty() && outstanding == 0) {
            progressNanos = System.nanoTime();
        }
        waiting.addLast(request);
    }

    /** Sends what may be sent. It calls other traces and searches: call it without the lock of any. */
    void send() {
        for (PathRequest next = take(); next != null; next = take()) {
            PathRequest request = next;
            if (!request.isWanted()) {
                leave(request);
                continue;
            }
            try {
                request.sent(
                        request.requester.sendAsync(request.request, (asked, outcome) -> onOutcome(request, outcome)));
            } catch (RuntimeException | Error e) {
                // A lack of memory, for instance: the trace must end all the same.
                if (leave(request)) {
                    request.ended(EchoOutcome.NotSent.because(NotSentReason.OS_ERROR, "sendAsync threw " + e));
                }
            }
        }
    }

    private synchronized @Nullable PathRequest take() {
        PathRequest next = outstanding < most ? waiting.pollFirst() : null;
        if (next != null) {
            outstanding++;
            next.isOut = true;
        }
        return next;
    }

    /** {@return whether it was outstanding until now} */
    private synchronized boolean leave(PathRequest request) {
        if (!request.isOut) {
            return false;
        }
        request.isOut = false;
        outstanding--;
        return true;
    }

    private void onOutcome(PathRequest request, EchoOutcome outcome) {
        if (!leave(request)) {
            return; // sendAsync threw
        }
        if (outcome instanceof EchoOutcome.NotSent refusal && refusal.reason() == NotSentReason.OVERLOADED) {
            if (isTriedAgain(request)) {
                return;
            }
        } else {
            progressed();
        }
        request.ended(outcome);
    }

    private synchronized void progressed() {
        progressNanos = System.nanoTime();
        if (++ended >= Math.max(most, SHARE)) {
            ended = 0;
            // Each of them may be refused, because threads send together.
            most = Math.min(MOST, most + Math.max(1, most / SHARE));
        }
    }

    private synchronized boolean isTriedAgain(PathRequest request) {
        if (outstanding == 0 && System.nanoTime() - progressNanos > PATIENCE_NANOS) {
            return false;
        }
        waiting.addFirst(request);
        refused = true;
        most = outstanding;
        ended = 0;
        scheduleRetry();
        return true;
    }

    private void scheduleRetry() {
        if (!retryDue) {
            retryDue = true;
            PathTimers.after(RETRY_NANOS, this::retry);
        }
    }

    private void retry() {
        synchronized (this) {
            retryDue = false;
            if (waiting.isEmpty()) {
                return;
            }
            scheduleRetry();
            if (outstanding > 0 && System.nanoTime() - progressNanos < RETRY_NANOS) {
                return; // each outcome lets the next go
            }
            step = refused ? 1 : Math.min(2 * step, MOST);
            refused = false;
            most = Math.min(MOST, Math.max(most, outstanding + step));
        }
        send();
    }
}
