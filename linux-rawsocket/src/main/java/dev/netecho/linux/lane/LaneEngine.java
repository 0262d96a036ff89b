// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.linux.loop.EventLoop;
import dev.netecho.linux.loop.EventLoops;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.packet.IpVersion;
import dev.netecho.spi.EchoCompletion;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.SendPace;
import io.netty.channel.IoEventLoopGroup;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All lanes of one event loop: takes requests from any thread and works them off in rounds on its own.
 *
 * <p>A round takes what was submitted, lets every group send a batch (receiving first), and goes on while something moves;
 * then it times out what is due and sets the timer. It is bounded, because the loop may belong to somebody else.
 */
public final class LaneEngine implements Lane.LaneOwner {
    private static final Logger LOG = LoggerFactory.getLogger(LaneEngine.class);

    /** A round gives the loop back after about this long, because it may belong to somebody else. */
    private static final long ROUND_NANOS = 2_000_000;

    /** After a defect a round ends with its work undone: it is taken up again soon, but not so soon that it fills a core. */
    private static final long DEFECT_PAUSE_NANOS = 5_000_000;

    /** So long a close leaves its requests to the loop before another thread takes them; and looks whether they are being ended. */
    private static final long PATIENCE_NANOS = 20_000_000;

    /** The listeners that a close calls may block as well: each of these threads stands in for one that is blocked so. */
    private static final int MAX_HELPERS = 16;

    /** A lent loop may be busy with tasks of its owner: so long an opening waits for it to take the sockets. */
    private static final long START_SECONDS = 5;

    private final String name;
    private final SocketKind kind;
    private final SubmissionStack submitted = new SubmissionStack();

    /** A round is running, posted, or set on the timer: nobody needs to wake the loop. Keeps one wake-up from becoming many. */
    private final AtomicBoolean roundDue = new AtomicBoolean();

    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean tearingDown = new AtomicBoolean();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch tornDown = new CountDownLatch(1);

    /** Everything that is outstanding when the engine is closed. */
    private final ClosedRequests all = new ClosedRequests(null);

    /** Threads that complete requests of a close: what they call must not wait for them. */
    private final Set<Thread> delivering = ConcurrentHashMap.newKeySet();

    private final DefectLog defects;
    private final Set<IpVersion> versions = EnumSet.noneOf(IpVersion.class);
    private final Wire wire;
    private final EventLoop loop;
    private final LaneSet lanes;
    private final LoopLock lock;

    /** Made once: to wake the loop must not need memory. */
    private final Runnable round = this::work;

    private volatile @Nullable Exception startFailure;

    /** Belongs to the loop's thread. */
    private boolean working;

    /** The rest belongs to who holds the lock. */
    private boolean ended;

    private @Nullable Throwable defect;

