// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.NotSentReason;
import dev.netecho.engine.EchoQueue;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.PendingEcho;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes for one kind of packet, and the queue in front of them. A request waits here, outside of every time that is
 * reported, until a lane has a slot for it and room for its answer; when no lane has, another one is opened.
 *
 * <p>A lane makes way for one with a new identifier from time to time, and when every answer stays away that came
 * before: a NAT may hold on to a dead flow for as long as packets with the same identifier refresh it (SPEC MAT-5). The
 * old lane takes in the answers to what it has sent, and is then closed.
 */
final class LaneGroup {
    /** Enough for a million in flight, and for 60,000 a second into silence with the kernel's default buffer. */
    static final int MAX_LANES = 16;

    /** Loaded now: where no descriptor is left for a socket, none is left to read a class from a folder. */
    @SuppressWarnings("UnusedVariable")
    private static final List<Class<?>> FOR_REFUSALS =
            List.of(SystemCallException.class, Errno.class, NoMoreLanesException.class, SendRefusal.class);

    private static final Logger LOG = LoggerFactory.getLogger(LaneGroup.class);
    private static final long REOPEN_NANOS = 1_000_000_000L;

    /** SPEC OUT-4: less than any program takes to change an address and send. */
    private static final long REBIND_NANOS = 1_000_000;

    /** Opens one more lane. */
    interface LaneOpener {
        Lane open(LaneKey key) throws SystemCallException;
    }

    final LaneKey key;
    private final LaneOpener opener;
    private final Wire wire;
    private final int maxLanes;
    private final long identifierPeriodNanos;
    private final List<Lane> lanes = new ArrayList<>(MAX_LANES);

    /** They send no more. */
    private final List<Lane> retired = new ArrayList<>(MAX_LANES);

    private final EchoQueue nothing = new EchoQueue();
    private boolean renewalFailed;
    private long renewalFailedAt;
    private final EchoQueue queue = new EchoQueue();
    private long openFailedAt;
    private @Nullable Throwable openFailure;

    LaneGroup(LaneKey key, int maxLanes, long identifierPeriodNanos, Wire wire, LaneOpener opener) {
        this.key = key;
        this.maxLanes = maxLanes;
        this.identifierPeriodNanos = identifierPeriodNanos;
        this.wire = wire;
        this.opener = opener;
    }

    void add(Lane lane) {
        lanes.add(lane);
    }

    List<Lane> lanes() {
        return lanes;
    }

    void enqueue(PendingEcho echo) {
        queue.addLast(echo);
    }

    /** {@return whether nothing waits and nothing is in flight} */
    boolean isIdle() {
        return queue.isEmpty()
                && lanes.stream().allMatch(lane -> lane.slots.inUse() == 0)
                && retired.stream().allMatch(lane -> lane.slots.inUse() == 0);
    }

    /** Gives up all descriptors. */
    void release() {
        lanes.forEach(Lane::release);
        retired.forEach(Lane::release);
    }

    /** {@return whether anything moved in one turn, in which every lane sends a batch} */
    boolean turn() {
        boolean moved = false;
        for (int i = 0; i < lanes.size(); i++) { // an iterator would be an object for every turn
            moved |= lanes.get(i).turn(queue);
        }
        for (int i = 0; i < retired.size(); i++) {
            moved |= retired.get(i).turn(nothing);
        }
        if (!moved && !queue.isEmpty()) {
            moved = grow();
        }
        return moved;
    }

    /** No lane could take the head of the queue: opens another lane, waits, or refuses. */
    private boolean grow() {
        for (Lane lane : lanes) {
            if (lane.sender.isBlocked()) {
                return false; // the kernel asked to wait: more sockets would only push harder
            }
        }
        PendingEcho first = queue.peek();
        if (first != null && lanes.isEmpty() && isRemade(first.request())) {
            queue.poll();
            wire.submitAgain(first);
            return true;
        }
        if (lanes.size() < maxLanes && mayTryToOpen()) {
            try {
                lanes.add(opener.open(key));
                openFailure = null;
                return true;
            } catch (SystemCallException | RuntimeException | LinkageError e) {
                openFailure = e;
                openFailedAt = System.nanoTime();
            }
        }
        PendingEcho head = queue.peek();
        if (head == null) {
            return false;
        }
        if (lanes.isEmpty()
                && openFailure instanceof SystemCallException failure
                && wire.isWorthAnotherTry(head.request(), failure.errno())) {
            queue.poll();
            wire.submitAgain(head);
            return true;
        }
        if (lanes.isEmpty()) {
            refuseHead(head, openRefusal(head.request()));
            return true;
        }
        if (!head.request().payload().carriesToken() && lanes.stream().allMatch(lane -> lane.sender.isOutOfSlots())) {
            refuseHead(head, LaneSender.everySlotRests());
            return true;
        }
        return false;
    }

