// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.engine.EchoQueue;
import dev.netecho.engine.SendTimes;
import dev.netecho.engine.SlotState;
import dev.netecho.engine.SlotTable;
import dev.netecho.linux.lane.LocalAddresses.Reach;
import dev.netecho.linux.lane.LocalAddresses.Standing;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.KernelClock;
import dev.netecho.linux.socket.SendBatch;
import dev.netecho.linux.socket.SocketAddress;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.spi.PendingEcho;
import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The way out of a lane: from the queue into slots, a batch, and the kernel. */
final class LaneSender {
    /**
     * How often a send is tried again that failed with an error number which may be another host's (SPEC ERR-3),
     * although the error queue was empty: the kernel sets the number even when it has no room for the entry.
     */
    private static final int FOREIGN_RETRIES = 16;

    /** How many errors of others are read between two sends that succeed, before the rest waits for the next turn. */
    private static final int FOREIGN_ERRORS = 64;

    private static final int OWN = -1;

    /** A queue that dropped the packet (ENOBUFS) never signals that there is room: only trying again tells. */
    private static final long DROPPED_RETRY_NANOS = 1_000_000;

    /** EPOLLOUT follows a full send buffer (EAGAIN); the timer is for the case that it was missed. */
    private static final long FULL_RETRY_NANOS = 20_000_000;

    /** So often in a row EPOLLOUT is believed that EAGAIN follows: a system that says both would keep us busy. */
    private static final int FULL_IN_VAIN = 16;

    private final Lane lane;
    private final int number;
    private final Wire wire;
    private final SendTimes times = new SendTimes(SendBatch.CAPACITY);
    private final int[] stagedSlots = new int[SendBatch.CAPACITY];
    private long waitUntil;
    private long refusedSince;
    private long sweptAt;
    private int fullInVain;

    /** The kernel had no room when it was last asked. */
    private boolean refused;

    /** It is not asked again before {@link #waitUntil}. */
    private boolean waiting;

    private boolean windowFull;
    private boolean paced;
    private boolean slotsFull;
    private boolean answersExpected;

    LaneSender(Lane lane, int number, Wire wire) {
        this.lane = lane;
        this.number = number;
        this.wire = wire;
    }

    /** {@return whether the kernel, or the requester's pace, has asked to wait} */
    boolean isBlocked() {
        return waiting || paced;
    }

    /** {@return whether the last {@link #send} stopped because no slot was to be had} */
    boolean isOutOfSlots() {
        return slotsFull;
    }

    /** {@return when sending is to be tried again, if the queue is not empty} */
    long nextNanos() {
        return waiting
                ? waitUntil
                : paced ? wire.pace.nextNanos() : windowFull ? lane.window.nextNanos() : Long.MAX_VALUE;
    }

    void writable() {
        waitUntil = System.nanoTime();
        lane.awaitWritable(false);
    }

    /**
     * {@return whether anything left the queue, or was tried} Sends one batch from it, as far as window, slots and
     * kernel allow.
     */
    boolean send(EchoQueue queue) {
        long now = System.nanoTime();
        if (waiting && waitUntil - now > 0) {
            return false;
        }
        waiting = false;
        // Received first: it frees slots and window, and costs less than it saves (fewer wake-ups, no overflow).
        lane.receiver.receive();
        lane.advanceWindow(now);
        lane.noticeEarlierDrops(now);
        int before = queue.size();
        stage(queue, now);
        if (wire.send.size() == 0) {
            return queue.size() < before; // what was cancelled or refused made way for the next
        }
        flush(queue);
        // What was not sent, and only that (SPEC REQ-6), goes back.
        for (int i = wire.send.size() - 1; i >= 0; i--) {
            if (lane.slots.state(stagedSlots[i]) == SlotState.STAGED) {
                queue.addFirst(withdraw(i));
            }
        }
        wire.send.clear();
        answersExpected = true;
        return true;
    }

    /**
     * After sending, or where nobody tells of answers: looks for them before the loop goes to sleep; on loopback they
     * are there already.
     */
    boolean receiveAnswers() {
        if (!answersExpected && !lane.isUnwatched()) {
            return false;
        }
        answersExpected = lane.receiver.receive() > 0;
        return answersExpected;
    }

