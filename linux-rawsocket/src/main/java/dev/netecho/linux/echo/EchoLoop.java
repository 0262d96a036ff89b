// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.EchoOutcome;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.backend.ClosedRequests;
import dev.netecho.backend.RateLimitedLog;
import dev.netecho.backend.SendPace;
import dev.netecho.backend.SubmissionStack;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.loop.EventLoop;
import dev.netecho.linux.loop.EventLoopSource;
import dev.netecho.linux.loop.ReadyHandler;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.SendBatch;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.PendingEcho;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event loop with its sockets: takes requests from any thread and serves them in rounds on its own thread.
 *
 * <p>A round takes what was submitted, lets every queue send a batch (receiving first), and repeats that while
 * something moves; then it times out what is due and sets the timer. It is bounded, because the event loop may be lent.
 */
public final class EchoLoop {
    private static final Logger LOG = LoggerFactory.getLogger(EchoLoop.class);

    /** A round ends after about this long: the owner of a lent loop needs it too. */
    private static final long ROUND_NANOS = 2_000_000;

    /** How many requests are taken, and how many queues have a turn, before a round looks whether it should end. */
    private static final int TOGETHER = 16;

    /** A round that fails is followed by this pause: its cause may well persist. */
    private static final long FAILURE_PAUSE_NANOS = 5_000_000;

    /** How long an opening waits for the loop to take the sockets: a lent one may be busy with tasks of its owner. */
    private static final long START_SECONDS = 5;

    private final LoopState state;
    private final long identifierPeriodNanos;
    private final Set<IpVersion> versions;
    private final String shortfall;
    private final boolean stampsArrivals;
    private final boolean tellsExtensions;
    private final boolean marks;
    private final boolean ipv6Options;
    private final RateLimitedLog log = new RateLimitedLog(EchoLoop.class);
    private final SubmissionStack submitted = new SubmissionStack();

    /** Everything that is outstanding when the loop is closed. */
    private final ClosedRequests all;

    private final Outcomes outcomes;
    private final LoopLock lock;
    private final SendQueues queues;
    private final Stalls stalls;
    private final EventLoop loop;
    private final CancelledRequests cancelled;
    private final LoopClosing closing;
    private final CountDownLatch started = new CountDownLatch(1);
    private volatile @Nullable Throwable startFailure;

    /** Made once: waking the loop must not need memory. */
    private final Runnable round = this::work;

    /** Belongs to the loop's thread. */
    private boolean working;

    /** Which queue had the last turn. */
    private int turnOf;

    EchoLoop(
            String name,
            SocketKind kind,
            SocketSettings settings,
            FamilySockets families,
            EventLoopSource source,
            SendPace pace)
            throws SystemCallException {
        this.state = new LoopState(name);
        this.all = new ClosedRequests(name, SendBatch.CAPACITY);
        this.identifierPeriodNanos = settings.identifierPeriodNanos();
        this.versions = Set.copyOf(families.versions());
        this.ipv6Options = families.ipv6Options();
        this.shortfall = families.shortfall();
        Map<SocketKey, IcmpSocket> first = families.sockets();
        boolean allStampArrivals = true;
        boolean allMark = true;
        boolean allTellExtensions = true;
        for (IcmpSocket socket : first.values()) {
            allStampArrivals &= socket.stampsArrivals();
            allMark &= socket.marks();
            allTellExtensions &= socket.tellsExtensions();
        }
        this.stampsArrivals = allStampArrivals;
        this.marks = allMark;
        this.tellsExtensions = allTellExtensions;
        this.outcomes = new Outcomes(state);
        this.lock = outcomes.lock;
        this.stalls = new Stalls(outcomes);
        this.queues = new SendQueues(kind, settings, pace, submitted, outcomes);
        EventLoop opened = null;
        try {
            opened = source.open(name + "-loop", round, this::loopFailed);
            this.loop = opened;
            this.cancelled = new CancelledRequests(state, loop, submitted, queues, lock);
            this.closing = new LoopClosing(state, loop, submitted, queues, outcomes, all);
            if (loop.inLoop()) {
                startAll(first);
            } else {
                // Rejected if a lent group is being shut down.
                loop.execute(() -> startAll(first));
            }
        } catch (SystemCallException | RuntimeException | Error e) {
            try {
                queues.close();
            } finally {
                if (opened != null) {
                    end(opened);
                }
            }
            throw e;
        }
    }

