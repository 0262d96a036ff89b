// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.EchoOutcome;
import dev.netecho.IpVersion;
import dev.netecho.engine.EchoQueue;
import dev.netecho.engine.RateLimitedLog;
import dev.netecho.engine.SendPace;
import dev.netecho.engine.SubmissionStack;
import dev.netecho.linux.loop.EventLoop;
import dev.netecho.linux.loop.EventLoops;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.EchoCompletion;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.PendingEcho;
import io.netty.channel.IoEventLoopGroup;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All lanes of one event loop: takes requests from any thread and works them off in rounds on its own.
 *
 * <p>A round takes what was submitted, lets every group send a batch (receiving first), and goes on while something
 * moves; then it times out what is due and sets the timer. It is bounded, because the loop may belong to somebody else.
 */
public final class LaneEngine implements Lane.LaneOwner {
    private static final Logger LOG = LoggerFactory.getLogger(LaneEngine.class);

    /** Loaded now: an opening that fails for lack of descriptors cannot read a class from a folder to close. */
    @SuppressWarnings("UnusedVariable")
    private static final List<Class<?>> FOR_CLOSE = List.of(CloseWait.class, Closing.class, LoopWatch.class);

    /** A round gives the loop back after about this long, because it may belong to somebody else. */
    private static final long ROUND_NANOS = 2_000_000;

    /** A round that fails is followed by this pause: what made it fail may be there again at once. */
    private static final long FAILURE_PAUSE_NANOS = 5_000_000;

    /**
     * So long a close leaves its requests to the loop before another thread takes them; and looks whether they are
     * being ended.
     */
    private static final long PATIENCE_NANOS = 20_000_000;

    /**
     * The listeners that a close calls may block as well: each of these threads stands in for one that is blocked so.
     */
    private static final int MAX_HELPERS = 16;

    /** A thread of the engine goes on for so long while no outcome of a close can be delivered, for lack of memory. */
    private static final long DELIVERY_NANOS = 60_000_000_000L;

    /** A lent loop may be busy with tasks of its owner: so long an opening waits for it to take the sockets. */
    private static final long START_SECONDS = 5;

    /** A loop on which nothing has moved for so long is held, see {@link LoopWatch}. */
    private static final long HELD_NANOS = 900_000_000;

    /** A recursion of this depth takes some kilobytes: more than a call that wakes the loop. */
    private static final int PROBE_DEPTH = 64;

    /** So often a close tries to reach the loop where memory is short. */
    private static final int EXECUTE_ATTEMPTS = 100;

    private static final long EXECUTE_PAUSE_NANOS = 1_000_000;

    static final String DEFECT = "the engine met a defect of its own; it goes on";

    /** Fewer than core lets an engine keep for nothing (SPEC END-1), and enough to be worth a look at all that wait. */
    private static final int PURGE_AT_LEAST = 512;

    private final String name;
    private final SocketKind kind;
    private final SubmissionStack submitted = new SubmissionStack();

    /**
     * A round is running, posted, or set on the timer: nobody needs to wake the loop. Keeps one wake-up from becoming
     * many.
     */
    private final AtomicBoolean roundDue = new AtomicBoolean();

    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean tearingDown = new AtomicBoolean();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch tornDown = new CountDownLatch(1);

    /** Requests that were cancelled while they waited, since the last purge; most of them are still in a queue. */
    private final AtomicInteger cancelledWaiting = new AtomicInteger();

    private volatile int purgeAt = PURGE_AT_LEAST;

    /** Everything that is outstanding when the engine is closed. */
    private final ClosedRequests all = new ClosedRequests(null);

    /** Threads that complete requests of a close: what they call must not wait for them. */
    private final Set<Thread> delivering = ConcurrentHashMap.newKeySet();

    private final RateLimitedLog log = new RateLimitedLog(LaneEngine.class);
    private final RateLimitedLog heldLog = new RateLimitedLog(LaneEngine.class);
    private final Set<IpVersion> versions;
    private final String shortfall;
    private final boolean stampsArrivals;
    private final Wire wire;
    private final EventLoop loop;
    private final LaneSet lanes;
    private final LoopLock lock;

    /** Made once: to wake the loop must not need memory. */
    private final Runnable round = this::work;

    private final Runnable tearDown = this::tearDown;

    private volatile @Nullable Exception startFailure;

    /** The loop's. */
    private volatile @Nullable Thread thread;

