// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.EchoOutcome;
import dev.netecho.NotSentReason;
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
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
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

    private final String name;
    private final SocketKind kind;
    private final SubmissionStack submitted = new SubmissionStack();

    /** A round is running, posted, or set on the timer: nobody needs to wake the loop. Keeps one wake-up from becoming many. */
    private final AtomicBoolean roundDue = new AtomicBoolean();

    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch tornDown = new CountDownLatch(1);
    private final DefectLog defects;
    private final Set<IpVersion> versions = EnumSet.noneOf(IpVersion.class);
    private final Wire wire;
    private final EventLoop loop;
    private final LaneSet lanes;
    private boolean working;
    private boolean tearingDown;

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
        sockets.keySet().forEach(key -> versions.add(key.version()));
        try {
            this.loop = EventLoops.open(name + "-loop", lent, netty, this::work);
            this.lanes = new LaneSet(kind, settings, wire, loop, this);
            // Rejected if the group that is lent was shut down in this very moment.
            loop.execute(() -> startAll(sockets));
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
        try {
            return new LaneEngine(name, kind, settings, sockets, lent, netty, pace);
        } catch (SystemCallException | RuntimeException | Error e) {
            sockets.values().forEach(IcmpSocket::close);
            throw e;
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
        if (loop.inLoop() && working) {
            submitted.pushOnLoop(echo); // by a listener: the round that called it takes it
        } else if (submitted.push(echo) && roundDue.compareAndSet(false, true)) {
            wakeLoop();
        }
    }

    private void wakeLoop() {
        try {
            loop.execute(this::work);
        } catch (RejectedExecutionException e) {
            // The loop was shut down under us, which tears this engine down, or is just doing so: nobody will come
            // again.
            completeAll(submitted.close());
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

    /** A round. One bad packet, or a defect of ours, must not end the loop or the requests of others: nothing escapes. */
    private void work(@Nullable Lane readyLane, int events) {
        if (working || tearingDown) {
            return;
        }
        working = true;
        roundDue.set(true);
        boolean moved = false;
        boolean failed = false;
        try {
            moved = turns(readyLane, events);
        } catch (RuntimeException | Error e) {
            failed = true;
            defects.report(e);
        }
        try {
            lanes.expire(); // also after a failure: what is due must not wait for the cause to go away
        } catch (RuntimeException | Error e) {
            failed = true;
            defects.report(e);
        }
        if (failed) {
            lookAgain();
        }
        working = false;
        if (failed) {
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
        } while (moved && System.nanoTime() - end < 0);
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
            defects.report(e);
            lookAgain();
            roundDue.set(false);
        }
    }

    private void lookAgain() {
        try {
            lanes.lookAgain();
        } catch (RuntimeException | Error e) {
            defects.report(e);
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

    /** Fails if the group that is lent is being shut down: then nobody will come again to release anything. */
    private void startAll(Map<LaneKey, IcmpSocket> sockets) {
        Map<LaneKey, IcmpSocket> waiting = new LinkedHashMap<>(sockets);
        try {
            sockets.forEach((key, socket) -> {
                waiting.remove(key);
                lanes.start(key, socket);
            });
        } catch (RuntimeException | Error e) {
            LOG.debug("{}: the event loop takes no sockets", name, e);
            waiting.values().forEach(IcmpSocket::close);
            closing.set(true);
            tearDown();
        }
    }

    /**
     * Completes the requests of one requester and counts for it no longer; the sockets stay open for the others.
     *
     * @param requester whose requests; null if it never sent any
     * @param counters its counters
     */
    public void leave(@Nullable EchoCompletion requester, EchoCounters counters) {
        CountDownLatch done = new CountDownLatch(1);
        boolean accepted = runOrIgnore(() -> {
            completeFor(requester);
            wire.remove(counters);
            done.countDown();
        });
        if (accepted && !loop.inLoop()) {
            new CloseWait(name).await(done);
        }
    }

    /**
     * Completes the requests of a requester that has left already, without waiting.
     *
     * @param requester whose requests
     */
    public void sweep(EchoCompletion requester) {
        runOrIgnore(() -> completeFor(requester));
    }

    private void completeFor(@Nullable EchoCompletion requester) {
        if (requester != null) {
            takeSubmissions();
            lanes.closeFor(requester);
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

    /** Completes every request and releases everything (SPEC END-2); waits for that, bounded, unless called on the loop's thread. */
    public void close() {
        beginClose();
        if (!loop.inLoop()) {
            awaitClose();
        }
    }

    /** Begins what {@link #close} does, and does not wait. */
    public void beginClose() {
        if (closing.compareAndSet(false, true)) {
            runOrIgnore(this::tearDown);
        }
    }

    /** Waits, bounded, until everything is released after {@link #beginClose}; not on the loop's thread. */
    public void awaitClose() {
        CloseWait wait = new CloseWait(name);
        if (wait.await(tornDown)) {
            wait.awaitThread(loop);
        }
    }

    private void tearDown() {
        if (tearingDown) {
            return;
        }
        tearingDown = true;
        completeAll(submitted.takeAll());
        completeAll(submitted.close());
        lanes.closeFor(null);
        lanes.release();
        finishIfReleased();
    }

    @Override
    public void released(Lane lane) {
        boolean wanted = lanes.forget(lane);
        if (tearingDown) {
            finishIfReleased();
        } else if (!wanted) {
            closing.set(true); // SPEC END-3. Nobody but a loop that is shut down under us releases a lane in use
            tearDown();
        }
    }

    private void finishIfReleased() {
        if (lanes.isEmpty() && tornDown.getCount() > 0) {
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

    private static void completeAll(@Nullable PendingEcho oldest) {
        for (PendingEcho echo = oldest; echo != null; echo = echo.next()) {
            echo.complete(EchoOutcome.NotSent.because(
                    NotSentReason.CLOSED, "the requester was closed before the request was sent"));
        }
    }
}
