// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.backend.ClosedRequests;
import dev.netecho.backend.SubmissionStack;
import dev.netecho.linux.loop.EventLoop;
import dev.netecho.spi.PendingEcho;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends requests of a loop before their time: those of one requester that leaves, or all of them, and then the sockets
 * and the event loop.
 */
final class LoopClosing {
    private static final Logger LOG = LoggerFactory.getLogger(LoopClosing.class);

    /** How long a closing thread waits for the lock of a loop that is held up. */
    private static final long LOCK_NANOS = 20_000_000;

    /** How often a close tries to reach the event loop where memory is short. */
    private static final int EXECUTE_ATTEMPTS = 100;

    private static final long EXECUTE_PAUSE_NANOS = 1_000_000;

    private final LoopState state;
    private final EventLoop loop;
    private final SubmissionStack submitted;
    private final SendQueues queues;
    private final Outcomes outcomes;
    private final LoopLock lock;
    private final ClosedRequests all;
    private final AtomicBoolean tearingDown = new AtomicBoolean();
    private final CountDownLatch tornDown = new CountDownLatch(1);

    /** Made once: where memory has ended, a loop must still close. */
    private final Runnable tearDown = this::tearDown;

    /** Guarded by the lock. */
    private boolean ended;

    /** {@code all} takes everything that is outstanding when the loop is closed. */
    LoopClosing(
            LoopState state,
            EventLoop loop,
            SubmissionStack submitted,
            SendQueues queues,
            Outcomes outcomes,
            ClosedRequests all) {
        this.state = state;
        this.loop = loop;
        this.submitted = submitted;
        this.queues = queues;
        this.outcomes = outcomes;
        this.lock = outcomes.lock;
        this.all = all;
    }

    /** {@return everything that is outstanding when the loop is closed} */
    ClosedRequests all() {
        return all;
    }

    /** {@return whether every request is ended: then no round is to run; with the lock held} */
    boolean isEnded() {
        return ended;
    }

    /** {@return whether the calling thread completes requests of this loop: what it waits for would wait for it} */
    boolean isDelivering() {
        return loop.inLoop() || all.isDelivering();
    }

    /** Has the event loop end the requests, unless it has ended itself or waits for this very call. */
    void endRequests(ClosedRequests closed) {
        if (isDelivering() || !runOrIgnore(() -> endNow(closed))) {
            endNow(closed);
        }
    }

    /** Takes the requests out and completes them, on the calling thread. */
    void endNow(ClosedRequests closed) {
        lock.lock();
        try {
            collect(closed);
        } finally {
            lock.unlock();
        }
        closed.deliver();
    }

    /** {@return whether the requests have their outcome, after waiting for so long, and helping a blocked loop} */
    boolean await(ClosedRequests closed, long nanos) {
        return closed.await(nanos, () -> tryCollect(closed));
    }

    /** {@return whether the requests are taken out now; another thread may have done so} */
    private boolean tryCollect(ClosedRequests closed) {
        if (!lock.tryLock(LOCK_NANOS)) {
            return false;
        }
        try {
            collect(closed);
        } finally {
            lock.unlock();
        }
        return true;
    }

    /** With the lock held. */
    private void collect(ClosedRequests closed) {
        if (closed.isCollected()) {
            return;
        }
        try { // Nothing here needs memory: what was taken out of its place would be lost.
            PendingEcho echo = closed.isAll() ? submitted.close() : submitted.takeAll();
            PendingEcho firstKept = null;
            PendingEcho lastKept = null;
            while (echo != null) {
                PendingEcho younger = echo.next();
                if (closed.includes(echo)) {
                    closed.add(echo);
                } else {
                    if (lastKept == null) {
                        firstKept = echo;
                    } else {
                        lastKept.next(echo);
                    }
                    echo.next(null);
                    lastKept = echo;
                }
                echo = younger;
            }
            submitted.putBack(firstKept);
            queues.collect(closed);
            outcomes.failed.collect(closed);
        } finally {
            closed.setCollected();
        }
    }

    private boolean runOrIgnore(Runnable task) {
        for (int i = 0; i < EXECUTE_ATTEMPTS; i++) {
            try {
                loop.execute(task);
                return true;
            } catch (RejectedExecutionException e) {
                LOG.trace("{}: the event loop has ended", state.name(), e);
                return false;
            } catch (RuntimeException | Error e) { // usually no memory
                LockSupport.parkNanos(EXECUTE_PAUSE_NANOS);
            }
        }
        return false;
    }

    /** Begins to complete every request and to release everything, without waiting for that. */
    void begin() {
        if (!state.setClosing()) {
            return;
        }
        boolean accepted = runOrIgnore(tearDown);
        if (isDelivering() || !accepted) {
            endNow(all);
        }
    }

    /**
     * {@return whether everything is released; an interrupt ends the wait and is kept, and closing continues without
     * the caller}
     */
    boolean awaitRelease(CloseWait wait) {
        try {
            boolean released = tornDown.await(wait.nanosLeft(), TimeUnit.NANOSECONDS)
                    && loop.awaitEnd(Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait.nanosLeft())));
            if (!released) {
                LOG.warn(
                        "{}: close() did not finish within five seconds, because its event loop is still busy; what it"
                                + " uses is released when it is free. A listener there must not block",
                        state.name());
            }
            return released;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Closes on the calling thread: the loop's or, where a lent loop has ended, the one that reports its end. */
    void tearDownNow() {
        state.setClosing();
        tearDown();
    }

    private void tearDown() {
        if (!tearingDown.compareAndSet(false, true)) {
            return;
        }
        endNow(all);
        lock.lock();
        try {
            ended = true;
            outcomes.failed.collect(all); // of this thread, if another one has closed meanwhile
        } finally {
            lock.unlock();
        }
        all.deliver();
        lock.lock();
        try {
            queues.release();
        } finally {
            lock.unlock();
        }
        finishIfReleased();
    }

    /** The event loop has forgotten a socket, whose descriptor is closed. */
    void released(EchoSocket socket) {
        boolean inUse;
        boolean held = lock.isHeldByMe();
        if (!held) {
            lock.lock();
        }
        try {
            inUse = queues.remove(socket);
        } finally {
            if (!held) {
                lock.unlock();
            }
        }
        if (tearingDown.get()) {
            finishIfReleased();
        } else if (inUse) {
            // SPEC END-3: only an event loop that its owner shuts down releases a socket in use.
            tearDownNow();
        }
    }

    private void finishIfReleased() {
        if (ended && queues.areReleased() && tornDown.getCount() > 0) {
            try {
                queues.close();
            } finally {
                endLoop();
            }
        }
    }

    private void endLoop() {
        try {
            LoopWatch.remove(state);
        } finally {
            try {
                loop.shutdown();
            } finally {
                tornDown.countDown();
            }
        }
    }
}
