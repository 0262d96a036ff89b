// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.NotSentReason;
import dev.netecho.backend.EchoQueue;
import dev.netecho.linux.echo.EchoSender.Step;
import dev.netecho.linux.host.HostAddresses;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.PendingEcho;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The queue of one kind of packet, and the sockets that it is sent by. A request waits here, outside of every reported
 * time, until a socket has a slot for it and room for its answer; when none has, the loop adds another socket.
 *
 * <p>A socket is replaced by one with a new identifier from time to time, and when hosts that had answered all fall
 * silent: a NAT may hold on to a dead flow for as long as packets with the same identifier refresh it (SPEC MAT-5). The
 * old socket receives the answers to what it has sent, and is then closed.
 */
final class SendQueue {
    /** Enough for a million in flight, and for 60,000 a second into silence with the kernel's default buffer. */
    static final int MAX_SOCKETS = 16;

    /** Loaded now: where no descriptor is left for a socket, none is left to read a class from a folder. */
    @SuppressWarnings("UnusedVariable")
    private static final List<Class<?>> FOR_REFUSALS =
            List.of(SystemCallException.class, Errno.class, NoMoreSocketsException.class, SendRefusal.class);

    private static final long REOPEN_NANOS = 1_000_000_000L;

    /** SPEC OUT-4: less than any program takes to change an address and send. */
    private static final long REBIND_NANOS = 1_000_000;

    final SocketKey key;
    private final int maxSockets;
    private final EchoSender sender;
    private final EchoReceiver receiver;
    private final Timeouts timeouts;
    private final HostAddresses addresses;
    private final Outcomes outcomes;
    private final EchoQueue waiting = new EchoQueue();
    private final List<EchoSocket> sockets = new ArrayList<>(MAX_SOCKETS);

    /** They send no more. */
    private final List<EchoSocket> retired = new ArrayList<>(MAX_SOCKETS);

    private boolean renewalFailed;
    private long renewalFailedAt;
    private long openFailedAt;
    private @Nullable Throwable openFailure;

    SendQueue(
            SocketKey key,
            int maxSockets,
            EchoSender sender,
            EchoReceiver receiver,
            Timeouts timeouts,
            HostAddresses addresses,
            Outcomes outcomes) {
        this.key = key;
        this.maxSockets = maxSockets;
        this.sender = sender;
        this.receiver = receiver;
        this.timeouts = timeouts;
        this.addresses = addresses;
        this.outcomes = outcomes;
    }

    /** Adds a socket, which was opened for {@link #key}. */
    void add(EchoSocket socket) {
        sockets.add(socket);
        openFailure = null;
    }

    /** {@return whether a socket sends for this queue; one that was replaced does not} */
    boolean has(EchoSocket socket) {
        return sockets.contains(socket);
    }

    void enqueue(PendingEcho echo) {
        receiver.expect(echo.request());
        waiting.addLast(echo);
    }

    /** {@return whether nothing waits and nothing is in flight} */
    boolean isIdle() {
        return waiting.isEmpty()
                && sockets.stream().allMatch(socket -> socket.inFlight.isEmpty())
                && retired.stream().allMatch(socket -> socket.inFlight.isEmpty());
    }

    /** Releases all descriptors. */
    void release() {
        sockets.forEach(EchoSocket::release);
        retired.forEach(EchoSocket::release);
    }

    /** {@return whether anything moved in one turn, in which every socket sends a batch} */
    boolean turn() {
        boolean moved = false;
        for (int i = 0; i < sockets.size(); i++) { // an iterator would be an object for every turn
            EchoSocket socket = sockets.get(i);
            boolean did = waiting.isEmpty() ? receiveAnswers(socket) : send(socket);
            socket.turned(did);
            moved |= did;
            if (socket.interfaceLost) {
                sockets.remove(i--);
                retired.add(socket);
                socket.renewal.retire(System.nanoTime());
            }
        }
        for (int i = 0; i < retired.size(); i++) {
            EchoSocket socket = retired.get(i);
            boolean did = receiveAnswers(socket);
            socket.turned(did);
            moved |= did;
        }
        return moved;
    }

