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
import io.netty.channel.IoEventLoopGroup;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private static final int MAX_TURNS = 64;
    private static final long CLOSE_MILLIS = 5_000;

    /** Sources of IPv6 on datagram sockets, each with a socket of its own; the idle ones make room. */
    private static final int MAX_GROUPS = 64;

    private final String name;
    private final SocketKind kind;
    private final SocketSettings settings;
    private final SecureRandom random = new SecureRandom();
    private final SubmissionStack submitted = new SubmissionStack();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch tornDown = new CountDownLatch(1);
    private final Set<IpVersion> versions = EnumSet.noneOf(IpVersion.class);
    private final Map<LaneKey, LaneGroup> groups = new LinkedHashMap<>();
    private final List<@Nullable Lane> lanes = new ArrayList<>();
    private final Wire wire;
    private final EventLoop loop;
    private int openLanes;
    private boolean working;
    private boolean tearingDown;
    private long nextFailureReport = System.nanoTime();

    private LaneEngine(
            String name,
            SocketKind kind,
            SocketSettings settings,
            Map<LaneKey, IcmpSocket> sockets,
            @Nullable IoEventLoopGroup lent,
            boolean netty) {
        this.name = name;
        this.kind = kind;
        this.settings = settings;
        this.wire = new Wire(random);
        sockets.keySet().forEach(key -> versions.add(key.version()));
        try {
            this.loop = EventLoops.open(name + "-loop", lent, netty, this::work);
            // Rejected if the group that is lent was shut down in this very moment.
            loop.execute(() -> startAll(sockets));
        } catch (RuntimeException | Error e) {
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
     * @return the engine
     * @throws SystemCallException if neither family can be opened: the reason of IPv4
     */
    public static LaneEngine open(
            String name, SocketKind kind, SocketSettings settings, @Nullable IoEventLoopGroup lent, boolean netty)
            throws SystemCallException {
        Map<LaneKey, IcmpSocket> sockets = new LinkedHashMap<>();
        try {
            SystemCallException failure = null;
            for (LaneKey key : new LaneKey[] {LaneKey.V4, LaneKey.V6}) {
                try {
                    sockets.put(key, openSocket(kind, key, settings, new SecureRandom()));
                } catch (SystemCallException e) {
                    LOG.debug("{}: {} is not available", name, key.version(), e);
                    failure = failure == null ? e : failure;
                }
            }
            if (sockets.isEmpty() && failure != null) {
                throw failure;
            }
            return new LaneEngine(name, kind, settings, Map.copyOf(sockets), lent, netty);
        } catch (RuntimeException | Error e) {
            sockets.values().forEach(IcmpSocket::close);
            throw e;
        }
    }

    private static IcmpSocket openSocket(SocketKind kind, LaneKey key, SocketSettings settings, SecureRandom random)
            throws SystemCallException {
        if (kind == SocketKind.RAW) {
            // Random, not the pid: that is 1 in every container.
            int block = random.nextInt(1 << 16) & -IcmpSocket.RAW_IDENTIFIERS;
            return IcmpSocket.openRaw(key.version(), block, settings);
        }
        return IcmpSocket.openDatagram(key.version(), key.dontFragment(), key.boundSource(), settings);
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
        if (submitted.push(echo) && !(loop.inLoop() && working)) {
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
            loop.execute(() -> {
                int handle = echo.handle();
                Lane lane = handle < 0 ? null : lanes.get(handle >>> Lane.SLOT_BITS);
                if (lane != null) {
                    lane.cancelled(echo, handle & (1 << Lane.SLOT_BITS) - 1);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.trace("{}: cancelled after the loop had ended", name, e);
        }
    }

    @Override
    public void wake() {
        work();
    }

    /** A round; what it runs does not throw, and if it does, the loop and the other requests go on. */
    private void work() {
        if (working || tearingDown) {
            return;
        }
        working = true;
        try {
            boolean moved = true;
            for (int turns = 0; moved && turns < MAX_TURNS; turns++) {
                takeSubmissions();
                moved = turn() || !submitted.isEmpty();
            }
            for (Lane lane : lanes) {
                if (lane != null) {
                    lane.expire();
                }
            }
            if (moved || !submitted.isEmpty()) {
                loop.execute(this::work);
            }
            loop.wakeAt(nextNanos());
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: the event loop is ending", name, e);
        } catch (RuntimeException | Error e) {
            failed(e);
        } finally {
            working = false;
        }
    }

    @Override
    public void failed(Throwable thrown) {
        long now = System.nanoTime();
        if (nextFailureReport - now <= 0) { // at most once a minute: it may be every packet
            nextFailureReport = now + TimeUnit.MINUTES.toNanos(1);
            LOG.warn("{}: the engine met a defect of its own; it goes on", name, thrown);
        }
    }

    private boolean turn() {
        boolean moved = false;
        for (LaneGroup group : groups.values()) {
            moved |= group.turn();
        }
        return moved;
    }

    private void takeSubmissions() {
        for (PendingEcho echo = submitted.takeAll(); echo != null; ) {
            PendingEcho younger = echo.next();
            echo.next(null);
            if (!echo.isDone()) {
                group(LaneKey.of(echo.request(), kind)).enqueue(echo);
            }
            echo = younger;
        }
    }

    private LaneGroup group(LaneKey key) {
        LaneGroup group = groups.get(key);
        if (group == null) {
            makeRoom();
            // A raw socket carries many identifiers: one per family and process, because each costs the whole host.
            int most = kind == SocketKind.RAW ? 1 : LaneGroup.MAX_LANES;
            group = new LaneGroup(key, most, wire, k -> start(openSocket(kind, k, settings, random)));
            groups.put(key, group);
        }
        return group;
    }

    private void makeRoom() {
        if (groups.size() < MAX_GROUPS) {
            return;
        }
        groups.values().removeIf(group -> {
            boolean idle = group.key.boundSource() != null && group.isIdle();
            if (idle) {
                List.copyOf(group.lanes()).forEach(Lane::release);
            }
            return idle;
        });
    }

    /** Fails if the group that is lent is being shut down: then nobody will come again to release anything. */
    private void startAll(Map<LaneKey, IcmpSocket> sockets) {
        Map<LaneKey, IcmpSocket> waiting = new LinkedHashMap<>(sockets);
        try {
            sockets.forEach((key, socket) -> {
                waiting.remove(key);
                group(key).add(start(socket));
            });
        } catch (RuntimeException | Error e) {
            LOG.debug("{}: the event loop takes no sockets", name, e);
            waiting.values().forEach(IcmpSocket::close);
            closing.set(true);
            tearDown();
        }
    }

    private Lane start(IcmpSocket socket) {
        int number = lanes.indexOf(null);
        if (number < 0) {
            number = lanes.size();
            lanes.add(null);
        }
        Lane lane = new Lane(socket, number, wire, this);
        lanes.set(number, lane);
        openLanes++;
        lane.start(loop.watch(socket.fd(), lane));
        LOG.debug("{}: opened {}", name, socket);
        return lane;
    }

    private long nextNanos() {
        long next = Long.MAX_VALUE;
        for (LaneGroup group : groups.values()) {
            next = Math.min(next, group.nextNanos());
        }
        return next;
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
            if (requester != null) {
                takeSubmissions();
                groups.values().forEach(group -> group.closeFor(requester));
            }
            wire.remove(counters);
            done.countDown();
        });
        if (accepted && !loop.inLoop()) {
            await(done, CLOSE_MILLIS);
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

    /** Completes every request and releases everything; waits for that, bounded, unless called on the loop's thread. */
    public void close() {
        if (closing.compareAndSet(false, true)) {
            runOrIgnore(this::tearDown);
        }
        if (loop.inLoop()) {
            return;
        }
        if (await(tornDown, CLOSE_MILLIS)) {
            awaitThread();
        }
    }

    private boolean await(CountDownLatch latch, long millis) {
        try {
            if (latch.await(millis, TimeUnit.MILLISECONDS)) {
                return true;
            }
            LOG.warn("{}: close did not finish in {} ms; a listener may be blocking the loop", name, millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing goes on without us
        }
        return false;
    }

    private void awaitThread() {
        try {
            if (!loop.awaitEnd(CLOSE_MILLIS)) {
                LOG.warn("{}: the engine's thread did not end in {} ms", name, CLOSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tearDown() {
        if (tearingDown) {
            return;
        }
        tearingDown = true;
        completeAll(submitted.close());
        groups.values().forEach(group -> group.closeFor(null));
        for (Lane lane : List.copyOf(lanesOpen())) {
            lane.release();
        }
        finishIfReleased();
    }

    private List<Lane> lanesOpen() {
        List<Lane> open = new ArrayList<>();
        for (Lane lane : lanes) {
            if (lane != null) {
                open.add(lane);
            }
        }
        return open;
    }

    @Override
    public void released(Lane lane) {
        lanes.set(lanes.indexOf(lane), null);
        openLanes--;
        if (tearingDown) {
            finishIfReleased();
        } else if (!loopGoesOn(lane)) {
            closing.set(true);
            tearDown();
        }
    }

    /** A lane that nobody wanted to release means that the loop was shut down under us. */
    private boolean loopGoesOn(Lane lane) {
        for (LaneGroup group : groups.values()) {
            if (group.lanes().contains(lane)) {
                return false;
            }
        }
        return true;
    }

    private void finishIfReleased() {
        if (openLanes == 0 && tornDown.getCount() > 0) {
            wire.close();
            loop.shutdown();
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