    private void stage(EchoQueue queue, long now) {
        windowFull = false;
        slotsFull = false;
        paced = false;
        long charged = 0;
        for (PendingEcho echo = queue.peek(); echo != null; echo = queue.peek()) {
            if (echo.isDone()) {
                queue.poll();
                wire.drop(echo);
                continue;
            }
            EchoRequest request = echo.request();
            int size = request.payload().size();
            if (request.version() == IpVersion.V6) {
                wire.noticeChanges(now);
            }
            SocketAddress source = controlSource(request);
            if (LinkScopes.isRemade(lane.socket.boundSource(), source) && hasSource(request)) {
                queue.poll();
                wire.submitAgain(echo);
                return; // one at a time, so that they keep their order
            }
            Reach reach = request.version() == IpVersion.V4
                    ? Reach.BY_SOURCE
                    : wire.localAddresses.reach(source, request, now);
            if (reach != Reach.BY_SOURCE) {
                if (wire.send.size() == 0) { // else those before it go first: listeners run outside of a batch
                    EchoOutcome.NotSent refusal = SendRefusal.ofReach(request, reach);
                    queue.poll();
                    end(echo, refusal);
                }
                return;
            }
            wire.receive.expect(IcmpEcho.HEADER_LENGTH + size);
            int charge = ReceiveCost.ofPayload(size);
            windowFull = !lane.window.admits(charged, charge);
            if (windowFull || !wire.send.accepts(IcmpEcho.HEADER_LENGTH + size) || !switchFragmentation(echo, queue)) {
                return;
            }
            paced = !wire.pace.take(now);
            if (paced) {
                return;
            }
            int slot = lane.take(echo, request.payload().carriesToken(), now);
            if (slot == SlotTable.NONE) {
                wire.pace.giveBack();
                slotsFull = true;
                return;
            }
            queue.poll();
            charged += charge;
            encode(echo, slot, source);
        }
    }

    /** SPEC REQ-1. A raw socket has one mode for all its packets: it is switched between batches. */
    private boolean switchFragmentation(PendingEcho echo, EchoQueue queue) {
        if (lane.socket.kind() == SocketKind.DATAGRAM) {
            return true;
        }
        boolean wanted = echo.request().options().dontFragment();
        if (wanted == lane.socket.isDontFragment()) {
            return true;
        }
        if (wire.send.size() > 0) {
            return false;
        }
        try {
            lane.socket.setDontFragment(wanted);
            return true;
        } catch (SystemCallException e) {
            EchoOutcome.NotSent refusal = refusal(echo, e.call(), e.errno(), 0);
            queue.poll();
            end(echo, refusal);
            return false;
        }
    }

    private void encode(PendingEcho echo, int slot, @Nullable SocketAddress source) {
        EchoRequest request = echo.request();
        IcmpSocket socket = lane.socket;
        SendBatch batch = wire.send;
        int length = IcmpEcho.HEADER_LENGTH + request.payload().size();
        long token = request.payload().carriesToken() ? wire.tokens.next() : 0;
        lane.slots.describe(slot, token, request.destinationHigh(), request.destinationLow());
        echo.handle(number << Lane.SLOT_BITS | slot);
        int at = batch.packetOffset();
        IcmpEcho.putRequest(batch.buffer(), at, socket.version(), socket.identifier() + (slot >>> 16), slot & 0xffff);
        batch.putPayload(request.payload(), token);
        if (socket.kind() == SocketKind.RAW && socket.version() == IpVersion.V4) {
            batch.checksum(length);
        }
        stagedSlots[batch.size()] = slot;
        batch.stage(length, request, wire.scopes.ofDestination(request), source);
    }

    /**
     * A datagram socket of IPv6 is bound to its source, and ignores the one of the control message; but the kernel
     * checks that one with every packet, so that a source which was taken away since the bind is refused and does not
     * leave.
     */
    private @Nullable SocketAddress controlSource(EchoRequest request) {
        InetAddress source = request.source().orElse(null);
        return source == null ? null : wire.sources.of(source);
    }