    /** The rest of the watch belongs to its thread: what it saw of the loop when it last looked, and since when. */
    private long seenProgress = -1;

    private long heldSince;

    /** Belongs to the loop's thread. */
    private boolean working;

    /** Keeps the probe of the stack from being optimised away. */
    private long probed;

    /** The rest belongs to who holds the lock. */
    private boolean ended;

    private LaneEngine(
            String name,
            SocketKind kind,
            SocketSettings settings,
            FamilySockets families,
            @Nullable IoEventLoopGroup lent,
            boolean netty,
            SendPace pace)
            throws SystemCallException {
        this.name = name;
        this.kind = kind;
        this.versions = Set.copyOf(families.versions());
        this.shortfall = families.shortfall();
        Map<LaneKey, IcmpSocket> sockets = families.sockets();
        this.stampsArrivals = sockets.values().stream().allMatch(IcmpSocket::stampsArrivals);
        this.wire = new Wire(new SecureRandom(), pace, submitted, kind, settings);
        this.lock = wire.lock;
        EventLoop opened = null;
        try {
            opened = EventLoops.open(name + "-loop", lent, netty, this::work, this::loopFailed);
            this.loop = opened;
            this.lanes = new LaneSet(kind, settings, wire, loop, this);
            if (loop.inLoop()) {
                startAll(sockets);
            } else {
                // Rejected if the group that is lent was shut down in this very moment.
                loop.execute(() -> startAll(sockets));
            }
        } catch (SystemCallException | RuntimeException | Error e) {
            try {
                wire.close();
            } finally {
                if (opened != null) {
                    end(opened);
                }
            }
            throw e;
        }
    }

    /**
     * Opens the sockets of both families, as far as the system allows, and starts the loop.
     *
     * @param name the prefix of the thread's name and of log lines
     * @param kind datagram or raw
     * @param settings what the operator chose for the sockets
     * @param lent an agent's epoll group, or null
     * @param netty whether Netty may be used
     * @param pace how fast to send
     * @return the engine
     * @throws SystemCallException if neither family can be used: the reason of IPv4; or if the system lacks something
     *     for the loop
     */
    public static LaneEngine open(
            String name,
            SocketKind kind,
            SocketSettings settings,
            @Nullable IoEventLoopGroup lent,
            boolean netty,
            SendPace pace)
            throws SystemCallException {
        FamilySockets families = FamilySockets.open(name, kind, settings);
        LaneEngine engine;
        try {
            engine = new LaneEngine(name, kind, settings, families, lent, netty, pace);
        } catch (SystemCallException | RuntimeException | Error e) {
            families.sockets().values().forEach(IcmpSocket::close);
            throw e;
        }
        try {
            LoopWatch.add(engine);
            engine.awaitStart();
        } catch (SystemCallException | RuntimeException | Error e) {
            close(List.of(engine), new CloseWait());
            LoopWatch.remove(engine); // a loop that failed to start may have ended before it was added
            throw e;
        }
        return engine;
    }

    /** Ends a loop that no engine came to use; on its own thread, which may sleep. */
    private static void end(EventLoop loop) {
        try {
            loop.execute(loop::shutdown);
        } catch (RuntimeException | Error e) { // it has ended, or cannot be woken
            loop.shutdown();
        }
    }

