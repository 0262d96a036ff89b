// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.backend.ClosedRequests;
import dev.netecho.backend.RateLimitedLog;
import dev.netecho.backend.SendPace;
import dev.netecho.packet.EchoTokens;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import java.security.SecureRandom;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that calls the system. Windows delivers a completion only to the thread that sent, and only while it
 * waits alertably. So this thread takes requests from a queue, sends, waits, and must not end while a call is pending.
 *
 * <p>A round: receive completions, settle them, time out what is due, send a batch, wait. Completions come first, so
 * that an answer that was in time never becomes a time-out.
 *
 * <p>Outcomes run user code, which may block this thread. So another thread can end all callers of a close. At any
 * moment every request without an outcome is in the queue, in {@link FullSystem}, in {@link PendingCalls}, in
 * {@link Deadlines} or {@link #inHand}, which any thread may read. If not, this thread sees {@link #closing} before it
 * lets go of the request.
 *
 * <p>Whatever a round throws ends that round and is logged, also for lack of memory. The next round first ends the
 * request in hand; all others are still in their lists.
 */
final class EchoWorker implements Runnable {
    /** Requests sent between two looks at the completions. */
    private static final int BATCH = 16;

    private static final int PAUSE_AFTER_FAILURE_MILLIS = 10;

    /** The longest wait: it finds a request that a failed wake-up left in the queue. */
    private static final int LONGEST_REST_MILLIS = 10_000;

    /** A completion that is later than this after the system's time-out was lost. */
    private static final long OVERDUE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Made in advance: when it is needed, there is no memory. */
    private static final EchoOutcome OUT_OF_MEMORY =
            EchoOutcome.NotSent.because(NotSentReason.OVERLOADED, "this process ran out of memory; the log says where");

    /** A round that takes longer is logged: mostly a listener or a system call holds it. */
    private static final long HELD_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** It is logged if it is seen again after this time: one that was only waiting for a processor ends meanwhile. */
    private static final long HELD_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** A round that takes this long is logged at once. */
    private static final long SURELY_HELD_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final long RESTS = Long.MIN_VALUE;

    private final String name;
    private final EchoCounters counters;
    private final WindowsSystem system;
    private final WindowsSettings settings;
    private final Map<IpVersion, IcmpHandle> handles;
    private final Judge judge;
    private final WorkerWakeUp wakeUp;
    private final SendPace pace;
    private final int maxPendingCalls;
    private final EchoTokens tokens;
    private final Deadlines deadlines = new Deadlines(System.nanoTime());

    private final PendingCalls calls;
    private final SubmittedRequests submitted = new SubmittedRequests();
    private final ClosedRequests ending;

    /** Made once: memory may be short when the engine closes. */
    private final BooleanSupplier collect = this::collect;

    private final Consumer<PendingCall> collectCall = this::collect;

    /** When the current round began; {@link #RESTS} if there is none. Submitting threads check how long ago that is. */
    private volatile long roundBegan = RESTS;

    private final RateLimitedLog log = new RateLimitedLog(EchoWorker.class);
    private final RateLimitedLog heldLog = new RateLimitedLog(EchoWorker.class);

    /** The beginning of the round that was last seen to be held, and the time of that look. */
    private volatile long[] heldSeen = {RESTS, RESTS};

    /** Set at the beginning of {@link #run}. */
    private volatile @Nullable Thread thread;

    /**
     * The request that this thread works on, which may be in no list. If the work throws, it stays here until the next
     * round has ended it. Only this thread sets it.
     */
    private volatile @Nullable PendingEcho inHand;

    /** What the last round threw. */
    private @Nullable Throwable thrown;

    /** Some cancelled requests still have deadlines. */
    private volatile boolean deadlinesOfCancelled;

    private volatile boolean closing;
    private volatile boolean callersEnded;
    private volatile int stillPending;

    /** The pace holds the head of the queue. */
    private boolean paced;

    private final FullSystem full = new FullSystem();

    private long nextWriteOff = System.nanoTime();

    /** Takes over the handles and the event, and closes them when it ends. */
    EchoWorker(
            String name,
            EchoCounters counters,
            WindowsSystem system,
            WindowsSettings settings,
            Map<IpVersion, IcmpHandle> handles,
            Judge judge,
            long event,
            SendPace pace,
            SecureRandom random) {
        this.name = name;
        this.counters = counters;
        this.system = system;
        this.settings = settings;
        this.handles = handles;
        this.judge = judge;
        this.wakeUp = new WorkerWakeUp(system.kernel(), event);
        this.pace = pace;
        this.maxPendingCalls =
                Math.min(settings.maxPendingCalls(), system.traits().mostPendingCalls());
        this.tokens = new EchoTokens(random.nextLong(), random.nextLong());
        this.calls = new PendingCalls(system, this::report);
        this.ending = new ClosedRequests(name, 2);
    }

    /** Takes a request; from any thread. */
    void submit(PendingEcho echo) {
        submitted.add(echo);
        if (closing) {
            // The worker may have looked before it was there, and ended.
            submitted.refuse(EchoEngine.CLOSED);
            return;
        }
        if (wakeUp.isAwake()) {
            reportHeld();
        }
        int error = wakeUp.wake();
        if (error != 0) { // the others in the queue rely on it
            submitted.refuse(new EchoOutcome.NotSent(
                    NotSentReason.OS_ERROR,
                    "the engine's thread cannot be woken: SetEvent failed with error " + error,
                    OptionalInt.of(error)));
        }
    }

    /** Is told that a request was cancelled; from any thread. */
    void cancelled(PendingEcho echo) {
        if (submitted.cancelled(echo)) {
            deadlinesOfCancelled = true;
            wakeUp.wake();
        }
    }

    /** Lets go of every cancelled request; from any thread. What the system has was let go of already. */
    void letGoOfCancelled() {
        submitted.letGoOfCancelled();
    }

    /** Makes the worker complete everything, wait for the system, and end; from any thread. */
    void close() {
        closing = true;
        wakeUp.wake();
    }

    /** {@return whether the worker, which was told to close, has ended every caller} */
    boolean hasEndedCallers() {
        return callersEnded;
    }

    /** {@return how many requests the system held when the worker last looked} */
    int pendingCalls() {
        return stillPending;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a request is itself and no other
    public void run() {
        thread = Thread.currentThread();
        boolean ended = false;
        @Nullable PendingEcho stuck = null;
        while (!ended) {
            try {
                endInHand();
                ended = round();
            } catch (RuntimeException | Error e) { // the system's memory must not lose its thread
                thrown = e;
                report(e);
                if (inHand == stuck) { // no request failed, or its outcome did too
                    pause();
                }
                stuck = inHand;
            }
        }
        HandleTrial.close(handles.values());
        wakeUp.close();
        calls.close();
    }

    /** Gives back what {@link #run} would have, but for the handles and the event. */
    void neverRan() {
        calls.close();
    }

    /** {@return whether the worker may end} */
    private boolean round() {
        wakeUp.setAwake(true);
        long now = System.nanoTime();
        roundBegan = now;
        // Not left to the wait below: if its event is already signalled, it need not deliver completions.
        system.kernel().SleepEx(0, true);
        settleArrived();
        boolean closed = closing;
        if (closed) {
            endCallers();
            submitted.refuse(EchoEngine.CLOSED); // what has come since
            full.take();
            deadlines.removeDone();
            callersEnded = true;
            paced = false; // nothing is sent any more, so there is no turn to wake for
        } else {
            expire(now);
            clearCancelled();
            sendBatch();
        }
        stillPending = calls.size();
        if (closed && calls.isEmpty() && submitted.isEmpty()) {
            return true;
        }
        rest(closed);
        return false;
    }

    private void rest(boolean closed) {
        counters.held(System.nanoTime() - roundBegan);
        roundBegan = RESTS;
        wakeUp.setAwake(false);
        // What arrived since the last look: a sending call may have been an alertable wait.
        boolean moreToDo = calls.hasArrived()
                || closed != closing
                || (!submitted.isEmpty() && (closed || (hasRoom() && !paced && !full.isWaiting())));
        int millis = moreToDo ? 0 : waitMillis();
        if (millis != 0) {
            wakeUp.await(millis);
        }
    }

    private int waitMillis() {
        long next = paced ? Math.min(deadlines.nextNanos(), pace.nextNanos()) : deadlines.nextNanos();
        next = Math.min(next, full.nextNanos());
        if (next == Long.MAX_VALUE) {
            return LONGEST_REST_MILLIS;
        }
        long nanos = next - System.nanoTime();
        long millis = (nanos + 999_999) / 1_000_000;
        return (int) Math.max(0, Math.min(millis, LONGEST_REST_MILLIS));
    }

    private boolean hasRoom() {
        return calls.size() < maxPendingCalls;
    }

    private void settleArrived() {
        for (PendingCall echo = calls.takeArrived(); echo != null; echo = calls.takeArrived()) {
            settle(echo);
        }
    }

    private void settle(PendingCall echo) {
        full.completed(echo.completedNanos);
        inHand = echo.pending;
        EchoOutcome outcome;
        try {
            NativeReply reply = echo.handle.read(echo.memory, echo.ntStatus, echo.information);
            outcome = judge.outcome(echo, reply);
        } finally {
            echo.memory.free();
            calls.remove(echo);
        }
        if (outcome != null) {
            deadlines.remove(echo);
            if (!echo.pending.complete(outcome)) {
                judge.lost(outcome);
            }
        }
        inHand = null;
    }

    private void expire(long now) {
        for (PendingCall echo = deadlines.expired(now); echo != null; echo = deadlines.expired(now)) {
            inHand = echo.pending;
            echo.pending.complete(Judge.overdue(echo, System.nanoTime()));
            inHand = null;
        }
    }

    private void clearCancelled() {
        if (deadlinesOfCancelled) {
            deadlinesOfCancelled = false;
            deadlines.removeDone();
        }
    }

    private void writeOffOverdue() {
        long now = System.nanoTime();
        if (!hasRoom() && nextWriteOff - now <= 0) {
            nextWriteOff = now + TimeUnit.SECONDS.toNanos(1);
            calls.writeOff(now, maxPendingCalls);
        }
    }

    private void sendBatch() {
        writeOffOverdue();
        paced = false;
        for (int i = 0; i < BATCH && hasRoom(); i++) {
            if (full.isWaiting()) {
                if (!full.isDue(System.nanoTime())) {
                    return;
                }
                // It took its turn from the pace before it was refused.
                PendingEcho again = full.take();
                if (again != null && !again.isDone()) {
                    send(again);
                } // else it was released when it was cancelled
                continue;
            }
            PendingEcho head = submitted.peek();
            if (head == null) {
                full.ended();
                return;
            }
            paced = !head.isDone() && !pace.take(System.nanoTime());
            if (paced) {
                return;
            }
            PendingEcho pending = submitted.poll(); // null if a closing caller was faster
            if (pending != null && !pending.isDone()) {
                send(pending);
            }
        }
    }

    private void send(PendingEcho pending) {
        inHand = pending;
        EchoRequest request = pending.request();
        IpVersion version = request.version();
        IcmpHandle handle = handles.get(version);
        if (handle == null) {
            pending.complete(EchoOutcome.NotSent.because(
                    NotSentReason.UNSUPPORTED, "this system has no ICMP functions for this family"));
        } else {
            long token = tokens.next();
            deadlines.reserve();
            PendingCall echo = calls.add(pending, handle, handle.prepare(request, token), token);
            if (closing) { // the closing thread may have looked when it was in no list
                calls.remove(echo);
                echo.memory.free();
                pending.complete(EchoEngine.CLOSED);
            } else {
                call(echo);
            }
        }
        inHand = null;
    }

    private void call(PendingCall echo) {
        EchoRequest request = echo.request();
        echo.calledNanos = System.nanoTime();
        int millis = settings.systemTimeoutMillis(request.timeoutNanos());
        echo.overdueNanos = echo.calledNanos + TimeUnit.MILLISECONDS.toNanos(millis) + OVERDUE_NANOS;
        int error;
        try {
            error = echo.handle.send(echo.memory, request, calls.apcAddress(), echo.number, millis);
        } catch (RuntimeException | Error e) {
            calls.remove(echo);
            if (!echo.memory.isHandedOver()) {
                echo.memory.free();
            } // else the system may have it: its memory is never freed, on purpose
            throw e;
        }
        echo.sentNanos = System.nanoTime();
        if (error == 0 || error == IcmpHandle.UNCONFIRMED) {
            echo.unconfirmed = error != 0;
            full.ended();
            deadlines.add(echo, echo.sentNanos + request.timeoutNanos());
            if (!echo.pending.markSent()) {
                deadlines.remove(echo);
            }
        } else {
            // No completion follows, so nothing else would free it.
            echo.memory.free();
            calls.remove(echo);
            refused(echo, error);
        }
    }

    private void refused(PendingCall echo, int error) {
        if (!StatusTable.isLackOfRoom(error)) {
            full.ended();
        } else if (full.refused(echo.pending, echo.sentNanos)) {
            if (closing) { // the closing thread may have looked before
                full.take();
                echo.pending.complete(EchoEngine.CLOSED);
            }
            return;
        }
        echo.pending.complete(judge.refused(echo.request(), error));
    }

    /** Ends all callers that have no outcome; from any thread, because user code may block this one. */
    void endCallers() {
        collect();
        ending.deliver();
    }

    /** {@return whether the calling thread ends callers of a close: it must not wait for others that do} */
    boolean isEnding() {
        return ending.isDelivering();
    }

    /** Waits until all callers are ended, and has other threads end them if this one is held up. */
    void awaitCallers(long nanos) {
        ending.await(nanos, collect);
    }

    /** {@return true: all callers without an outcome are known} Touches nothing of this thread's own. */
    private synchronized boolean collect() {
        if (!ending.isCollected()) {
            // In this order: a request that the system ended without a verdict leaves the first while it is in the
            // second.
            calls.forEach(collectCall);
            deadlines.forEach(collectCall);
            for (PendingEcho echo = submitted.poll(); echo != null; echo = submitted.poll()) {
                ending.add(echo);
            }
            PendingEcho waiting = full.waiting();
            if (waiting != null) {
                ending.addLinked(waiting);
            }
            PendingEcho kept = inHand; // it may be in one of the lists too
            if (kept != null) {
                ending.addLinked(kept);
            }
            ending.setCollected();
        }
        return true;
    }

    private void collect(PendingCall echo) {
        if (!echo.closed) {
            echo.closed = true;
            ending.add(echo.pending);
        }
    }

    /** Ends the request on which the last round failed. */
    private void endInHand() {
        PendingEcho pending = inHand;
        if (pending != null) {
            pending.complete(
                    thrown instanceof OutOfMemoryError
                            ? OUT_OF_MEMORY
                            : EchoOutcome.NotSent.because(
                                    NotSentReason.OS_ERROR, "unexpected failure in the engine: " + thrown));
            inHand = null;
        }
    }

    /** Logs the stack of a thread that makes no progress, at most once a minute. */
    private void reportHeld() {
        long began = roundBegan;
        Thread holder = thread;
        long now = System.nanoTime();
        if (began == RESTS || holder == null || now - began < HELD_NANOS) {
            return;
        }
        long[] seen = heldSeen;
        if (seen[0] != began && now - began < SURELY_HELD_NANOS) {
            heldSeen = new long[] {began, now};
            return;
        }
        if ((seen[0] != began || now - seen[1] >= HELD_AGAIN_NANOS) && heldLog.isDue()) {
            Throwable held = new Throwable("stack of " + holder.getName());
            held.setStackTrace(holder.getStackTrace());
            heldLog.warn(
                    name,
                    "its thread has made no progress for " + TimeUnit.NANOSECONDS.toMillis(now - began)
                            + " ms; meanwhile no request is sent or gets an outcome. The stack shows what it is doing;"
                            + " listeners there must not block",
                    held);
        }
    }

    private void report(Throwable thrown) {
        log.warn(name, "unexpected failure in the engine; it keeps running", thrown);
    }

    /** Never throws: the thread must continue. */
    private void pause() {
        try {
            system.kernel().SleepEx(PAUSE_AFTER_FAILURE_MILLIS, true);
        } catch (Throwable e) {
            report(e);
        }
    }
}