    /** {@return whether the source's interface has another index than {@link #key} says} */
    private boolean isRemade(EchoRequest request) {
        return LinkScopes.isRemade(
                key.boundSource(), request.source().map(wire.sources::of).orElse(null));
    }

    private void refuseHead(PendingEcho head, EchoOutcome.NotSent refusal) {
        queue.poll();
        wire.refused.forget(head);
        wire.complete(head, refusal);
    }

    private boolean mayTryToOpen() {
        return openFailure == null || System.nanoTime() - openFailedAt >= retryNanos(openFailure);
    }

    /** A shortage is waited out (SPEC PRO-4); the source, or the interface to bind to, may be there at any moment. */
    private static long retryNanos(Throwable failure) {
        int errno = failure instanceof SystemCallException refused ? refused.errno() : 0;
        return switch (errno) {
            case Errno.EADDRNOTAVAIL, Errno.ENODEV, Errno.EINVAL -> REBIND_NANOS;
            default -> REOPEN_NANOS;
        };
    }

    private EchoOutcome.NotSent openRefusal(EchoRequest request) {
        if (openFailure instanceof SystemCallException failure) {
            return SendRefusal.ofSocket(request, failure.call(), failure.errno(), wire.localAddresses);
        }
        NotSentReason reason =
                openFailure instanceof NoMoreLanesException ? NotSentReason.OVERLOADED : NotSentReason.OS_ERROR;
        return EchoOutcome.NotSent.because(reason, "no socket could be opened: " + openFailure);
    }

    void expire() {
        for (int i = 0; i < lanes.size(); i++) {
            Lane lane = lanes.get(i);
            lane.expire();
            if (lane.hasSentFor(identifierPeriodNanos) || lane.isSilenced()) {
                renew(i);
            }
        }
        for (int i = retired.size() - 1; i >= 0; i--) {
            Lane lane = retired.get(i);
            lane.expire();
            if (lane.isDrained(System.nanoTime())) {
                retired.remove(i); // first, so that nobody takes it for a lane in use
                lane.release();
            }
        }
    }

    /** What cannot be opened now is no loss: the lane goes on, and another attempt comes. */
    private void renew(int index) {
        if (retired.size() >= maxLanes || (renewalFailed && System.nanoTime() - renewalFailedAt < REOPEN_NANOS)) {
            return;
        }
        Lane old = lanes.get(index);
        try {
            Lane fresh = opener.open(key);
            fresh.succeed(old);
            lanes.set(index, fresh);
            retired.add(old);
            renewalFailed = false;
            LOG.debug("a new identifier: {} after {}", fresh.socket, old.socket);
        } catch (SystemCallException | RuntimeException | LinkageError e) { // a class that cannot be read, as in grow
            renewalFailed = true;
            renewalFailedAt = System.nanoTime();
            LOG.debug("no new identifier instead of {}", old.socket, e);
        }
    }

    /** {@return when the next turn is due though no packet arrives} */
    long nextNanos() {
        long next = Long.MAX_VALUE;
        for (int i = 0; i < lanes.size(); i++) {
            Lane lane = lanes.get(i);
            next = Math.min(next, lane.nextNanos());
            if (!queue.isEmpty()) {
                next = Math.min(next, lane.sender.nextNanos());
            }
        }
        for (int i = 0; i < retired.size(); i++) {
            next = Math.min(
                    next, Math.min(retired.get(i).nextNanos(), retired.get(i).drainedNanos()));
        }
        return next;
    }

    void fail() {
        for (PendingEcho echo = queue.poll(); echo != null; echo = queue.poll()) {
            wire.refused.forget(echo);
            wire.failed.add(echo);
        }
        for (int i = 0; i < lanes.size(); i++) {
            lanes.get(i).fail();
        }
        for (int i = 0; i < retired.size(); i++) {
            retired.get(i).fail();
        }
    }

    /** {@return how many requests are left in the queue, after dropping those that have their outcome} */
    int purge() {
        for (int left = queue.size(); left > 0; left--) {
            PendingEcho echo = Objects.requireNonNull(queue.poll());
            if (echo.isDone()) {
                wire.drop(echo);
            } else {
                queue.addLast(echo);
            }
        }
        return queue.size();
    }

    /** Takes out what waits and what is in flight, as far as it ends. */
    void collect(ClosedRequests closed) {
        for (int left = queue.size(); left > 0; left--) {
            PendingEcho echo = Objects.requireNonNull(queue.poll());
            if (closed.includes(echo)) {
                wire.refused.forget(echo);
                closed.addUnsent(echo);
            } else {
                queue.addLast(echo);
            }
        }
        for (int i = 0; i < lanes.size(); i++) {
            lanes.get(i).collect(closed);
        }
        for (int i = 0; i < retired.size(); i++) {
            retired.get(i).collect(closed);
        }
    }
}