    /**
     * {@return whether anything left the queue, or was tried} Sends one batch from it, as far as window, slots and
     * kernel allow.
     */
    private boolean send(EchoSocket by) {
        long now = System.nanoTime();
        if (by.gate.isShut(now)) {
            return false;
        }
        // Received first: it frees slots and window, and costs less than it saves (fewer wake-ups, no overflow).
        receiver.receive(by);
        by.inFlight.advanceWindow(now, by.weighing.capacity());
        by.drops.noticeBeforeSending(now);
        int before = waiting.size();
        if (!sender.stage(by, waiting, now)) {
            return waiting.size() < before; // what was cancelled or refused made way for the next
        }
        Step step = sender.send(by, waiting);
        while (step == Step.MAYBE_FOREIGN) {
            LocalMtu localMtu = receiver.answers.localMtu();
            localMtu.clear();
            int entries = receiver.drainErrors(by);
            sender.foreignErrors(by, entries, localMtu, waiting);
            step = sender.send(by, waiting);
        }
        if (step == Step.STAMPED) {
            departed(by);
        }
        by.reading.answersExpected = true;
        return true;
    }

    /**
     * An ICMP error that came with the stamp is taken in last: it may be that of this very packet, which is not "sent"
     * before.
     */
    private void departed(EchoSocket by) {
        int entries = receiver.readErrors(by);
        try {
            sender.departed(by, receiver.departure(entries, sender.before(), sender.after()));
        } finally {
            receiver.acceptErrors(by, entries);
        }
    }

    /**
     * Looks for answers before the loop sleeps: after sending, because on loopback they are there already, or while the
     * socket is not watched.
     */
    private boolean receiveAnswers(EchoSocket by) {
        if (!by.reading.answersExpected && !by.isUnwatched()) {
            return false;
        }
        by.reading.answersExpected = receiver.receive(by) > 0;
        return by.reading.answersExpected;
    }

    /**
     * {@return whether the head waits although neither kernel nor pace has asked it to} Then one more socket may help;
     * if there can be none, see {@link #removeStuckHead}.
     */
    boolean isStuck() {
        if (waiting.isEmpty()) {
            return false;
        }
        for (int i = 0; i < sockets.size(); i++) {
            if (sockets.get(i).gate.isBlocked()) {
                return false; // the kernel asked to wait: more sockets would not help
            }
        }
        return true;
    }

    /** {@return whether one more socket may be opened now} */
    boolean mayGrow() {
        PendingEcho head = waiting.peek();
        boolean outdated = head != null && sockets.isEmpty() && addresses.isRemade(key.boundSource(), head.request());
        boolean wait = openFailure != null && System.nanoTime() - openFailedAt < retryNanos(openFailure);
        return !outdated && !wait && sockets.size() < maxSockets;
    }

    /** No socket could be opened. */
    void failedToGrow(Throwable cause) {
        openFailure = cause;
        openFailedAt = System.nanoTime();
    }

    /** {@return whether the head was removed, because there can be no socket for it} */
    boolean removeStuckHead() {
        PendingEcho head = waiting.peek();
        if (head == null) {
            return false;
        }
        if (sockets.isEmpty()) {
            int errno = openFailure instanceof SystemCallException failure ? failure.errno() : 0;
            if (addresses.isWorthAnotherTry(head.request(), key.boundSource(), errno)) {
                waiting.poll();
                sender.submitAgain(head);
            } else {
                refuseHead(head, openRefusal(head.request()));
            }
            return true;
        }
        if (!head.request().payload().carriesToken() && sockets.stream().allMatch(socket -> socket.gate.slotsFull)) {
            refuseHead(head, everySlotRests());
            return true;
        }
        return false;
    }

