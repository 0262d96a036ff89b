// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.NotSentReason;
import dev.netecho.backend.ClosedRequests;
import dev.netecho.backend.EchoQueue;
import dev.netecho.linux.echo.EchoSender.Step;
import dev.netecho.linux.host.HostAddresses;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.SocketKind;
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
    private static final int MAX_SOCKETS = 16;

    /** Each raw socket costs the host some work for each ICMP packet. */
    private static final int MOST_OLD_RAW = 4;

    /** How many requests that were set aside are tried at a time, so that the others are not held up. */
    private static final int TRIES = 16;

    private static final long TRY_NANOS = 1_000_000;

    /** Bounds how often packets are tried that the kernel refuses for their destinations, to 2,000 a second. */
    private static final long REFUSED_NANOS = 500_000;

    /**
     * How many of them are looked at a time, whether their timeout is over: each ends soon after that, tried or not.
     */
    private static final int LOOKS = 1_024;

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

    /** The kernel has refused these for their destinations alone (SPEC LOAD-3): only trying again tells when not. */
    private final EchoQueue aside = new EchoQueue();

    private long tryAt;
    private final List<EchoSocket> sockets = new ArrayList<>(MAX_SOCKETS);

    /** They send no more. */
    private final List<EchoSocket> retired = new ArrayList<>(MAX_SOCKETS);

    private boolean used;
    private boolean renewalFailed;
    private long renewalFailedAt;
    private long openFailedAt;
    private @Nullable Throwable openFailure;

    private String denial = "";

    SendQueue(
            SocketKey key,
            SocketKind kind,
            EchoSender sender,
            EchoReceiver receiver,
            Timeouts timeouts,
            HostAddresses addresses,
            Outcomes outcomes) {
        this.key = key;
        // A raw socket carries many identifiers: one is enough, and each costs the whole host.
        this.maxSockets = kind == SocketKind.RAW ? 1 : MAX_SOCKETS;
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
        used = true;
        waiting.addLast(echo);
    }

    /** {@return whether a request came since this was last called} */
    boolean forgetUse() {
        boolean wasUsed = used;
        used = false;
        return wasUsed;
    }

    /** {@return whether nothing waits and nothing is in flight} */
    boolean isIdle() {
        return waiting.isEmpty()
                && aside.isEmpty()
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
        boolean moved = !aside.isEmpty() && sendAside();
        for (int i = 0; i < sockets.size(); i++) { // an iterator would be an object for every turn
            EchoSocket socket = sockets.get(i);
            boolean did = waiting.isEmpty() ? receiveAnswers(socket) : send(socket, waiting, Integer.MAX_VALUE);
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

    /** {@return whether anything moved} Tries a few of the requests that were set aside, if it is time to. */
    private boolean sendAside() {
        long now = System.nanoTime();
        // They were replaced: another is opened, or the requests are refused.
        if (sockets.isEmpty()) {
            for (PendingEcho echo = aside.poll(); echo != null; echo = aside.poll()) {
                waiting.addLast(echo);
            }
            return true;
        }
        if (now - tryAt < 0) {
            return false;
        }
        // Whether any can be tried or not: the next turn must not be due at once.
        tryAt = now + TRY_NANOS;
        EchoSocket by = sockets.get(0);
        sender.refuseOverdueAside(by.socket, aside, LOOKS, now);
        boolean did = send(by, aside, TRIES);
        if (sender.hasSetAside()) {
            tryAt = now + TRY_NANOS + Math.min(aside.size(), TRIES) * REFUSED_NANOS;
        }
        return did;
    }

    /**
     * {@return whether anything left the queue, or was tried} Sends one batch of at most so many from it, as far as
     * window, slots and kernel allow.
     */
    private boolean send(EchoSocket by, EchoQueue queue, int most) {
        long now = System.nanoTime();
        if (by.gate.isShut(now)) {
            return false;
        }
        // Received first: it frees slots and window, and costs less than it saves (fewer wake-ups, no overflow).
        receiver.receive(by);
        if (by.isOffItsInterface(now)) {
            return true; // another socket sends, or the head is refused
        }
        by.inFlight.advanceWindow(now, by.weighing.capacity());
        by.drops.noticeBeforeSending(now);
        int before = queue.size();
        if (!sender.stage(by, queue, most, now)) {
            return queue.size() < before; // what was cancelled or refused made way for the next
        }
        if (aside.isEmpty()) {
            tryAt = now + TRY_NANOS;
        }
        Step step = sender.send(by, queue, aside);
        while (step == Step.MAYBE_FOREIGN) {
            LocalMtu localMtu = receiver.answers.localMtu();
            localMtu.clear();
            int entries = receiver.drainErrors(by);
            sender.foreignErrors(by, entries, localMtu, queue);
            step = sender.send(by, queue, aside);
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

    /** No socket could be opened; {@code remedy} is what to do if that is a denial, else empty. */
    void failedToGrow(Throwable cause, String remedy) {
        denial = remedy;
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
            return SendRefusal.ofSocket(request, failure, denial, addresses.local());
        }
        return openFailure instanceof NoMoreSocketsException full
                ? EchoOutcome.NotSent.because(
                        NotSentReason.OVERLOADED, "no socket could be opened: " + full.getMessage())
                : EchoOutcome.NotSent.because(NotSentReason.OS_ERROR, "no socket could be opened: " + openFailure);
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
            timeouts.expire(sockets.get(i), addresses);
        }
        for (int i = retired.size() - 1; i >= 0; i--) {
            EchoSocket socket = retired.get(i);
            timeouts.expire(socket, addresses);
            if (socket.isDrained(System.nanoTime())) {
                retired.remove(i); // first, so that it does not count as a socket in use
                socket.release();
            }
        }
    }

    /**
     * {@return a socket that is to be replaced by one with a new identifier; null if there is none, or if that failed
     * lately}
     *
     * <p>A request that waits for hours keeps its old socket. So a raw queue, which sends by one socket, may have a few
     * old ones.
     */
    @Nullable
    EchoSocket dueForRenewal(long identifierPeriodNanos) {
        if (retired.size() >= Math.max(MOST_OLD_RAW, maxSockets)
                || (renewalFailed && System.nanoTime() - renewalFailedAt < REOPEN_NANOS)) {
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
        long next = aside.isEmpty() ? Long.MAX_VALUE : tryAt;
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
        sender.abandon();
        fail(waiting, failed);
        fail(aside, failed);
        for (int i = 0; i < sockets.size(); i++) {
            sockets.get(i).inFlight.fail(failed);
        }
        for (int i = 0; i < retired.size(); i++) {
            retired.get(i).inFlight.fail(failed);
        }
    }

    private static void fail(EchoQueue queue, FailedRequests failed) {
        for (PendingEcho echo = queue.poll(); echo != null; echo = queue.poll()) {
            failed.add(echo);
        }
    }

    /** {@return how many requests are left in the queue, after dropping those that have their outcome} */
    int purge() {
        return purge(waiting) + purge(aside);
    }

    private int purge(EchoQueue queue) {
        for (int left = queue.size(); left > 0; left--) {
            PendingEcho echo = Objects.requireNonNull(queue.poll());
            if (echo.isDone()) {
                sender.drop(echo);
            } else {
                queue.addLast(echo);
            }
        }
        return queue.size();
    }

    /** Takes out what waits and what is in flight, as far as it ends. */
    void collect(ClosedRequests closed) {
        collect(waiting, closed);
        collect(aside, closed);
        for (int i = 0; i < sockets.size(); i++) {
            sockets.get(i).inFlight.collect(closed);
        }
        for (int i = 0; i < retired.size(); i++) {
            retired.get(i).inFlight.collect(closed);
        }
    }

    private void collect(EchoQueue queue, ClosedRequests closed) {
        for (int left = queue.size(); left > 0; left--) {
            PendingEcho echo = Objects.requireNonNull(queue.poll());
            if (closed.includes(echo)) {
                sender.forget(echo);
                closed.add(echo);
            } else {
                queue.addLast(echo);
            }
        }
    }
}
