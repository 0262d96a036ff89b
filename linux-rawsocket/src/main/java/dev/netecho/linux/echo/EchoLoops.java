// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.backend.SendPace;
import dev.netecho.linux.loop.EventLoopSource;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.EchoCounters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Opens event loops, and closes them. */
public final class EchoLoops {
    /**
     * How long a close leaves its requests to the loop before another thread takes them, and how often it checks
     * progress.
     */
    private static final long PATIENCE_NANOS = 20_000_000;

    /** Listeners that a close calls may block too: each of these threads replaces a blocked one. */
    private static final int MAX_HELPERS = 512;

    /** Loaded now: an opening that fails for lack of descriptors cannot read a class from a folder to close. */
    @SuppressWarnings("UnusedVariable")
    private static final List<Class<?>> FOR_CLOSE = List.of(CloseWait.class, Closing.class, LoopWatch.class);

    private EchoLoops() {}

    /**
     * Opens the sockets of both families, as far as the system allows, and starts the loop.
     *
     * @param name the prefix of the thread's name and of log lines
     * @param kind datagram or raw
     * @param settings what the operator chose for the sockets
     * @param source where the event loop comes from
     * @param pace how fast to send
     * @return the loop
     * @throws SystemCallException if neither family can be used: the reason of IPv4; or if the system refuses what the
     *     loop needs
     */
    public static EchoLoop open(
            String name, SocketKind kind, SocketSettings settings, EventLoopSource source, SendPace pace)
            throws SystemCallException {
        FamilySockets families = FamilySockets.open(name, kind, settings);
        EchoLoop loop;
        try {
            loop = new EchoLoop(name, kind, settings, families, source, pace);
        } catch (SystemCallException | RuntimeException | Error e) {
            families.sockets().values().forEach(IcmpSocket::close);
            throw e;
        }
        try {
            LoopWatch.add(loop.state());
            loop.awaitStart();
        } catch (SystemCallException | RuntimeException | Error e) {
            close(List.of(loop), new CloseWait());
            // A loop that failed to start may have ended before it was added.
            LoopWatch.remove(loop.state());
            throw e;
        }
        return loop;
    }

    /**
     * Completes every request and releases everything (SPEC END-2); waits for that, bounded, unless called on a thread
     * that completes requests of one of the loops, because another may wait for it.
     *
     * @param loops what to close
     * @param wait how long to wait
     */
    public static void close(List<EchoLoop> loops, CloseWait wait) {
        List<LoopClosing> closings = loops.stream().map(EchoLoop::closing).toList();
        closings.forEach(LoopClosing::begin);
        if (closings.stream().anyMatch(LoopClosing::isDelivering)) {
            return;
        }
        awaitEnd(closings.stream().map(each -> new Closing(each, each.all())).toList(), wait);
        for (LoopClosing closing : closings) {
            if (!closing.awaitRelease(wait)) {
                return;
            }
        }
    }

    /**
     * Completes the requests of one requester and stops counting for it; the sockets stay open for the others.
     *
     * @param loop the loop
     * @param requester its counters
     * @param wait how long to wait for that, unless called on a thread that completes requests
     */
    public static void leave(EchoLoop loop, EchoCounters requester, CloseWait wait) {
        try {
            ClosedRequests leaving = new ClosedRequests(requester);
            loop.closing().endRequests(leaving);
            if (!loop.closing().isDelivering()) {
                awaitEnd(List.of(new Closing(loop.closing(), leaving)), wait);
            }
        } finally {
            loop.remove(requester);
        }
    }

    /**
     * Waits until the requests are ended. While nothing moves, a listener blocks a thread, and another takes its place.
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
            // No other thread would; closing continues without the caller.
            closings.forEach(closing -> closing.help(0));
            Thread.currentThread().interrupt();
        }
    }

    /** One loop that a close waits for. */
    private static final class Closing {
        private final LoopClosing loop;
        private final ClosedRequests closed;
        private long seen;
        private int started;
        private final List<Thread> helpers = new ArrayList<>();

        Closing(LoopClosing loop, ClosedRequests closed) {
            this.loop = loop;
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

        /** If no thread can be made, the caller delivers; it gives up if every delivery fails for this long. */
        void help(long nanos) {
            if (!closed.isCollected() && !loop.tryCollect(closed, PATIENCE_NANOS)) {
                return;
            }
            long progress = closed.progress();
            // Each of the last ones has taken one request, and is blocked: as many as there are take their place.
            boolean blocked = progress - seen <= started;
            started = blocked ? Math.min(Math.max(1, helpers.size()), MAX_HELPERS - helpers.size()) : 0;
            for (int i = 0; i < started; i++) {
                startHelper(nanos);
            }
            seen = progress;
        }

        private void startHelper(long nanos) {
            try {
                Thread helper = new Thread(null, () -> loop.deliver(closed), loop.name() + "-close", 0, false);
                helper.setDaemon(true);
                helper.setContextClassLoader(null);
                helpers.add(helper);
                helper.start();
            } catch (OutOfMemoryError e) { // or no thread is left: late is better than never
                loop.deliver(closed, nanos);
            }
        }

        /** They end at once unless a listener blocks them. */
        void joinHelpers(CloseWait wait) throws InterruptedException {
            for (Thread helper : helpers) {
                helper.join(1 + TimeUnit.NANOSECONDS.toMillis(wait.nanosLeft()));
            }
        }
    }
}
