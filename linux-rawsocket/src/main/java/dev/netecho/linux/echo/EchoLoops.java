// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.backend.ClosedRequests;
import dev.netecho.backend.SendPace;
import dev.netecho.linux.loop.EventLoopSource;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.EchoCounters;
import java.util.List;

/** Opens event loops, and closes them. */
public final class EchoLoops {
    /** How long a close waits for one of several loops, before it looks at the next. */
    private static final long TURN_NANOS = 20_000_000;

    /** Loaded now: an opening that fails for lack of descriptors cannot read a class from a folder to close. */
    @SuppressWarnings("UnusedVariable")
    private static final List<Class<?>> FOR_CLOSE = List.of(CloseWait.class, LoopWatch.class);

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
        boolean over;
        do {
            over = true;
            for (LoopClosing closing : closings) {
                over &= closing.await(closing.all(), Math.min(TURN_NANOS, wait.nanosLeft()));
            }
        } while (!over && !wait.isOver() && !Thread.currentThread().isInterrupted());
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
            ClosedRequests leaving = loop.closing().all().of(requester);
            loop.closing().endRequests(leaving);
            if (!loop.closing().isDelivering()) {
                loop.closing().await(leaving, wait.nanosLeft());
            }
        } finally {
            loop.remove(requester);
        }
    }
}