    private void refuseHead(PendingEcho head, EchoOutcome.NotSent refusal) {
        waiting.poll();
        sender.forget(head);
        outcomes.complete(head, refusal);
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
            return SendRefusal.ofSocket(request, failure.call(), failure.errno(), addresses.local());
        }
        NotSentReason reason =
                openFailure instanceof NoMoreSocketsException ? NotSentReason.OVERLOADED : NotSentReason.OS_ERROR;
        return EchoOutcome.NotSent.because(reason, "no socket could be opened: " + openFailure);
    }

    /**
     * {@return the outcome of a request without a token for which every slot of every socket must stay unused for now}
     */
    private static EchoOutcome.NotSent everySlotRests() {
        return EchoOutcome.NotSent.because(
                NotSentReason.OVERLOADED,
                "too many requests without a token within a minute: their sequence numbers are not used again for a"
                        + " minute, so that no late answer counts for another request; use EchoPayload.ofSize(8) or"
                        + " larger");
    }

    /** Times out what is due, and closes old sockets that have nothing in flight any more. */
    void expire() {
        for (int i = 0; i < sockets.size(); i++) {
            timeouts.expire(sockets.get(i));
        }
        for (int i = retired.size() - 1; i >= 0; i--) {
            EchoSocket socket = retired.get(i);
            timeouts.expire(socket);
            if (socket.isDrained(System.nanoTime())) {
                retired.remove(i); // first, so that it does not count as a socket in use
                socket.release();
            }
        }
    }

    /**
     * {@return a socket that is to be replaced by one with a new identifier; null if there is none, or if that failed
     * lately}
     */
    @Nullable
    EchoSocket dueForRenewal(long identifierPeriodNanos) {
        if (retired.size() >= maxSockets || (renewalFailed && System.nanoTime() - renewalFailedAt < REOPEN_NANOS)) {
            return null;
        }
        for (int i = 0; i < sockets.size(); i++) {
            if (sockets.get(i).renewal.isDue(identifierPeriodNanos)) {
                return sockets.get(i);
            }
        }
        return null;
    }

    /** Sends by a socket that has just been opened, and no longer by an old one. */
    void replace(EchoSocket old, EchoSocket fresh) {
        fresh.renewal.replace(old.renewal);
        sockets.set(sockets.indexOf(old), fresh);
        retired.add(old);
        renewalFailed = false;
    }

    /** The old socket stays, and another attempt follows. */
    void failedToReplace() {
        renewalFailed = true;
        renewalFailedAt = System.nanoTime();
    }

    /** {@return when the next turn is due even if no packet arrives} */
    long nextNanos() {
        long next = Long.MAX_VALUE;
        for (int i = 0; i < sockets.size(); i++) {
            EchoSocket socket = sockets.get(i);
            next = Math.min(next, socket.nextNanos());
            if (!waiting.isEmpty()) {
                next = Math.min(next, sender.nextNanos(socket));
            }
        }
        for (int i = 0; i < retired.size(); i++) {
            EchoSocket socket = retired.get(i);
            next = Math.min(next, Math.min(socket.nextNanos(), socket.drainedNanos()));
        }
        return next;
    }

    /** Takes out everything that waits or has a slot: it has failed. */
    void fail(FailedRequests failed) {
        for (PendingEcho echo = waiting.poll(); echo != null; echo = waiting.poll()) {
            failed.add(echo);
        }
        for (int i = 0; i < sockets.size(); i++) {
            sockets.get(i).inFlight.fail(failed);
        }
        for (int i = 0; i < retired.size(); i++) {
            retired.get(i).inFlight.fail(failed);
        }
    }

    /** {@return how many requests are left in the queue, after dropping those that have their outcome} */
    int purge() {
        for (int left = waiting.size(); left > 0; left--) {
            PendingEcho echo = Objects.requireNonNull(waiting.poll());
            if (echo.isDone()) {
                sender.drop(echo);
            } else {
                waiting.addLast(echo);
            }
        }
        return waiting.size();
    }

    /** Takes out what waits and what is in flight, as far as it ends. */
    void collect(ClosedRequests closed) {
        for (int left = waiting.size(); left > 0; left--) {
            PendingEcho echo = Objects.requireNonNull(waiting.poll());
            if (closed.includes(echo)) {
                sender.forget(echo);
                closed.addUnsent(echo);
            } else {
                waiting.addLast(echo);
            }
        }
        for (int i = 0; i < sockets.size(); i++) {
            sockets.get(i).inFlight.collect(closed);
        }
        for (int i = 0; i < retired.size(); i++) {
            retired.get(i).inFlight.collect(closed);
        }
    }
}
