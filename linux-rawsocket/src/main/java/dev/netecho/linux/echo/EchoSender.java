// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.backend.EchoQueue;
import dev.netecho.backend.RefusedRequests;
import dev.netecho.backend.SendPace;
import dev.netecho.backend.SendTimes;
import dev.netecho.backend.SlotState;
import dev.netecho.backend.SlotTable;
import dev.netecho.backend.SubmissionStack;
import dev.netecho.linux.host.HostAddresses;
import dev.netecho.linux.host.LocalAddresses.Reach;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.KernelClock;
import dev.netecho.linux.socket.SendBatch;
import dev.netecho.linux.socket.SocketAddress;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.packet.EchoTokens;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.spi.PendingEcho;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests of a loop: from a queue into slots, a batch, and the kernel. It works on one socket at a time:
 * {@link #stage}, then {@link #send} until it says {@link Step#DONE}. Between two calls the caller reads the error
 * queue.
 */
final class EchoSender implements AutoCloseable {
    /** Far more than a packet alone needs from the call to its stamp. */
    private static final long SOON_NANOS = 100_000;

    /**
     * How often a send is tried again that failed with an error number which may be another host's (SPEC ERR-3),
     * although the error queue was empty: the kernel sets the number even when it has no room for the entry.
     */
    private static final int FOREIGN_RETRIES = 16;

    /**
     * After how many of them the kernel is asked whether it has a route. Its "no" ends the retries: where this host has
     * hundreds of addresses, each try makes it choose among them.
     */
    private static final int RETRIES_BEFORE_ROUTE = 2;

    /** How many errors of others are read between two sends that succeed, before the rest waits for the next turn. */
    private static final int FOREIGN_ERRORS = 64;

    /** How often a packet is sent again whose refusal has no cause any more, see {@link SendRefusal#mayHavePassed}. */
    private static final int PASSED_RETRIES = 2;

    private final Outcomes outcomes;
    private final SubmissionStack submitted;
    private final SendPace pace;
    private final HostAddresses addresses;
    private final EchoTokens tokens;
    private final SendBatch batch;
    private final SendTimes times = new SendTimes(SendBatch.CAPACITY);
    private final RefusedRequests refused = new RefusedRequests();
    private final int[] slots = new int[SendBatch.CAPACITY];

    /** The first packet of the batch that is not sent. */
    private int next;

    /** Of the next packet: the error number, which may be another request's, and how often one came. */
    private int errno;

    private int retries;
    private int passed;
    private int foreign;
    private int signals;

    /** A packet of this batch was set aside. */
    private boolean setAside;

    /** When the last call began and returned. */
    private long before;

    private long after;

    /** What the caller is to do now. */
    enum Step {
        /** Nothing more: what was not sent is back in the queue. */
        DONE,
        /** Drain the error queue, and report to {@link #foreignErrors}; then call {@link #send} again. */
        MAYBE_FOREIGN,
        /** Look for the stamp of departure, and report to {@link #departed}. */
        STAMPED
    }

    /**
     * {@code pace} is that of the one requester that has a bound; requesters without a bound share a pace without one.
     */
    EchoSender(Outcomes outcomes, SubmissionStack submitted, SendPace pace, HostAddresses addresses) {
        SecureRandom random = new SecureRandom();
        this.outcomes = outcomes;
        this.submitted = submitted;
        this.pace = pace;
        this.addresses = addresses;
        this.tokens = new EchoTokens(random.nextLong(), random.nextLong());
        this.batch = new SendBatch();
    }

    /** {@return when sending from a queue is to be tried again, if anything waits} */
    long nextNanos(EchoSocket to) {
        return to.gate.nextNanos(pace.nextNanos(), to.inFlight.windowNanos());
    }

    /**
     * {@return whether there is anything to send} Takes at most so many requests from the queue into slots and a batch,
     * as far as window, pace and slots allow.
     */
    boolean stage(EchoSocket to, EchoQueue queue, int most, long now) {
        next = 0;
        retries = 0;
        passed = 0;
        foreign = 0;
        signals = 0;
        setAside = false;
        to.gate.begin();
        long charged = 0;
        for (PendingEcho echo = queue.peek(); echo != null && batch.size() < most; echo = queue.peek()) {
            if (echo.isDone()) {
                queue.poll();
                drop(echo);
                continue;
            }
            EchoRequest request = echo.request();
            addresses.notice(now);
            SocketAddress source = addresses.source(request);
            if (addresses.isOutdated(to.socket.boundSource(), request, source)) {
                queue.poll();
                submitAgain(echo);
                break; // one at a time, so that they keep their order
            }
            Reach reach = addresses.reach(request, source, now);
            if (reach != Reach.BY_SOURCE) {
                // Otherwise those before it are sent first: listeners run outside of a batch.
                if (batch.size() == 0) {
                    EchoOutcome.NotSent refusal = SendRefusal.ofReach(request, reach);
                    queue.poll();
                    end(echo, refusal);
                }
                break;
            }
            int size = request.payload().size();
            int charge = ReceiveCost.ofPayload(size);
            to.gate.windowFull = !to.inFlight.admits(charged, charge);
            if (to.gate.windowFull
                    || !batch.accepts(IcmpEcho.HEADER_LENGTH + size)
                    || !switchFragmentation(to.socket, echo, queue)) {
                break;
            }
            to.gate.paced = !pace.take(now);
            if (to.gate.paced) {
                break;
            }
            int slot = to.inFlight.take(echo, request.payload().carriesToken(), now);
            if (slot == SlotTable.NONE) {
                pace.giveBack();
                to.gate.slotsFull = true;
                break;
            }
            queue.poll();
            charged += charge;
            encode(to, echo, slot, source);
        }
        return batch.size() > 0;
    }

    /** SPEC REQ-1. A raw socket has one mode for all its packets: it is switched between batches. */
    private boolean switchFragmentation(IcmpSocket socket, PendingEcho echo, EchoQueue queue) {
        if (socket.kind() == SocketKind.DATAGRAM) {
            return true;
        }
        boolean wanted = echo.request().options().dontFragment();
        if (wanted == socket.isDontFragment()) {
            return true;
        }
        if (batch.size() > 0) {
            return false;
        }
        try {
            socket.setDontFragment(wanted);
            return true;
        } catch (SystemCallException e) {
            EchoOutcome.NotSent refusal = refusal(socket, echo, e.call(), e.errno(), 0);
            queue.poll();
            end(echo, refusal);
            return false;
        }
    }

    /**
     * A datagram socket of IPv6 is bound to its source ({@link SocketKey#boundSource}), and ignores the source in the
     * control message. But the kernel checks that source with every packet. So a packet whose source was removed after
     * the bind is refused.
     */
    private void encode(EchoSocket to, PendingEcho echo, int slot, @Nullable SocketAddress source) {
        EchoRequest request = echo.request();
        IcmpSocket socket = to.socket;
        int length = IcmpEcho.HEADER_LENGTH + request.payload().size();
        long token = request.payload().carriesToken() ? tokens.next() : 0;
        to.inFlight.slots().describe(slot, token, request.destinationHigh(), request.destinationLow());
        echo.handle(to.handle(slot));
        int at = batch.packetOffset();
        IcmpEcho.putRequest(batch.buffer(), at, socket.version(), to.identifier(slot), slot & 0xffff);
        batch.putPayload(request.payload(), token);
        if (socket.kind() == SocketKind.RAW && socket.version() == IpVersion.V4) {
            batch.checksum(length);
        }
        slots[batch.size()] = slot;
        batch.stage(length, request, addresses.destinationScope(request), source);
    }

    /**
     * Hands over what was staged; what was not sent, and only that (SPEC REQ-6), goes back to the queue in the end, or
     * aside.
     */
    Step send(EchoSocket to, EchoQueue queue, EchoQueue aside) {
        int size = batch.size();
        // A single packet meets cold caches: the time before the call would be far from its departure. In a batch,
        // caches are warm, and stamps would cost a quarter of the rate (measured).
        boolean stamped = size == 1 && to.socket.stampsDepartures();
        if (stamped) {
            batch.askForDeparture();
        }
        while (next < size) {
            before = System.nanoTime();
            int result = batch.send(to.socket, next);
            after = System.nanoTime();
            if (result > 0 && stamped) {
                next = size;
                to.gate.opened();
                return Step.STAMPED;
            } else if (result > 0) {
                sent(to, result);
            } else if (result == -Errno.EAGAIN && (setAside || to.socket.hasRoomToSend())) {
                setAside(to, aside);
            } else if (result == -Errno.EAGAIN || result == -Errno.ENOBUFS) {
                noRoom(to, -result, queue);
                next = size;
            } else if (result != -Errno.EINTR || ++signals > FOREIGN_RETRIES) {
                errno = -result;
                if (to.socket.kind() == SocketKind.DATAGRAM && Errno.mayBeForeign(errno)) {
                    return Step.MAYBE_FOREIGN;
                }
                refuse(to, 0);
            }
        }
        withdrawUnsent(to, queue);
        return Step.DONE;
    }

    private void sent(EchoSocket to, int count) {
        times.call(before, after, count);
        for (int i = 0; i < count; i++) {
            sent(to, next + i, times.of(i), times.afterStart(i), after);
        }
        next += count;
        retries = 0;
        passed = 0;
        foreign = 0;
        to.gate.opened();
    }

    private void sent(EchoSocket to, int index, long departureNanos, int sinceCall, long latestNanos) {
        int slot = slots[index];
        refused.forget(to.inFlight.echo(slot));
        to.renewal.sent(departureNanos);
        to.inFlight.sent(slot, departureNanos, sinceCall, latestNanos);
    }

    /** {@return whether a packet of the last batch was set aside} */
    boolean hasSetAside() {
        return setAside;
    }

    /** {@return when the call began that handed over a packet alone} */
    long before() {
        return before;
    }

    /** {@return when that call returned} */
    long after() {
        return after;
    }

    /**
     * After {@link Step#STAMPED}: the packet is with the kernel.
     *
     * <p>SPEC TIM-3. A bridge that floods, a bond that broadcasts and iptables' TEE send copies. The stamp is that of
     * the last one, because skb_clone(9) drops the socket (measured: 300 to 600 us after the first of 200). So it is
     * believed alone only if it came soon.
     *
     * @param departure when it left, or {@link KernelClock#UNUSABLE}
     */
    void departed(EchoSocket to, long departure) {
        if (departure == KernelClock.UNUSABLE) {
            sent(to, 0, before, 0, after);
        } else {
            long sinceCall = Math.min(departure - before, Integer.MAX_VALUE);
            sent(to, 0, departure, sinceCall > SOON_NANOS ? (int) sinceCall : 0, departure);
        }
        batch.clear();
    }

    /**
     * After {@link Step#MAYBE_FOREIGN}, SPEC ERR-3: on a datagram socket with IP_RECVERR the ICMP error of one
     * destination makes the send to another fail. The queue is read until it is empty (each entry read arms the next),
     * then the same packet is tried again, because under a burst of errors the next one may have come in between. A
     * local EMSGSIZE that names this very destination is believed at once.
     *
     * @param entries how many entries the error queue had
     * @param localMtu what this host's kernel said in it
     */
    void foreignErrors(EchoSocket to, int entries, LocalMtu localMtu, EchoQueue queue) {
        if (errno == Errno.EMSGSIZE && localMtu.concerns(to.inFlight.slots(), slots[next])) {
            refuse(to, localMtu.mtu());
            return;
        }
        foreign += entries;
        retries = entries > 0 ? 0 : retries + 1;
        // A burst of errors says nothing about this packet: it waits, and so do those after it.
        if (foreign > FOREIGN_ERRORS) {
            next = batch.size();
        } else if (retries > FOREIGN_RETRIES || (retries == RETRIES_BEFORE_ROUTE && hasNoRoute(to))) {
            refuse(to, localMtu.mtu());
        }
    }

    /** {@return whether the next packet cannot be sent for lack of a route, which its error number says too} */
    private boolean hasNoRoute(EchoSocket to) {
        return (errno == Errno.ENETUNREACH || errno == Errno.EHOSTUNREACH)
                && addresses.lackRoute(to.inFlight.echo(slots[next]).request());
    }

    /** Ends the next packet's request, or has it tried again. */
    private void refuse(EchoSocket to, int mtu) {
        retries = 0;
        PendingEcho echo = to.inFlight.echo(slots[next]);
        to.interfaceLost |= to.socket.hasLostInterface();
        // Another socket, which is bound to the interface that has its name now, may send it, or says why none can.
        if (to.interfaceLost || addresses.isWorthAnotherTry(echo.request(), to.socket.boundSource(), errno)) {
            passed = 0;
            submitAgain(withdraw(to, next++));
            return;
        }
        EchoOutcome.NotSent refusal = refusal(to.socket, echo, SendRefusal.SENDING, errno, mtu);
        if (passed < PASSED_RETRIES && SendRefusal.mayHavePassed(echo.request(), refusal)) {
            passed++;
            addresses.local().askAgain();
            return; // it is still the next
        }
        passed = 0;
        end(withdraw(to, next++), refusal);
    }

    /** Made before the request leaves its slot or the queue: if making it fails, the request is found there. */
    private EchoOutcome.NotSent refusal(IcmpSocket socket, PendingEcho echo, String call, int error, int mtu) {
        boolean maybeDenied = error == Errno.EPERM || error == Errno.EACCES || error == Errno.ENOSYS;
        return maybeDenied && socket.deniedSending() == error
                ? SendRefusal.denied(echo.request(), call, error)
                : SendRefusal.of(echo.request(), call, error, mtu, addresses.local());
    }

    private void end(PendingEcho echo, EchoOutcome.NotSent refusal) {
        refused.forget(echo);
        outcomes.complete(echo, refusal);
    }

    /**
     * SPEC LOAD-3: the kernel has no room. That is not an outcome: what is left goes back into the queue. Only a
     * request for which there was no room during its own timeout is refused.
     */
    private void noRoom(EchoSocket to, int error, EchoQueue queue) {
        boolean full = error == Errno.EAGAIN;
        if (to.gate.shut(full, after)) {
            to.awaitWritable(true);
        }
        for (int i = batch.size() - 1; i > next; i--) {
            queue.addFirst(withdraw(to, i));
        }
        PendingEcho first = to.inFlight.echo(slots[next]);
        EchoOutcome.NotSent refusal =
                refused.isOverdue(first, after) ? refusal(to.socket, first, SendRefusal.SENDING, error, 0) : null;
        withdraw(to, next);
        if (refusal != null) {
            end(first, refusal);
        } else if (full) {
            queue.addFirst(first);
        } else {
            queue.addLast(first); // one destination's full queue must not hold up the others
        }
        if (to.gate.isSweepDue(after)) {
            refuseOverdue(to.socket, queue, error);
        }
    }

    /**
     * SPEC LOAD-3: EAGAIN while the socket has room is this destination's alone. IPsec says so, for one, where packets
     * wait for a security association (Linux, net/xfrm/xfrm_policy.c, xdst_queue_output). The others must not wait for
     * it.
     */
    private void setAside(EchoSocket to, EchoQueue aside) {
        setAside = true;
        int index = next++;
        PendingEcho echo = to.inFlight.echo(slots[index]);
        EchoOutcome.NotSent refusal = refused.isOverdue(echo, after) ? refusalOfWay(to.socket, echo) : null;
        withdraw(to, index);
        if (refusal != null) {
            end(echo, refusal);
        } else {
            aside.addLast(echo);
        }
    }

    private EchoOutcome.NotSent refusalOfWay(IcmpSocket socket, PendingEcho echo) {
        return socket.hasRoomToSend()
                ? SendRefusal.ofWay(echo.request(), Errno.EAGAIN)
                : refusal(socket, echo, SendRefusal.SENDING, Errno.EAGAIN, 0);
    }

    /** Nothing gets through: overdue requests in the queue are refused too, without trying each of them. */
    private void refuseOverdue(IcmpSocket socket, EchoQueue queue, int error) {
        refuseOverdue(socket, queue, queue.size(), error, after);
    }

    /** Looks at so many of the requests set aside, and refuses those that are overdue, without trying each of them. */
    void refuseOverdueAside(IcmpSocket socket, EchoQueue aside, int most, long now) {
        refuseOverdue(socket, aside, Math.min(most, aside.size()), 0, now);
    }

    /** {@code error} is 0 for requests that were set aside. */
    private void refuseOverdue(IcmpSocket socket, EchoQueue queue, int most, int error, long now) {
        for (int left = most; left > 0; left--) {
            PendingEcho overdue = queue.peek();
            if (overdue == null) {
                return; // another thread has closed the requester while a listener ran
            }
            EchoOutcome.NotSent refusal = null;
            if (refused.isOverdue(overdue, now)) {
                refusal = error == 0
                        ? refusalOfWay(socket, overdue)
                        : refusal(socket, overdue, SendRefusal.SENDING, error, 0);
            }
            queue.poll();
            if (refusal != null) {
                end(overdue, refusal);
            } else {
                queue.addLast(overdue);
            }
        }
    }

    private void withdrawUnsent(EchoSocket to, EchoQueue queue) {
        for (int i = batch.size() - 1; i >= 0; i--) {
            if (to.inFlight.slots().state(slots[i]) == SlotState.STAGED) {
                queue.addFirst(withdraw(to, i));
            }
        }
        batch.clear();
    }

    private PendingEcho withdraw(EchoSocket to, int index) {
        pace.giveBack();
        return to.inFlight.withdraw(slots[index]);
    }

    /** Takes a request that is in no slot and no queue and was not sent: it is served as if it were just submitted. */
    void submitAgain(PendingEcho echo) {
        if (echo.isDone()) {
            drop(echo);
        } else {
            echo.next(null);
            submitted.putBack(echo);
        }
    }

    /** Lets go of a request that was in a queue and has its outcome already. */
    void drop(PendingEcho echo) {
        refused.forget(echo);
        echo.letGo();
    }

    /** Forgets that there was no room for a request, which is over. */
    void forget(PendingEcho echo) {
        refused.forget(echo);
    }

    /** Forgets the batch at hand: everything outstanding has failed. */
    void abandon() {
        batch.clear();
        refused.clear();
    }

    @Override
    public void close() {
        batch.close();
    }
}