    /** While the new interface lacks the address, a request that is not due yet waits here, and is not refused. */
    private boolean hasSource(EchoRequest request) {
        return wire.localAddresses.of(request.source().orElseThrow()) == Standing.LOCAL;
    }

    private void flush(EchoQueue queue) {
        int size = wire.send.size();
        int retries = 0;
        int foreign = 0;
        int signals = 0;
        int from = 0;
        // Alone on its way, a packet goes through cold caches: the time before the call would be far from that of its
        // departure. In a batch the stamps would cost a quarter of the rate (measured), and their packets go through
        // warm ones.
        boolean stamped = size == 1 && lane.socket.stampsDepartures();
        if (stamped) {
            wire.send.askForDeparture();
        }
        while (from < size) {
            long before = System.nanoTime();
            int result = wire.send.send(lane.socket, from);
            long after = System.nanoTime();
            if (result > 0) {
                if (stamped) {
                    sentAlone(before, after);
                } else {
                    sent(from, result, before, after);
                }
                from += result;
                retries = 0;
                foreign = 0;
                fullInVain = 0;
                refused = false;
            } else if (result == -Errno.EAGAIN || result == -Errno.ENOBUFS) {
                block(from, size, -result, queue, after);
                return;
            } else if (result != -Errno.EINTR || ++signals > FOREIGN_RETRIES) {
                wire.localMtu = 0;
                int entries = entriesOfOthers(-result, from);
                foreign += Math.max(0, entries);
                retries = entries > 0 ? 0 : retries + 1;
                if (foreign > FOREIGN_ERRORS) {
                    return; // a burst of errors says nothing of this packet: it goes back, and those behind it
                }
                if (entries == OWN || retries > FOREIGN_RETRIES) {
                    refuse(from, -result);
                    from++;
                    retries = 0;
                }
            }
        }
    }

    /**
     * SPEC ERR-3: on a datagram socket with IP_RECVERR the ICMP error of one destination makes the send to another
     * fail. The queue is read until it is empty (each entry read arms the next), then the same packet is tried again,
     * because under a burst of errors the next one may have come in between. A local EMSGSIZE that names this very
     * destination is believed at once.
     *
     * @return how many errors of others were in the queue, or {@link #OWN} if this one is the packet's own
     */
    private int entriesOfOthers(int errno, int index) {
        if (lane.socket.kind() != SocketKind.DATAGRAM || !IcmpSocket.mayBeForeign(errno)) {
            return OWN;
        }
        int entries = lane.receiver.drainErrors();
        boolean own = errno == Errno.EMSGSIZE
                && wire.localMtu > 0
                && lane.slots.isDestination(stagedSlots[index], wire.localMtuHigh, wire.localMtuLow);
        return own ? OWN : entries;
    }

    private void sent(int from, int count, long before, long after) {
        times.call(before, after, count);
        for (int i = 0; i < count; i++) {
            sent(from + i, times.of(i), times.afterStart(i), after);
        }
    }

    /**
     * An ICMP error that came with the stamp is taken in last: it may be that of this very packet, which is not "sent"
     * before.
     */
    private void sentAlone(long before, long after) {
        int entries = lane.receiver.readErrors();
        try {
            long departure = lane.receiver.departure(entries, before, after);
            if (departure == KernelClock.UNUSABLE) {
                sent(0, before, 0, after);
            } else {
                sent(0, departure, 0, departure);
            }
        } finally {
            lane.receiver.acceptErrors(entries);
        }
    }

    private void sent(int index, long departureNanos, int sinceCall, long latestNanos) {
        PendingEcho echo = echo(index);
        wire.refused.forget(echo);
        lane.sent(stagedSlots[index], echo, departureNanos, sinceCall, latestNanos);
    }

