// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.backend.ClosedRequests;
import dev.netecho.backend.SendPace;
import dev.netecho.backend.SubmissionStack;
import dev.netecho.linux.host.ProcessRights;
import dev.netecho.linux.loop.ReadyHandler;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.linux.socket.Via;
import dev.netecho.spi.PendingEcho;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The queues of a loop, one for each kind of packet, and what they share: sockets, receiver, ways to send. Guarded by
 * the lock of the loop.
 */
final class SendQueues implements AutoCloseable {
    /**
     * Interfaces, marks, sources of IPv6 on datagram sockets, and link-local ones have sockets of their own. Beyond
     * this many, those make room that were not used for a while. Those that are idle do when the number has doubled, so
     * that each costs the same, and where no socket can be opened.
     */
    private static final int MAX_QUEUES = 64;

    private static final long IDLE_NANOS = 10_000_000_000L;

    private static final long DENIAL_NANOS = 1_000_000_000;

    /**
     * How often all queues are looked at where no more sockets can be opened, and few were since the last look: then
     * nearly all are in use.
     */
    private static final long FULL_NANOS = 1_000_000;

    /** Of so many queues, one that has opened a socket since pays for the next look. */
    private static final int FEW = 16;

    private final SocketKind kind;
    private final SocketSettings settings;
    private final SendPace pace;
    private final SubmissionStack submitted;
    private final Outcomes outcomes;
    private final EchoReceiver receiver;
    private final Timeouts timeouts;

    /** The way of requests that ask for no interface and no mark. */
    private final SendWay usual;

    private final Map<Via, SendWay> others = new HashMap<>();
    private final SocketSet sockets;
    private final Map<SocketKey, SendQueue> byKey = new HashMap<>();

    /** The same queues: every turn goes through them, and iterating over a map makes an object. */
    private List<SendQueue> inTurn = new ArrayList<>();

    /** How many queues there may be before idle ones make room. */
    private int mostQueues = MAX_QUEUES;

    private long lookedForIdle = System.nanoTime();

    /** How many sockets were opened since then. */
    private int opened;

    private String deniedCall = "";
    private String denial = "";
    private long deniedAt;

    /** The queue of the last request, mostly that of the next: a look-up by key costs as much as a deadline. */
    private @Nullable SendQueue last;

    SendQueues(SocketKind kind, SocketSettings settings, SendPace pace, SubmissionStack submitted, Outcomes outcomes) {
        this.kind = kind;
        this.settings = settings;
        this.pace = pace;
        this.submitted = submitted;
        this.outcomes = outcomes;
        this.usual = new SendWay(settings, pace, submitted, outcomes);
        EchoReceiver newReceiver = null;
        try {
            newReceiver = new EchoReceiver(outcomes, kind);
            this.receiver = newReceiver;
            this.timeouts = new Timeouts(receiver, outcomes);
            this.sockets = new SocketSet(kind, settings, new ReceiveCost(), outcomes);
        } catch (RuntimeException | Error e) {
            usual.close();
            if (newReceiver != null) {
                newReceiver.close();
            }
            throw e;
        }
    }

    /** {@return the queue that a request goes into} */
    SendQueue of(EchoRequest request) {
        if (request.version() == IpVersion.V6 && request.source().isPresent()) {
            // A socket is bound to the source's current index.
            usual.addresses.notice(System.nanoTime());
        }
        return of(SocketKey.of(request, kind, usual.addresses));
    }

    @SuppressWarnings("ReferenceEquality") // almost every key is one of the few constants
    SendQueue of(SocketKey key) {
        if (last != null && last.key == key) {
            return last;
        }
        SendQueue queue = byKey.get(key);
        if (queue == null) {
            if (inTurn.size() >= mostQueues) {
                dropIdle(System.nanoTime(), false);
            }
            SendWay way = way(key.via());
            queue = new SendQueue(key, kind, way.sender, receiver, timeouts, way.addresses, outcomes);
            inTurn.add(queue); // first, so that a queue that is found has its turns
            byKey.put(key, queue);
        }
        last = queue;
        return queue;
    }

    private SendWay way(Via via) {
        return via.equals(Via.REQUESTER)
                ? usual
                : others.computeIfAbsent(via, any -> new SendWay(via.of(settings), pace, submitted, outcomes));
    }

    /** Drops the queues that were not used for a while, if there are many. */
    void dropUnusedSometimes(long now) {
        if (inTurn.size() > MAX_QUEUES && now - lookedForIdle >= IDLE_NANOS) {
            dropIdle(now, true);
        }
    }

    /** {@return whether idle queues have made room for one more socket} */
    boolean makesRoom() {
        long now = System.nanoTime();
        int before = sockets.size();
        if (opened >= inTurn.size() / FEW || now - lookedForIdle >= FULL_NANOS) {
            dropIdle(now, false);
        }
        return sockets.size() < before;
    }