    /** Fails as the start has failed, everything being released then. */
    private void awaitStart() throws SystemCallException {
        try {
            if (!started.await(START_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("{}: the event loop has not begun to work within {} seconds", name, START_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the sockets are started without the caller
        }
        Exception failure = startFailure;
        if (failure instanceof SystemCallException refused) {
            throw refused;
        } else if (failure != null) {
            throw new IllegalStateException("the event loop takes no sockets: " + failure.getMessage(), failure);
        }
    }

    /** {@return whether the kernel stamps what arrives} */
    public boolean stampsArrivals() {
        return stampsArrivals;
    }

    /** {@return why one family could not be opened; empty if both could} */
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
        wire.add(counters);
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

    /** The sums are only there to be kept on the stack across the call. */
    private static long probeStack(int depth, long a, long b, long c, long d) {
        return depth == 0 ? a + b : probeStack(depth - 1, b + d, c ^ a, d + b, a + depth) + (a ^ b) + (c ^ d);
    }

    private void wakeLoop() {
        if (roundDue.get()) {
            return;
        }
        probed =
                probeStack(PROBE_DEPTH, probed, 2, 3, 4); // where the stack ends, it ends here: nothing has changed yet
        if (!roundDue.compareAndSet(false, true)) {
            return;
        }
        try {
            loop.execute(round);
            LoopWatch.wake();
        } catch (RejectedExecutionException e) {
            // The loop was shut down under us, which tears this engine down, or is just doing so: nobody will come
            // again.
            collectAndDeliver(all);
        } catch (Throwable t) { // no memory, as a rule: others may have relied on this call to wake the loop
            lock.lock();
            try {
                wire.failed.because(t);
                failSubmitted();
                deliverFailed();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Frees the slot of a request that its caller has given up, or counts it, so that the queues are purged of such
     * requests before they hold many; from any thread.
     *
     * @param echo the request, which is complete
     */
    public void cancelled(PendingEcho echo) {
        if (echo.handle() >= 0) {
            freeSlot(echo);
        } else if (cancelledWaiting.incrementAndGet() >= purgeAt && lock.tryLock()) { // else the next one tries again
            try {
                purge();
            } finally {
                lock.unlock();
            }
        }
    }

    private void freeSlot(PendingEcho echo) {
        if (lock.tryLock()) {
            try {
                lanes.cancelled(echo);
            } finally {
                lock.unlock();
            }
            return;
        }
        try {
            loop.execute(() -> freeSlotLocked(echo));
        } catch (RejectedExecutionException e) {
            LOG.trace("{}: cancelled after the loop had ended", name, e);
        } catch (RuntimeException | Error e) { // no memory, as a rule, and nobody else would free it
            freeSlotLocked(echo);
        }
    }

    private void freeSlotLocked(PendingEcho echo) {
        lock.lock();
        try {
            lanes.cancelled(echo);
        } finally {
            lock.unlock();
        }
    }

    /** With the lock held. It goes through all that wait, but only once for each half as many that were cancelled. */
    private void purge() {
        EchoQueue kept = new EchoQueue();
        cancelledWaiting.set(0);
        PendingEcho echo = submitted.takeAll();
        while (echo != null) {
            PendingEcho younger = echo.next();
            if (echo.isDone()) {
                echo.letGo();
            } else {
                kept.addLast(echo);
            }
            echo = younger;
        }
        submitted.putBack(kept.peek());
        purgeAt = (kept.size() + lanes.purge()) / 2 + PURGE_AT_LEAST;
    }

    /** {@return whether a round runs, or is to run at once} */
    boolean isAtWork() {
        return roundDue.get();
    }

    /**
     * Says once who holds the loop, if for more than a second nothing of ours has begun or ended there; once a minute
     * at most.
     */
    void watch(long now, boolean inTime) {
        long progress = wire.progress;
        Thread holder = thread;
        if (!inTime || progress != seenProgress || !isAtWork() || holder == null) {
            seenProgress = isAtWork() ? progress : -1;
            heldSince = now;
        } else if (now - heldSince >= HELD_NANOS && heldLog.isDue()) {
            Throwable held = new Throwable("what holds " + holder.getName());
            held.setStackTrace(holder.getStackTrace());
            heldLog.warn(
                    name,
                    "its event loop has been held for " + TimeUnit.NANOSECONDS.toMillis(now - heldSince)
                            + " ms: a listener blocks it, or somebody else who uses it; until it is let go, no request on it is sent or"
                            + " gets an outcome",
                    held);
        }
    }

    private void report(Throwable met) {
        if (met instanceof SystemCallException refusal) {
            log.warn(name, "the system does not let answers be read: " + refusal.getMessage(), null);
        } else {
            log.warn(name, DEFECT, met);
        }
    }

    @Override
    public void ready(Lane lane, int events) {
        work(lane, events);
    }

    private void work() {
        work(null, 0);
    }

    private void work(@Nullable Lane readyLane, int events) {
        if (working) {
            return;
        }
        working = true;
        lock.lockPolitely();
        boolean failed = false;
        Throwable met;
        try {
            if (!ended) {
                round(readyLane, events);
            }
        } catch (RuntimeException | Error e) {
            failed = true;
            fail(e);
        } finally {
            met = wire.defect;
            wire.defect = null;
            lock.unlock();
            working = false;
        }
        if (met != null) {
            report(met); // logging is foreign code and may block: the lock is free meanwhile
        }
        if (failed) {
            LockSupport.parkNanos(FAILURE_PAUSE_NANOS);
        }
    }

    private void round(@Nullable Lane readyLane, int events) {
        roundDue.set(true);
        wire.progress++;
        LoopWatch.wake();
        wire.failed.deliver(wire);
        boolean moved = turns(readyLane, events);
        lanes.expire();
        setTimer(moved || !mayRest() ? System.nanoTime() : lanes.nextNanos());
    }

    /**
     * The one fence around a round (SPEC OUT-1, OUT-4): whatever it has met, most likely a lack of memory, ends
     * everything that is outstanding. What is left is empty, so that the engine goes on. Needs no memory up to the
     * delivery.
     */
    private void fail(Throwable cause) {
        wire.defect = cause;
        wire.failed.because(cause);
        wire.send.clear();
        lanes.fail();
        failSubmitted();
        deliverFailed();
        try {
            loop.wakeAt(System.nanoTime() + FAILURE_PAUSE_NANOS);
        } catch (RuntimeException | Error e) {
            wire.defect = e; // nothing is outstanding that would need the timer
        }
    }

    /** With the lock held. In this order: who comes later wakes the loop. */
    private void failSubmitted() {
        roundDue.set(false);
        PendingEcho echo = submitted.takeAll();
        while (echo != null) {
            PendingEcho younger = echo.next();
            wire.failed.add(echo);
            echo = younger;
        }
    }

    /** With the lock held. What cannot be delivered now is delivered by the next round, or by close. */
    private void deliverFailed() {
        try {
            wire.failed.deliver(wire);
        } catch (RuntimeException | Error e) {
            wire.defect = e;
        }
    }

    /** {@return whether there is more to do than the time for one round allowed} */
    private boolean turns(@Nullable Lane readyLane, int events) {
        if (readyLane != null) {
            readyLane.serve(events);
        }
        long end = System.nanoTime() + ROUND_NANOS;
        boolean moved;
        do {
            takeSubmissions();
            moved = lanes.turn() || !submitted.isEmpty();
        } while (moved && !lock.isWanted() && System.nanoTime() - end < 0);
        return moved;
    }

    /** {@return whether the loop may wait to be woken; it may not if a submission has come in between} */
    private boolean mayRest() {
        roundDue.set(false);
        return submitted.isEmpty() || !roundDue.compareAndSet(false, true);
    }

    /**
     * A round that was cut short goes on by the timer and not as a task: Netty runs tasks for up to a second before
     * I/O.
     */
    private void setTimer(long nanoTime) {
        try {
            loop.wakeAt(nanoTime);
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: the event loop is ending", name, e);
        }
    }

    private void takeSubmissions() {
        PendingEcho echo = submitted.takeAll();
        try {
            while (echo != null) {
                PendingEcho younger = echo.next();
                if (echo.isDone()) {
                    echo.next(null);
                    echo.letGo();
                } else {
                    if (echo.request().version() == IpVersion.V6
                            && echo.request().source().isPresent()) {
                        wire.noticeChanges(System.nanoTime()); // a socket is bound to the source's current index
                    }
                    lanes.group(LaneKey.of(echo.request(), kind, wire.sources)).enqueue(echo);
                }
                echo = younger;
            }
        } finally {
            submitted.putBack(echo); // where something was thrown
        }
    }

    /** Fails if the group that is lent is being shut down, or if the system does not watch the sockets. */
    private void startAll(Map<LaneKey, IcmpSocket> sockets) {
        Map<LaneKey, IcmpSocket> waiting = new LinkedHashMap<>(sockets);
        thread = Thread.currentThread();
        try {
            lock.lock();
            try {
                for (Map.Entry<LaneKey, IcmpSocket> each : sockets.entrySet()) {
                    waiting.remove(each.getKey());
                    lanes.start(each.getKey(), each.getValue());
                }
            } finally {
                lock.unlock();
            }
        } catch (SystemCallException | RuntimeException | Error e) {
            waiting.values().forEach(IcmpSocket::close);
            startFailure = e instanceof Exception failure ? failure : new IllegalStateException(e);
            closing.set(true);
            tearDown();
        } finally {
            started.countDown();
        }
    }

    /**
     * Completes the requests of one requester and counts for it no longer; the sockets stay open for the others.
     *
     * @param requester whose requests; null if it never sent any
     * @param counters its counters
     * @param wait how long to wait for that, unless called on a thread that completes requests
     */
    public void leave(@Nullable EchoCompletion requester, EchoCounters counters, CloseWait wait) {
        try {
            if (requester != null) {
                ClosedRequests leaving = new ClosedRequests(requester);
                endRequests(leaving);
                if (!isDelivering()) {
                    awaitEnd(List.of(new Closing(this, leaving)), wait);
                }
            }
        } finally {
            wire.remove(counters);
        }
    }

    /**
     * Completes the requests of a requester that has left already, without waiting.
     *
     * @param requester whose requests
     */
    public void sweep(EchoCompletion requester) {
        collectAndDeliver(new ClosedRequests(requester));
    }

    /** The loop ends them, unless it has ended itself, or waits for this very call. */
    private void endRequests(ClosedRequests closed) {
        if (isDelivering() || !runOrIgnore(() -> collectAndDeliver(closed))) {
            collectAndDeliver(closed);
        }
    }

    private void collectAndDeliver(ClosedRequests closed) {
        lock.lock();
        try {
            collect(closed);
        } finally {
            lock.unlock();
        }
        deliver(closed);
    }

    /** With the lock held. */
    private void collect(ClosedRequests closed) {
        if (closed.isCollected()) {
            return;
        }
        try { // Nothing here needs memory: what was taken out of its place would be lost.
            PendingEcho echo = closed.isAll() ? submitted.close() : submitted.takeAll();
            EchoQueue kept = closed.kept;
            while (echo != null) {
                PendingEcho younger = echo.next();
                if (closed.includes(echo)) {
                    closed.addUnsent(echo);
                } else {
                    kept.addLast(echo);
                }
                echo = younger;
            }
            submitted.putBack(kept.peek());
            lanes.collect(closed);
            wire.failed.collect(closed);
        } finally {
            closed.setCollected();
        }
    }

    private void deliver(ClosedRequests closed) {
        deliver(closed, DELIVERY_NANOS);
    }

    private void deliver(ClosedRequests closed, long patienceNanos) {
        Thread thread = Thread.currentThread();
        boolean outermost = false;
        try {
            outermost = delivering.add(thread);
        } catch (OutOfMemoryError e) {
            log.warn(name, DEFECT, e); // a listener that closes waits for itself then, for five seconds
        }
        try {
            closed.deliver(log, name, patienceNanos);
        } finally {
            if (outermost) {
                delivering.remove(thread);
            }
        }
    }

    private boolean runOrIgnore(Runnable task) {
        for (int i = 0; i < EXECUTE_ATTEMPTS; i++) {
            try {
                loop.execute(task);
                return true;
            } catch (RejectedExecutionException e) {
                LOG.trace("{}: the event loop has ended", name, e);
                return false;
            } catch (RuntimeException | Error e) { // no memory, as a rule
                LockSupport.parkNanos(EXECUTE_PAUSE_NANOS);
            }
        }
        return false;
    }

    /** {@return whether it is closed or closing, by us or because its loop was shut down} */
    public boolean isClosed() {
        return closing.get();
    }

    /** {@return whether the calling thread completes requests of this engine: what it waits for would wait for it} */
    private boolean isDelivering() {
        return loop.inLoop() || delivering.contains(Thread.currentThread());
    }

    /**
     * Completes every request and releases everything (SPEC END-2); waits for that, bounded, unless called on a thread
     * that completes requests of one of the engines, because another may wait for it.
     *
     * @param engines what to close
     * @param wait how long to wait
     */
    public static void close(List<LaneEngine> engines, CloseWait wait) {
        engines.forEach(LaneEngine::beginClose);
        if (engines.stream().anyMatch(LaneEngine::isDelivering)) {
            return;
        }
        awaitEnd(engines.stream().map(engine -> new Closing(engine, engine.all)).toList(), wait);
        for (LaneEngine engine : engines) {
            if (!engine.awaitThread(wait)) {
                return;
            }
        }
    }

    private void beginClose() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        boolean accepted = runOrIgnore(tearDown);
        if (isDelivering() || !accepted) {
            collectAndDeliver(all);
        }
    }

    /**
     * Waits until the requests are ended; where nothing moves, a thread is blocked by a listener, and another takes its
     * place.
     */
    private static void awaitEnd(List<Closing> closings, CloseWait wait) {
        boolean over = false;
        try {
            while (!over && !wait.isOver()) {
                over = true;
                for (Closing closing : closings) {
                    over &= closing.await(wait);
                }
            }
            for (Closing closing : closings) {
                closing.joinHelpers(wait);
            }
        } catch (InterruptedException e) {
            closings.forEach(closing -> closing.help(0)); // nobody else would; closing goes on without the caller
            Thread.currentThread().interrupt();
        }
    }

    /** One engine that a close waits for. */
    private static final class Closing {
        private final LaneEngine engine;
        private final ClosedRequests closed;
        private long seen;
        private final List<Thread> helpers = new ArrayList<>();

        Closing(LaneEngine engine, ClosedRequests closed) {
            this.engine = engine;
            this.closed = closed;
        }

        /** {@return whether every request has its outcome, after waiting a moment and helping} */
        boolean await(CloseWait wait) throws InterruptedException {
            boolean over = closed.await(Math.min(PATIENCE_NANOS, wait.nanosLeft()));
            if (!over) {
                help(wait.nanosLeft());
            }
            return over;
        }

        /** Where no thread can be made, the caller delivers, and goes on so long while every delivery fails. */
        void help(long nanos) {
            if (!closed.isCollected()) {
                if (!engine.lock.tryLock(PATIENCE_NANOS)) {
                    return;
                }
                try {
                    engine.collect(closed);
                } finally {
                    engine.lock.unlock();
                }
            }
            long progress = closed.progress();
            if (progress == seen && helpers.size() < MAX_HELPERS) {
                startHelper(nanos);
            }
            seen = progress;
        }

        private void startHelper(long nanos) {
            try {
                Thread helper = new Thread(null, () -> engine.deliver(closed), engine.name + "-close", 0, false);
                helper.setDaemon(true);
                helper.setContextClassLoader(null);
                helpers.add(helper);
                helper.start();
            } catch (OutOfMemoryError e) { // a limit of threads, perhaps: late is better than never
                engine.deliver(closed, nanos);
            }
        }

        /** Those that no listener blocks end at once. */
        void joinHelpers(CloseWait wait) throws InterruptedException {
            for (Thread helper : helpers) {
                helper.join(1 + TimeUnit.NANOSECONDS.toMillis(wait.nanosLeft()));
            }
        }
    }

    /**
     * {@return whether everything is released; an interrupt ends the wait and is kept, and closing goes on without the
     * caller}
     */
    private boolean awaitThread(CloseWait wait) {
        try {
            boolean released = tornDown.await(wait.nanosLeft(), TimeUnit.NANOSECONDS)
                    && loop.awaitEnd(Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait.nanosLeft())));
            if (!released) {
                LOG.warn(
                        "{}: close did not finish in five seconds; something blocks the loop, perhaps a listener",
                        name);
            }
            return released;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The loop is about to end for an error: so is everything on it, and every later request (SPEC OUT-4). */
    private void loopFailed(Throwable cause) {
        EchoOutcome.NotSent outcome = FailedRequests.outcome(cause);
        submitted.because(outcome);
        all.because(outcome);
        closing.set(true);
    }

    /** On the loop's thread or, where a lent loop has ended, on the one that tells so. */
    private void tearDown() {
        if (!tearingDown.compareAndSet(false, true)) {
            return;
        }
        collectAndDeliver(all);
        lock.lock();
        try {
            ended = true;
            wire.failed.collect(all); // of this thread, which another has closed meanwhile
        } finally {
            lock.unlock();
        }
        deliver(all);
        lock.lock();
        try {
            lanes.release();
        } finally {
            lock.unlock();
        }
        finishIfReleased();
    }

    @Override
    public void released(Lane lane) {
        boolean wanted;
        boolean held = lock.isHeldByMe();
        if (!held) {
            lock.lock();
        }
        try {
            wanted = lanes.forget(lane);
        } finally {
            if (!held) {
                lock.unlock();
            }
        }
        if (tearingDown.get()) {
            finishIfReleased();
        } else if (!wanted) {
            closing.set(true); // SPEC END-3. Nobody but a loop that is shut down under us releases a lane in use
            tearDown();
        }
    }

    private void finishIfReleased() {
        if (ended && lanes.isEmpty() && tornDown.getCount() > 0) {
            try {
                wire.close();
            } finally {
                endLoop();
            }
        }
    }

    private void endLoop() {
        try {
            LoopWatch.remove(this);
        } finally {
            try {
                loop.shutdown();
            } finally {
                tornDown.countDown();
            }
        }
    }
}