    private LaneEngine(
            String name,
            SocketKind kind,
            SocketSettings settings,
            Map<LaneKey, IcmpSocket> sockets,
            @Nullable IoEventLoopGroup lent,
            boolean netty,
            SendPace pace)
            throws SystemCallException {
        this.name = name;
        this.kind = kind;
        this.defects = new DefectLog(name);
        this.wire = new Wire(new SecureRandom(), pace);
        this.lock = wire.lock;
        sockets.keySet().forEach(key -> versions.add(key.version()));
        try {
            this.loop = EventLoops.open(name + "-loop", lent, netty, this::work);
            this.lanes = new LaneSet(kind, settings, wire, loop, this);
            if (loop.inLoop()) {
                startAll(sockets);
            } else {
                // Rejected if the group that is lent was shut down in this very moment.
                loop.execute(() -> startAll(sockets));
            }
        } catch (SystemCallException | RuntimeException | Error e) {
            wire.close();
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
     * @throws SystemCallException if neither family is allowed: the reason of IPv4; or if the system lacks something for either, or
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
        Map<LaneKey, IcmpSocket> sockets = FamilySockets.open(name, kind, settings);
        LaneEngine engine;
        try {
            engine = new LaneEngine(name, kind, settings, sockets, lent, netty, pace);
        } catch (SystemCallException | RuntimeException | Error e) {
            sockets.values().forEach(IcmpSocket::close);
            throw e;
        }
        engine.awaitStart();
        return engine;
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

    /** {@return the families that could be opened} */
    public Set<IpVersion> versions() {
        return Set.copyOf(versions);
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

    private void wakeLoop() {
        if (roundDue.get() || !roundDue.compareAndSet(false, true)) {
            return;
        }
        try {
            loop.execute(round);
        } catch (RejectedExecutionException e) {
            // The loop was shut down under us, which tears this engine down, or is just doing so: nobody will come
            // again.
            collectAndDeliver(all);
        } catch (Throwable t) { // no memory, or no stack left: the next request has to wake the loop
            roundDue.set(false);
            throw t;
        }
    }

    /**
     * Frees the slot of a request that its caller has given up; from any thread.
     *
     * @param echo the request, which is complete
     */
    public void cancelled(PendingEcho echo) {
        try {
            loop.execute(() -> lanes.cancelled(echo));
        } catch (RejectedExecutionException e) {
            LOG.trace("{}: cancelled after the loop had ended", name, e);
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
        Throwable met;
        try {
            if (!ended) {
                round(readyLane, events);
            }
        } finally {
            met = defect;
            defect = null;
            lock.unlock();
            working = false;
        }
        if (met != null) {
            defects.report(met); // logging is foreign code and may block: the lock is free meanwhile
        }
    }

    /** One bad packet, or a defect of ours, must not end the loop or the requests of others: nothing escapes. */
    private void round(@Nullable Lane readyLane, int events) {
        roundDue.set(true);
        boolean moved = false;
        boolean failed = false;
        try {
            moved = turns(readyLane, events);
        } catch (RuntimeException | Error e) {
            failed = true;
            defect = e;
        }
        try {
            lanes.expire(); // also after a failure: what is due must not wait for the cause to go away
        } catch (RuntimeException | Error e) {
            failed = true;
            defect = e;
        }
        if (failed) {
            lookAgain();
            setTimer(System.nanoTime() + DEFECT_PAUSE_NANOS); // nothing else would wake us for what waits to be sent
        } else if (moved || !mayRest()) {
            setTimer(System.nanoTime());
        } else {
            setTimer(lanes.nextNanos());
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

    /** A round that was cut short goes on by the timer and not as a task: Netty runs tasks for up to a second before I/O. */
    private void setTimer(long nanoTime) {
        try {
            loop.wakeAt(nanoTime);
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: the event loop is ending", name, e);
        } catch (RuntimeException | Error e) { // no memory for a timer: the next packet or request begins a round
            defect = e;
            lookAgain();
            roundDue.set(false);
        }
    }

    private void lookAgain() {
        try {
            lanes.lookAgain();
        } catch (RuntimeException | Error e) {
            defect = e;
        }
    }

    private void takeSubmissions() {
        PendingEcho echo = submitted.takeAll();
        try {
            while (echo != null) {
                PendingEcho younger = echo.next();
                if (echo.isDone()) {
                    echo.next(null);
                } else {
                    lanes.group(LaneKey.of(echo.request(), kind))
                            .enqueue(echo); // the group may need memory, its queue not
                }
                echo = younger;
            }
        } finally {
            submitted.putBack(echo); // where memory ended: the next round takes it, and those behind it
        }
    }

    /** Fails if the group that is lent is being shut down, or if the system does not watch the sockets. */
    private void startAll(Map<LaneKey, IcmpSocket> sockets) {
        Map<LaneKey, IcmpSocket> waiting = new LinkedHashMap<>(sockets);
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
        try {
            PendingEcho kept = null;
            PendingEcho youngestKept = null;
            PendingEcho echo = closed.isAll() ? submitted.close() : submitted.takeAll();
            while (echo != null) {
                PendingEcho younger = echo.next();
                echo.next(null);
                if (closed.includes(echo)) {
                    closed.addUnsent(echo);
                } else if (youngestKept == null) {
                    kept = echo;
                    youngestKept = echo;
                } else {
                    youngestKept.next(echo);
                    youngestKept = echo;
                }
                echo = younger;
            }
            submitted.putBack(kept);
            lanes.collect(closed);
        } finally {
            closed.setCollected();
        }
    }

    private void deliver(ClosedRequests closed) {
        Thread thread = Thread.currentThread();
        boolean outermost = delivering.add(thread);
        try {
            closed.deliver(defects);
        } finally {
            if (outermost) {
                delivering.remove(thread);
            }
        }
    }

    private boolean runOrIgnore(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.trace("{}: the event loop has ended", name, e);
            return false;
        }
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
     * Completes every request and releases everything (SPEC END-2); waits for that, bounded, unless called on a thread that completes
     * requests of one of the engines, because another may wait for it.
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
        boolean accepted = runOrIgnore(this::tearDown);
        if (isDelivering() || !accepted) {
            collectAndDeliver(all);
        }
    }

    /** Waits until the requests are ended; where nothing moves, a thread is blocked by a listener, and another takes its place. */
    private static void awaitEnd(List<Closing> closings, CloseWait wait) {
        boolean over = false;
        try {
            while (!over && !wait.isOver()) {
                over = true;
                for (Closing closing : closings) {
                    over &= closing.await(Math.min(PATIENCE_NANOS, wait.nanosLeft()));
                }
            }
            for (Closing closing : closings) {
                closing.joinHelpers(wait);
            }
        } catch (InterruptedException e) {
            closings.forEach(Closing::help); // nobody else would; closing goes on without the caller
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
        boolean await(long nanos) throws InterruptedException {
            boolean over = closed.await(nanos);
            if (!over) {
                help();
            }
            return over;
        }

        void help() {
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
                startHelper();
            }
            seen = progress;
        }

        private void startHelper() {
            try {
                Thread helper = new Thread(null, () -> engine.deliver(closed), engine.name + "-close", 0, false);
                helper.setDaemon(true);
                helper.setContextClassLoader(null);
                helpers.add(helper);
                helper.start();
            } catch (OutOfMemoryError e) { // a limit of threads, perhaps: late is better than never
                engine.deliver(closed);
            }
        }

        /** Those that no listener blocks end at once. */
        void joinHelpers(CloseWait wait) throws InterruptedException {
            for (Thread helper : helpers) {
                helper.join(1 + TimeUnit.NANOSECONDS.toMillis(wait.nanosLeft()));
            }
        }
    }

    /** {@return whether everything is released; an interrupt ends the wait and is kept, and closing goes on without the caller} */
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

    /** On the loop's thread or, where a lent loop has ended, on the one that tells so. */
    private void tearDown() {
        if (!tearingDown.compareAndSet(false, true)) {
            return;
        }
        collectAndDeliver(all);
        lock.lock();
        try {
            ended = true;
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
            loop.shutdown();
        } finally {
            tornDown.countDown();
        }
    }
}