    /** Ends a loop that no engine uses; on its own thread, which may be asleep. */
    private static void end(EventLoop loop) {
        try {
            loop.execute(loop::shutdown);
        } catch (RuntimeException | Error e) { // it has ended, or cannot be woken
            loop.shutdown();
        }
    }

    /** Waits for the start, and fails if that failed; then everything is released. */
    void awaitStart() throws SystemCallException {
        try {
            if (!started.await(START_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("{}: the event loop did not start within {} seconds", state.name(), START_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the sockets are started without the caller
        }
        Throwable failure = startFailure;
        if (failure instanceof SystemCallException refused) {
            throw refused;
        } else if (failure instanceof IllegalArgumentException refused) {
            throw refused;
        } else if (failure != null) {
            throw new IllegalStateException("the event loop cannot watch sockets: " + failure.getMessage(), failure);
        }
    }

    /** {@return whether the kernel stamps what arrives} */
    public boolean stampsArrivals() {
        return stampsArrivals;
    }

    /** {@return whether the extensions of ICMP errors are found wherever they begin} */
    public boolean tellsExtensions() {
        return tellsExtensions;
    }

    /** {@return whether this process may mark packets} */
    public boolean marks() {
        return marks;
    }

    /** {@return whether the system obeys the hop limit and the traffic class of an IPv6 request} */
    public boolean obeysIpv6Options() {
        return ipv6Options;
    }

    /** {@return why a family, or its options, are missing; empty if nothing is} */
    public String shortfall() {
        return shortfall;
    }

    /** {@return the families that could be opened, or were only short of descriptors or memory} */
    public Set<IpVersion> versions() {
        return versions;
    }

    /**
     * Counts stray packets for one more requester.
     *
     * @param counters its counters
     */
    public void add(EchoCounters counters) {
        outcomes.add(counters);
    }

    void remove(EchoCounters counters) {
        outcomes.remove(counters);
    }

    /** {@return whether the calling thread is the loop's} */
    public boolean inLoop() {
        return loop.inLoop();
    }

    /**
     * Takes a request; from any thread.
     *
     * @param echo the request
     */
    public void submit(PendingEcho echo) {
        if (submitted.push(echo)) {
            wakeLoop();
        }
    }

    private void wakeLoop() {
        if (!state.claimWakeUp()) {
            return;
        }
        try {
            loop.execute(round);
            LoopWatch.wake();
        } catch (RejectedExecutionException e) {
            closing.endNow(all); // its owner has shut the event loop down: no round follows
        } catch (Throwable t) {
            // Usually no memory. Other submissions may rely on this wake-up: they fail too.
            lock.lock();
            try {
                outcomes.failed.because(t);
                failSubmitted();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Forgets a cancelled request; from any thread.
     *
     * @param echo the request, which is complete
     */
    public void cancelled(PendingEcho echo) {
        cancelled.add(echo);
    }

    /** Forgets every cancelled request; from any thread. */
    public void letGoOfCancelled() {
        cancelled.letGo();
    }

    LoopState state() {
        return state;
    }

    LoopClosing closing() {
        return closing;
    }

    /** {@return whether it is closed or closing, by a caller or because its event loop was shut down} */
    public boolean isClosed() {
        return state.isClosing();
    }

    /** The event loop is about to end for an error: so does everything on it, and every later request (SPEC OUT-4). */
    private void loopFailed(Throwable cause) {
        try {
            endWith(FailedRequests.outcome(cause));
        } finally {
            // If even an outcome needs too much memory, requests end with CLOSED.
            state.setClosing();
        }
    }

    private void endWith(EchoOutcome.NotSent outcome) {
        submitted.because(outcome);
        all.because(outcome);
    }

    private void report(Throwable met) {
        if (met instanceof SystemCallException refusal) {
            log.warn(state.name(), "answers cannot be read: " + refusal.getMessage(), null);
        } else {
            log.warn(state.name(), Outcomes.DEFECT, met);
        }
    }

    private void work() {
        work(null, 0);
    }

    private void work(@Nullable EchoSocket ready, int events) {
        if (working) {
            return;
        }
        working = true;
        lock.lockPolitely();
        boolean failed = false;
        Throwable met;
        try {
            if (!closing.isEnded()) {
                round(ready, events);
            }
        } catch (RuntimeException | Error e) {
            failed = true;
            fail(e);
        } finally {
            met = outcomes.defect;
            outcomes.defect = null;
            lock.unlock();
            working = false;
        }
        if (met != null) {
            report(met); // with the lock free: logging may block
        }
        if (failed) {
            LockSupport.parkNanos(FAILURE_PAUSE_NANOS);
        }
    }

    private void round(@Nullable EchoSocket ready, int events) {
        stalls.begin(System.nanoTime());
        state.setRoundDue(true);
        state.move();
        LoopWatch.wake();
        outcomes.deliverFailed();
        boolean moved = turns(ready, events);
        expire();
        boolean rests = !moved && mayRest();
        long now = System.nanoTime();
        long next = rests ? queues.nextNanos() : now;
        stalls.end(now, next);
        setTimer(next);
    }

    /**
     * Handles whatever a round throws, most likely for lack of memory (SPEC OUT-1, OUT-4): everything outstanding ends,
     * and the loop continues with empty queues. Needs no memory until outcomes are delivered.
     */
    private void fail(Throwable cause) {
        outcomes.defect = cause;
        outcomes.failed.because(cause);
        queues.fail(outcomes.failed);
        failSubmitted();
        try {
            loop.wakeAt(System.nanoTime() + FAILURE_PAUSE_NANOS);
        } catch (RuntimeException | Error e) {
            outcomes.defect = e; // nothing is outstanding that would need the timer
        }
    }

    /** With the lock held. What cannot be delivered now is delivered by the next round, or by a close. */
    private void failSubmitted() {
        state.setRoundDue(false); // first: whoever submits after this wakes the loop
        outcomes.failed.addAll(submitted.takeAll());
        try {
            outcomes.deliverFailed();
        } catch (RuntimeException | Error e) {
            outcomes.defect = e;
        }
    }

    /** {@return whether more is left to do than one round has time for} */
    private boolean turns(@Nullable EchoSocket ready, int events) {
        if (ready != null) {
            queues.serve(ready, events);
        }
        long end = System.nanoTime() + ROUND_NANOS;
        boolean moved;
        do {
            takeSubmissions();
            moved = turn(end) || !submitted.isEmpty();
        } while (moved && !lock.isWanted() && System.nanoTime() - end < 0);
        return moved;
    }

    /**
     * {@return whether anything moved in a turn of every queue} Among many queues, whose sockets may have to be opened,
     * it ends early where others wait: the next turn begins with the next queue.
     */
    private boolean turn(long end) {
        boolean moved = false;
        for (int left = queues.size(); left > 0; left--) {
            if (left % TOGETHER == 0 && moved && (lock.isWanted() || System.nanoTime() - end >= 0)) {
                return true;
            }
            turnOf = turnOf + 1 < queues.size() ? turnOf + 1 : 0;
            SendQueue queue = queues.get(turnOf);
            moved |= queue.turn() || (queue.isStuck() && unblock(queue));
        }
        return moved;
    }

    /** {@return whether the queue can continue: it has one more socket, or its head was removed} */
    private boolean unblock(SendQueue queue) {
        if (queue.mayGrow()) {
            try {
                queue.add(open(queue.key));
                return true;
            } catch (SystemCallException | RuntimeException | LinkageError e) {
                if (isShortOfSockets(e) && queues.makesRoom()) {
                    return true;
                }
                queue.failedToGrow(e, queues.denial(e));
            }
        }
        return queue.removeStuckHead();
    }

    private static boolean isShortOfSockets(Throwable cause) {
        return cause instanceof NoMoreSocketsException
                || (cause instanceof SystemCallException failure
                        && (failure.errno() == Errno.EMFILE || failure.errno() == Errno.ENFILE));
    }

    private void expire() {
        for (int i = 0; i < queues.size(); i++) {
            SendQueue queue = queues.get(i);
            queue.expire();
            for (EchoSocket old = queue.dueForRenewal(identifierPeriodNanos);
                    old != null;
                    old = queue.dueForRenewal(identifierPeriodNanos)) {
                renew(queue, old);
            }
        }
        queues.dropUnusedSometimes(System.nanoTime());
    }

    private void renew(SendQueue queue, EchoSocket old) {
        try {
            EchoSocket fresh = open(queue.key);
            queue.replace(old, fresh);
            LOG.debug("new identifier: {} replaces {}", fresh.socket, old.socket);
        } catch (SystemCallException | RuntimeException | LinkageError e) {
            // A LinkageError: without descriptors, no class can be read from a folder.
            queue.failedToReplace();
            if (isShortOfSockets(e)) {
                queues.makesRoom(); // for the next attempt
            }
            LOG.debug("could not replace {} with a new identifier", old.socket, e);
        }
    }

    private EchoSocket open(SocketKey key) throws SystemCallException {
        return watch(queues.open(key));
    }

    private EchoSocket watch(EchoSocket socket) throws SystemCallException {
        try {
            socket.start(loop.watch(socket.socket.fd(), new Ready(socket)));
            return socket;
        } catch (SystemCallException | RuntimeException | Error e) {
            queues.remove(socket);
            socket.socket.close();
            throw e;
        }
    }

    /** Gets the events of one socket. */
    private final class Ready implements ReadyHandler {
        private final EchoSocket socket;

        Ready(EchoSocket socket) {
            this.socket = socket;
        }

        @Override
        public void ready(int events) {
            if (!socket.isReleased()) {
                work(socket, events);
            }
        }

        @Override
        public void released() {
            if (!socket.isReleased()) {
                socket.close();
                closing.released(socket);
            }
        }
    }

    /** {@return whether the loop may sleep until it is woken; not if something was submitted meanwhile} */
    private boolean mayRest() {
        state.setRoundDue(false);
        return submitted.isEmpty() || !state.claimRound();
    }

    /**
     * A round that was cut short continues by the timer, not as a task: Netty runs tasks for up to a second before I/O.
     */
    private void setTimer(long nanoTime) {
        try {
            loop.wakeAt(nanoTime);
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: the event loop is ending", state.name(), e);
        }
    }

    private void takeSubmissions() {
        PendingEcho echo = submitted.takeAll();
        try {
            int taken = 0;
            while (echo != null && !(++taken % TOGETHER == 0 && lock.isWanted())) {
                PendingEcho younger = echo.next();
                if (echo.isDone()) {
                    echo.next(null);
                    echo.letGo();
                } else {
                    queues.of(echo.request()).enqueue(echo);
                }
                echo = younger;
            }
        } finally {
            submitted.putBack(echo); // if something was thrown, or others want the lock
        }
    }

    /**
     * Fails if a lent group is being shut down or in another network namespace, or if the system refuses to watch the
     * sockets.
     */
    private void startAll(Map<SocketKey, IcmpSocket> opened) {
        state.startedOn(Thread.currentThread());
        int begun = 0; // only this method owns the sockets after it
        try {
            loop.requireNamespace();
            lock.lock();
            try {
                for (Map.Entry<SocketKey, IcmpSocket> each : opened.entrySet()) {
                    begun++;
                    // From here on the loop closes it.
                    EchoSocket socket = watch(queues.add(each.getValue()));
                    queues.of(each.getKey()).add(socket);
                }
            } finally {
                lock.unlock();
            }
        } catch (SystemCallException | RuntimeException | Error e) {
            startFailure = e;
            for (IcmpSocket each : opened.values()) {
                if (begun-- <= 0) {
                    each.close();
                }
            }
            try {
                // The opening may no longer wait for this.
                if (e instanceof IllegalArgumentException refused) {
                    endWith(EchoOutcome.NotSent.because(NotSentReason.OS_ERROR, String.valueOf(refused.getMessage())));
                }
            } finally {
                closing.tearDownNow();
            }
        } finally {
            started.countDown();
        }
    }
}
