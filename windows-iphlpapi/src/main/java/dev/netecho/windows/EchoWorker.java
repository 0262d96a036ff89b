// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import com.sun.jna.Pointer;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.NotSentReason;
import dev.netecho.packet.EchoToken;
import dev.netecho.packet.IpVersion;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.SendPace;
import dev.netecho.windows.win32.KernelApi;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that calls the system. Windows delivers a completion only to the thread that sent, and only while it waits
 * alertably; so this thread takes requests from a queue, sends, waits, and must not end while anything is outstanding.
 *
 * <p>A round: let completions in, settle them, time out what is due, send a batch, wait. Completions come first, so that an answer
 * that was there in time is never taken for a time-out.
 */
final class EchoWorker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(EchoWorker.class);

    /** Between two looks at the completions. */
    private static final int BATCH = 16;

    /** Cancelled requests are cleared away once there are so many: looking for one costs a look at all. */
    private static final int CANCELLED_BATCH = 256;

    private static final int PAUSE_AFTER_FAILURE_MILLIS = 10;

    private final String name;
    private final WindowsSystem system;
    private final WindowsSettings settings;
    private final Map<IpVersion, IcmpHandle> handles;
    private final Judge judge;
    private final Pointer event;
    private final SendPace pace;
    private final int maxOutstanding;
    private final EchoToken tokens;
    private final Deadlines deadlines = new Deadlines(System.nanoTime());

    private final Outstanding outstanding;
    private final Queue<PendingEcho> submitted = new ConcurrentLinkedQueue<>();
    private final AtomicInteger cancellations = new AtomicInteger();

    /** The thread is at work or was woken already. */
    private final AtomicBoolean awake = new AtomicBoolean(true);

    private final Object eventLock = new Object();
    private boolean eventClosed;
    private volatile boolean closing;
    private volatile int stillOutstanding;

    /** The pace does not let the head of the queue go yet. */
    private boolean paced;

    private final FullSystem full = new FullSystem();

    private long generation;
    private long nextReport = System.nanoTime();

    /** Takes over the handles and the event, and closes them at its end. */
    EchoWorker(
            String name,
            WindowsSystem system,
            WindowsSettings settings,
            Map<IpVersion, IcmpHandle> handles,
            Judge judge,
            Pointer event,
            SendPace pace,
            SecureRandom random) {
        this.name = name;
        this.system = system;
        this.settings = settings;
        this.handles = handles;
        this.judge = judge;
        this.event = event;
        this.pace = pace;
        this.maxOutstanding =
                Math.min(settings.maxOutstanding(), system.traits().mostOutstanding());
        this.tokens = new EchoToken(random.nextLong(), random.nextLong());
        this.outstanding = new Outstanding(system, this::report);
    }

    /** Takes a request; from any thread. */
    void submit(PendingEcho echo) {
        submitted.add(echo);
        if (closing) {
            refuseSubmitted(); // it may have come behind the sweep of the worker, who may be gone
        } else {
            wake();
        }
    }

    /** Hears that a request was given up; from any thread. */
    void cancelled() {
        if (cancellations.incrementAndGet() >= CANCELLED_BATCH) {
            wake();
        }
    }

    /** Makes the worker complete everything, wait for the system, and end; from any thread. */
    void close() {
        closing = true;
        wake();
    }

    /** {@return how many requests the system held when the worker last looked} */
    int outstanding() {
        return stillOutstanding;
    }

    private void wake() {
        if (!awake.getAndSet(true)) {
            synchronized (eventLock) {
                if (!eventClosed) {
                    system.kernel().SetEvent(event);
                }
            }
        }
    }

    @Override
    public void run() {
        boolean ended = false;
        while (!ended) {
            try {
                ended = round();
            } catch (RuntimeException
                    | Error e) { // a defect of ours must not leave the system's memory without its thread
                report(e);
                pause();
            }
        }
        handles.values().forEach(IcmpHandle::close);
        synchronized (eventLock) {
            eventClosed = true;
            system.kernel().CloseHandle(event);
        }
    }

    /** {@return whether the worker may end} */
    private boolean round() {
        awake.set(true);
        long now = System.nanoTime();
        // Not left to the wait below: one whose event is signalled already need not deliver completions.
        system.kernel().SleepEx(0, true);
        settleArrived();
        boolean closed = closing;
        if (closed) {
            deadlines.removeAll(echo -> echo.pending.complete(closedOutcome()));
            PendingEcho waiting = full.take();
            if (waiting != null) {
                waiting.complete(closedOutcome());
            }
            refuseSubmitted();
            paced = false; // nothing is sent any more, so its turn, which passes, is nothing to wake for
        } else {
            expire(now);
            clearCancelled();
            sendBatch();
        }
        stillOutstanding = outstanding.size();
        if (closed && outstanding.isEmpty()) {
            return true;
        }
        rest(closed);
        return false;
    }

    private void rest(boolean closed) {
        awake.set(false);
        // What arrived since it was looked at: a call that sends may have been an alertable wait.
        boolean moreToDo = outstanding.hasArrived()
                || closed != closing
                || (!closed && !submitted.isEmpty() && hasRoom() && !paced && !full.isWaiting());
        int millis = moreToDo ? 0 : waitMillis();
        if (millis != 0 && system.kernel().WaitForSingleObjectEx(event, millis, true) == KernelApi.WAIT_FAILED) {
            throw new IllegalStateException(
                    "WaitForSingleObjectEx failed with error " + system.kernel().GetLastError());
        }
    }

    private int waitMillis() {
        long next = paced ? Math.min(deadlines.nextNanos(), pace.nextNanos()) : deadlines.nextNanos();
        next = Math.min(next, full.nextNanos());
        if (next == Long.MAX_VALUE) {
            return KernelApi.INFINITE;
        }
        long nanos = next - System.nanoTime();
        long millis = (nanos + 999_999) / 1_000_000;
        return (int) Math.max(0, Math.min(millis, WindowsSettings.LONGEST_MILLIS));
    }

    private boolean hasRoom() {
        return outstanding.size() < maxOutstanding;
    }

    private void settleArrived() {
        for (InFlight echo = outstanding.takeArrived(); echo != null; echo = outstanding.takeArrived()) {
            settle(echo);
        }
    }

    private void settle(InFlight echo) {
        full.completed(echo.completedNanos);
        EchoOutcome outcome;
        try {
            NativeReply reply = echo.handle.read(echo.memory, echo.ntStatus, echo.information);
            outcome = judge.outcome(echo, reply);
        } catch (RuntimeException | Error e) {
            deadlines.remove(echo);
            echo.pending.complete(
                    EchoOutcome.NotSent.because(NotSentReason.OS_ERROR, "the answer could not be read: " + e));
            throw e;
        } finally {
            echo.memory.free();
        }
        if (outcome != null) {
            deadlines.remove(echo);
            if (!echo.pending.complete(outcome)) {
                judge.lost(outcome);
            }
        }
    }

    private void expire(long now) {
        for (InFlight echo = deadlines.expired(now); echo != null; echo = deadlines.expired(now)) {
            echo.pending.complete(Judge.timedOut(Math.max(System.nanoTime() - echo.sentNanos, 0)));
        }
    }

    private void clearCancelled() {
        if (cancellations.get() >= CANCELLED_BATCH) {
            cancellations.set(0);
            submitted.removeIf(PendingEcho::isDone);
            deadlines.removeDone();
        }
    }

    private void sendBatch() {
        paced = false;
        for (int i = 0; i < BATCH && hasRoom(); i++) {
            if (full.isWaiting()) {
                if (!full.isDue(System.nanoTime())) {
                    return;
                }
                PendingEcho again = full.take(); // its turn was taken from the pace before it was refused
                if (again != null && !again.isDone()) {
                    sendOrComplete(again);
                }
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
                sendOrComplete(pending);
            }
        }
    }

    /** It has left the queue: from here on nobody else would give it an outcome. */
    private void sendOrComplete(PendingEcho pending) {
        try {
            send(pending);
        } catch (RuntimeException | Error e) {
            pending.complete(
                    EchoOutcome.NotSent.because(NotSentReason.OS_ERROR, "the request could not be sent: " + e));
            throw e;
        }
    }

    private void send(PendingEcho pending) {
        EchoRequest request = pending.request();
        IpVersion version = InFlight.version(request);
        IcmpHandle handle = handles.get(version);
        if (handle == null
                || (version == IpVersion.V6 && request.options().trafficClass().isPresent())) {
            pending.complete(EchoOutcome.NotSent.because(
                    NotSentReason.UNSUPPORTED,
                    handle == null
                            ? "this system has no ICMP for the family"
                            : "Icmp6SendEcho2 takes no traffic class"));
            return;
        }
        long token = tokens.of(++generation);
        RequestMemory memory;
        try {
            memory = handle.prepare(request, token);
        } catch (OutOfMemoryError e) {
            pending.complete(EchoOutcome.NotSent.because(NotSentReason.OVERLOADED, String.valueOf(e.getMessage())));
            return;
        }
        call(outstanding.add(pending, handle, memory, token));
    }

    private void call(InFlight echo) {
        EchoRequest request = echo.request();
        echo.calledNanos = System.nanoTime();
        int error;
        try {
            int millis = settings.systemTimeoutMillis(request.timeoutNanos());
            error = echo.handle.send(echo.memory, request, outstanding.apcAddress(), echo.number, millis);
        } catch (RuntimeException | Error e) {
            // Nobody knows whether the system has it: its memory is given up on purpose, never freed.
            outstanding.remove(echo);
            echo.pending.complete(EchoOutcome.NotSent.because(NotSentReason.OS_ERROR, "the call failed: " + e));
            throw e;
        }
        echo.sentNanos = System.nanoTime();
        if (error != 0) {
            // No completion follows, so nothing else would free it.
            outstanding.remove(echo);
            echo.memory.free();
            if (!StatusTable.isLackOfRoom(error)) {
                full.ended();
            } else if (full.refused(echo.pending, echo.sentNanos)) {
                return;
            }
            echo.pending.complete(judge.refused(request, error));
        } else {
            full.ended();
            if (echo.pending.markSent()) {
                deadlines.add(echo, echo.sentNanos + request.timeoutNanos());
            }
        }
    }

    private void refuseSubmitted() {
        for (PendingEcho echo = submitted.poll(); echo != null; echo = submitted.poll()) {
            echo.complete(closedOutcome());
        }
    }

    private static EchoOutcome closedOutcome() {
        return EchoOutcome.NotSent.because(NotSentReason.CLOSED, "the requester was closed");
    }

    /** Never throws: a logging backend may, and memory may be short, but the thread has to go on. */
    private void report(Throwable thrown) {
        try {
            long now = System.nanoTime();
            if (nextReport - now <= 0) { // at most once a minute: it may be every request
                nextReport = now + TimeUnit.MINUTES.toNanos(1);
                LOG.warn("{}: the engine met a defect of its own; it goes on", name, thrown);
            }
        } catch (Throwable unreportable) {
            nextReport = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        }
    }

    /** Never throws, as {@link #report}. */
    private void pause() {
        try {
            system.kernel().SleepEx(PAUSE_AFTER_FAILURE_MILLIS, true);
        } catch (Throwable e) {
            report(e);
        }
    }
}