    /** {@code unused}: only those that were not used since the last look. */
    private void dropIdle(long now, boolean unused) {
        List<SendQueue> idle = new ArrayList<>();
        List<SendQueue> rest = new ArrayList<>(inTurn.size());
        Set<Via> used = new HashSet<>();
        for (SendQueue queue : inTurn) {
            if (queue.key.isOneOfMany() && queue.isIdle() && !(queue.forgetUse() && unused)) {
                idle.add(queue);
            } else {
                rest.add(queue);
                used.add(queue.key.via());
            }
        }
        last = null;
        // First, so that remove() knows that their sockets are not in use.
        idle.forEach(queue -> byKey.remove(queue.key));
        inTurn = rest;
        mostQueues = Math.max(MAX_QUEUES, 2 * rest.size());
        lookedForIdle = now;
        opened = 0;
        idle.forEach(SendQueue::release);
        others.entrySet().removeIf(each -> {
            boolean isUnused = !used.contains(each.getKey());
            if (isUnused) {
                each.getValue().close();
            }
            return isUnused;
        });
    }

    int size() {
        return inTurn.size();
    }

    SendQueue get(int index) {
        return inTurn.get(index);
    }

    /**
     * {@return what to do about a failure that is a denial; else empty} Many queues may fail alike, and to find out
     * takes files to read.
     */
    String denial(Throwable failure) {
        if (!(failure instanceof SystemCallException denied) || !ProcessRights.isDenial(denied.errno())) {
            return "";
        }
        long now = System.nanoTime();
        String call = String.valueOf(denied.getMessage());
        if (!call.equals(deniedCall) || now - deniedAt >= DENIAL_NANOS) {
            denial = SendRefusal.DENIED;
            try {
                denial = ProcessRights.remedyForDenial(kind, denied);
            } catch (RuntimeException | LinkageError e) {
                // No descriptor for a class or a file: the sentence that is always true stays.
            }
            deniedCall = call;
            deniedAt = now;
        }
        return denial;
    }

    /** Opens a socket; the event loop is to watch it. */
    EchoSocket open(SocketKey key) throws SystemCallException {
        EchoSocket socket = sockets.open(key);
        opened++;
        return socket;
    }

    /** Adds a socket that is open already; closes it if that fails. */
    EchoSocket add(IcmpSocket socket) {
        return sockets.add(socket);
    }

    /** {@return whether a queue sent by this socket, which is forgotten now} */
    boolean remove(EchoSocket socket) {
        sockets.remove(socket);
        boolean inUse = false;
        for (int i = 0; i < inTurn.size(); i++) {
            inUse |= inTurn.get(i).has(socket);
        }
        return inUse;
    }

    /** {@return whether every socket is closed} */
    boolean areReleased() {
        return sockets.isEmpty();
    }

    /** Releases all sockets: the event loop forgets each, and reports that. */
    void release() {
        sockets.release();
    }

    /** Reads what a socket has. */
    void serve(EchoSocket ready, int events) {
        ready.reading.announced((events & ReadyHandler.READABLE) != 0, (events & ReadyHandler.ERROR) != 0);
        if ((events & ReadyHandler.ERROR) != 0) {
            receiver.drainErrors(ready);
        }
        if ((events & ReadyHandler.WRITABLE) != 0) {
            ready.gate.writable();
            ready.awaitWritable(false);
        }
        receiver.receive(ready);
    }

    /** {@return when a turn or an expiry is due even if no packet arrives} */
    long nextNanos() {
        long next = inTurn.size() > MAX_QUEUES ? lookedForIdle + IDLE_NANOS : Long.MAX_VALUE;
        for (int i = 0; i < inTurn.size(); i++) {
            next = Math.min(next, inTurn.get(i).nextNanos());
        }
        return next;
    }

    /** Frees the slot of a cancelled request. */
    void free(PendingEcho echo) {
        EchoSocket socket = sockets.of(echo);
        if (socket != null) {
            socket.cancelled(echo);
        }
    }

    /** {@return how many requests wait, after dropping those that have their outcome} */
    int purge() {
        int left = 0;
        for (int i = 0; i < inTurn.size(); i++) {
            left += inTurn.get(i).purge();
        }
        return left;
    }

    /** Takes out everything that waits or has a slot: it has failed. Needs no memory. */
    void fail(FailedRequests failed) {
        for (int i = 0; i < inTurn.size(); i++) {
            inTurn.get(i).fail(failed);
        }
    }

    /** Takes out what waits and what is in flight, as far as it ends. Needs no memory. */
    void collect(ClosedRequests closed) {
        for (int i = 0; i < inTurn.size(); i++) {
            inTurn.get(i).collect(closed);
        }
    }

    @Override
    public void close() {
        sockets.close();
        usual.close();
        others.values().forEach(SendWay::close);
        receiver.close();
    }
}