    private void refuse(int index, int errno) {
        EchoRequest request = echo(index).request();
        if (LinkScopes.isRemade(lane.socket.boundSource(), controlSource(request))
                || wire.isWorthAnotherTry(request, errno)) {
            wire.submitAgain(withdraw(index));
            return;
        }
        EchoOutcome.NotSent refusal = refusal(echo(index), SendRefusal.SENDING, errno, wire.localMtu);
        end(withdraw(index), refusal);
    }

    /** Made before the request leaves its slot or the queue: what has failed is looked for there. */
    private EchoOutcome.NotSent refusal(PendingEcho echo, String call, int errno, int mtu) {
        boolean maybeDenied = errno == Errno.EPERM || errno == Errno.EACCES || errno == Errno.ENOSYS;
        return maybeDenied && lane.socket.deniedSending() == errno
                ? SendRefusal.denied(echo.request(), call, errno)
                : SendRefusal.of(echo.request(), call, errno, mtu, wire.localAddresses);
    }

    private void end(PendingEcho echo, EchoOutcome.NotSent refusal) {
        wire.refused.forget(echo);
        wire.complete(echo, refusal);
    }

    /**
     * SPEC LOAD-3: the kernel has no room: what is left goes back to where it came from, and is no outcome. Only a
     * request for which there was no room during its own timeout is given up.
     */
    private void block(int from, int size, int errno, EchoQueue queue, long now) {
        if (!refused) {
            refusedSince = now;
            refused = true;
        }
        waiting = true;
        boolean full = errno == Errno.EAGAIN;
        fullInVain = full ? fullInVain + 1 : 0;
        boolean told = full && fullInVain <= FULL_IN_VAIN;
        waitUntil = now + (told ? FULL_RETRY_NANOS : DROPPED_RETRY_NANOS);
        if (told) {
            lane.awaitWritable(true);
        }
        for (int i = size - 1; i > from; i--) {
            queue.addFirst(withdraw(i));
        }
        EchoOutcome.NotSent refusal =
                wire.refused.isGivenUp(echo(from), now) ? refusal(echo(from), SendRefusal.SENDING, errno, 0) : null;
        PendingEcho first = withdraw(from);
        if (refusal != null) {
            end(first, refusal);
        } else if (full) {
            queue.addFirst(first);
        } else {
            queue.addLast(first); // one destination's full queue must not hold up the others
        }
        if (now - refusedSince > FULL_RETRY_NANOS && now - sweptAt > FULL_RETRY_NANOS) {
            sweptAt = now;
            giveUpOverdue(queue, errno, now);
        }
    }

    /** Nothing at all gets through: whoever waits in the queue is refused as well, without being tried one by one. */
    private void giveUpOverdue(EchoQueue queue, int errno, long now) {
        for (int left = queue.size(); left > 0; left--) {
            PendingEcho overdue = queue.peek();
            if (overdue == null) {
                return; // another thread has closed the requester while a listener ran
            }
            EchoOutcome.NotSent refusal =
                    wire.refused.isGivenUp(overdue, now) ? refusal(overdue, SendRefusal.SENDING, errno, 0) : null;
            queue.poll();
            if (refusal != null) {
                end(overdue, refusal);
            } else {
                queue.addLast(overdue);
            }
        }
    }

    /** {@return the request behind a staged packet, which keeps its slot until it is sent or withdrawn} */
    private PendingEcho echo(int index) {
        return Objects.requireNonNull(lane.slots.pending(stagedSlots[index]));
    }

    /** Takes a request out of its slot that was not sent. */
    private PendingEcho withdraw(int index) {
        int slot = stagedSlots[index];
        PendingEcho echo = Objects.requireNonNull(lane.slots.pending(slot));
        echo.handle(-1);
        wire.pace.giveBack();
        lane.slots.free(slot, SlotState.FREE, true, System.nanoTime());
        return echo;
    }

    /** {@return the outcome of a request without a token for which every slot of every lane still rests} */
    static EchoOutcome.NotSent everySlotRests() {
        return EchoOutcome.NotSent.because(
                NotSentReason.OVERLOADED,
                "too many requests without a token within a minute: their sequence numbers must rest, so that no late"
                        + " answer is credited wrongly; use EchoPayload.ofSize(8) or larger");
    }
}
