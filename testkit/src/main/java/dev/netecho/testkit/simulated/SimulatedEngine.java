// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoCapability;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.backend.SendPace;
import dev.netecho.backend.SlotState;
import dev.netecho.packet.EchoTokens;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import dev.netecho.testkit.wire.PacketBuilder;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The shortest engine that keeps the whole contract; read it before you write another. It takes requests, sends them,
 * and ends them with an answer ({@link Matcher}), at their deadline, by their caller, or in {@link #close}.
 *
 * <p>One lock guards all state. Outcomes are stored under it and delivered without it, one by one. A listener may
 * block; a thread that closes meanwhile delivers the rest (SPEC END-2). Time and packets come as tasks of the clock.
 */
final class SimulatedEngine implements EchoEngine {
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int DEFAULT_HOP_LIMIT = 64;

    // The errors that Linux would return: connect(2), send(2), ip(7).
    private static final int EIO = 5;
    private static final int EMSGSIZE = 90;
    private static final int EADDRNOTAVAIL = 99;
    private static final int ENETUNREACH = 101;
    private static final int ENOBUFS = 105;

    private final SimulatedNetwork network;
    private final PacketNetwork behind;
    private final SimulatedClock clock;
    private final EchoCounters counters;
    private final SendPace pace;
    private final Slots slots = new Slots();
    private final Object lock = new Object();
    private final Queue<Runnable> outcomes = new ArrayDeque<>();
    private final Set<Thread> delivering = new HashSet<>();
    private final Set<EchoCapability> capabilities;
    private final Matcher matcher;
    private final Set<PendingEcho> queue = new LinkedHashSet<>();
    private final Map<PendingEcho, SimulatedClock.Event> waiting = new HashMap<>();
    private final Set<SimulatedClock.Event> onTheWay = new HashSet<>();
    private final Map<InetAddress, Integer> pathMtus = new HashMap<>();
    private final EchoTokens tokens;
    private long drops;
    private long stall;
    private SimulatedClock.@Nullable Event paced;
    private int backlog;
    private boolean closed;

    /**
     * Constructs an engine.
     *
     * @param network its host
     * @param behind where its packets go, and its answers come from
     * @param config its name, pace and counters
     */
    SimulatedEngine(SimulatedNetwork network, PacketNetwork behind, EchoConfig config) {
        SecureRandom random = new SecureRandom();
        this.network = network;
        this.behind = behind;
        this.clock = network.clock();
        this.counters = config.counters();
        this.pace = SendPace.of(config, 0);
        this.capabilities = Set.copyOf(network.capabilities());
        this.tokens = new EchoTokens(random.nextLong(), random.nextLong());
        this.matcher = new Matcher(slots, counters);
        counters.observe(Stray.values());
    }

    /** Runs something under the lock, and then delivers the outcomes. */
    private void step(Runnable work) {
        try {
            synchronized (lock) {
                work.run();
            }
        } finally {
            deliver();
        }
    }

    private void deliver() {
        boolean outermost;
        synchronized (lock) {
            outermost = delivering.add(Thread.currentThread());
        }
        try {
            for (Runnable outcome = nextOutcome(); outcome != null; outcome = nextOutcome()) {
                outcome.run();
            }
        } finally {
            if (outermost) {
                synchronized (lock) {
                    delivering.remove(Thread.currentThread());
                    lock.notifyAll();
                }
            }
        }
    }

    private @Nullable Runnable nextOutcome() {
        synchronized (lock) {
            return outcomes.poll();
        }
    }

    /** Gives a request its outcome once the lock is free. */
    private void complete(PendingEcho pending, EchoOutcome outcome) {
        outcomes.add(() -> pending.complete(outcome));
    }

    @Override
    public void submit(PendingEcho pending) {
        boolean accepted;
        synchronized (lock) {
            accepted = !closed && queue.add(pending);
        }
        if (accepted) {
            clock.execute(() -> step(this::sendQueued));
        } else {
            pending.complete(CLOSED);
        }
    }

    @Override
    public void cancelled(PendingEcho pending) {
        synchronized (lock) {
            Slot slot = slots.get(pending.handle());
            if (slot != null && slot.isOf(pending)) {
                end(slot, SlotState.ENDED); // SPEC END-1
            }
            leaveQueue(pending);
        }
        pending.letGo();
    }

    @Override
    public boolean inEngineThread() {
        return clock.inTurn();
    }

    @Override
    public Set<EchoCapability> capabilities() {
        return capabilities;
    }

    @Override
    public void close() {
        step(this::closeNow); // on this thread, because a listener may hold that of the clock
        awaitOtherThreads();
    }

    /**
     * SPEC END-2: another thread may be about to deliver the last outcome. Bounded, because a listener may block it for
     * ever.
     */
    private void awaitOtherThreads() {
        long deadline = System.nanoTime() + CLOSE_NANOS;
        synchronized (lock) {
            if (delivering.contains(Thread.currentThread())) {
                return; // called by a listener, which might wait for itself
            }
            try {
                for (long left = CLOSE_NANOS; !delivering.isEmpty() && left > 0; left = deadline - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(lock, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    private void closeNow() {
        closed = true;
        for (Slot slot : slots.sent()) {
            complete(end(slot, SlotState.ENDED), CLOSED);
        }
        for (PendingEcho unsent : List.copyOf(queue)) {
            leaveQueue(unsent);
            complete(unsent, CLOSED);
        }
        if (paced != null) {
            clock.forget(paced);
        }
        onTheWay.forEach(clock::forget);
        onTheWay.clear();
    }

    // Requests in

    private boolean leaveQueue(PendingEcho pending) {
        SimulatedClock.Event refusal = waiting.remove(pending);
        if (refusal != null) {
            clock.forget(refusal);
        }
        return queue.remove(pending);
    }

    private void refuseOverdue(PendingEcho pending) {
        waiting.remove(pending);
        if (network.isSendQueueFull() && leaveQueue(pending)) {
            refuse(pending, NotSentReason.OVERLOADED, "the interface's queue stayed full", ENOBUFS);
        }
    }

    void sendQueueChanged() {
        clock.execute(() -> step(this::sendQueued));
    }

    private void sendQueued() {
        while (!network.isSendQueueFull()) {
            if (queue.isEmpty() || isPaced()) {
                return;
            }
            PendingEcho pending = queue.iterator().next();
            leaveQueue(pending);
            send(pending);
        }
        for (PendingEcho pending : queue) {
            // SPEC LOAD-3: waited out, but not for longer than the request would have waited for its answer.
            long overdueAt = clock.nanoTime() + pending.request().timeoutNanos();
            waiting.computeIfAbsent(pending, late -> clock.deadline(overdueAt, () -> step(() -> refuseOverdue(late))));
        }
    }

    /** {@return whether the next packet must wait for the pace (SPEC LOAD-5); if so, plans to try again} */
    private boolean isPaced() {
        if (paced == null && !pace.take(clock.nanoTime())) {
            paced = clock.deadline(
                    pace.nextNanos(),
                    () -> step(() -> {
                        paced = null;
                        sendQueued();
                    }));
        }
        return paced != null;
    }

    // Packets out

    private void send(PendingEcho pending) {
        EchoRequest request = pending.request();
        InetAddress source = request.source().orElse(null);
        long now = clock.nanoTime();
        int key = slots.freeKey(now);
        if (source != null && !network.isOwn(source)) {
            String detail = "the source " + source.getHostAddress() + " is not an address of this host";
            refuse(pending, NotSentReason.SOURCE_UNAVAILABLE, detail, EADDRNOTAVAIL);
        } else if (!network.hasRoute(request.destination())) {
            String detail = "no route to " + request.destination().getHostAddress();
            refuse(pending, NotSentReason.NO_ROUTE, detail, ENETUNREACH);
        } else if (key < 0) {
            refuse(pending, NotSentReason.OVERLOADED, "every identifier and sequence number is in use", ENOBUFS);
        } else {
            send(pending, key, now);
        }
    }

    private void send(PendingEcho pending, int key, long now) {
        EchoRequest request = pending.request();
        long token = tokens.next();
        byte[] data = new byte[request.payload().size()];
        request.payload().copyInto(ByteBuffer.wrap(data), 0, token);
        byte[] packet = encode(request, key, data);
        boolean whole = request.options().dontFragment();
        if (whole && packet.length > network.mtu()) {
            String detail = packet.length + " bytes do not fit the interface; the MTU is " + network.mtu();
            refuse(pending, NotSentReason.TOO_LARGE, detail, EMSGSIZE);
            return;
        }
        if (!pending.markSent()) {
            return; // cancelled by its caller
        }
        Slot before = slots.get(key);
        Slot slot = new Slot(
                key,
                pending,
                source(packet, request),
                data.length < Long.BYTES ? 0 : ByteBuffer.wrap(data).getLong(0),
                before == null ? 0 : before.token(),
                now,
                drops);
        pending.handle(key);
        slots.put(slot);
        slot.deadline = clock.deadline(now + request.timeoutNanos(), () -> step(() -> expire(slot)));
        int fitting = whole ? network.mtu() : Math.min(network.mtu(), pathMtu(request.destination()));
        transmit(slot, packet, Math.min(packet.length, fitting), now);
    }

    /** {@return where answers go: the source in the packet's header} */
    private static byte[] source(byte[] packet, EchoRequest request) {
        boolean four = request.destination() instanceof Inet4Address;
        return Arrays.copyOfRange(packet, four ? 12 : 8, four ? 16 : 24);
    }

    private byte[] encode(EchoRequest request, int key, byte[] data) {
        boolean four = request.destination() instanceof Inet4Address;
        IpVersion version = four ? IpVersion.V4 : IpVersion.V6;
        return new PacketBuilder(
                        version, network.source(request), request.destination().getAddress())
                .hopLimit(request.options().hopLimit().orElse(DEFAULT_HOP_LIMIT))
                .trafficClass(request.options().trafficClass().orElse(0))
                .dontFragment(request.options().dontFragment())
                .type(version.echoRequestType())
                .echo(slots.identifier(key), Slots.sequence(key))
                .body(data)
                .build();
    }

    private void transmit(Slot slot, byte[] packet, int largestFragment, long now) {
        try {
            behind.receive(packet, largestFragment, now, (nanos, answer) -> planArrival(answer, Math.max(nanos, now)));
        } catch (RuntimeException | Error e) {
            clock.failed(e);
            String detail = "the script of " + destination(slot).getHostAddress() + " threw " + e;
            refuse(end(slot, SlotState.ENDED), NotSentReason.OS_ERROR, detail, EIO);
        }
    }

    /** Any thread may call it at any time. */
    private void planArrival(byte[] answer, long arrival) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            AtomicReference<SimulatedClock.Event> event = new AtomicReference<>();
            event.set(clock.arrival(
                    arrival,
                    () -> step(() -> {
                        onTheWay.remove(event.get());
                        arrived(answer, arrival);
                    })));
            onTheWay.add(event.get());
        }
    }

    private void refuse(PendingEcho pending, NotSentReason reason, String detail, int error) {
        complete(pending, new EchoOutcome.NotSent(reason, detail, OptionalInt.of(error)));
    }

    private int pathMtu(InetAddress destination) {
        return pathMtus.getOrDefault(destination, Integer.MAX_VALUE);
    }

    // Packets in, and deadlines

    private void arrived(byte[] packet, long nanos) {
        if (closed || isDropped(nanos)) {
            return;
        }
        Matcher.End ended = matcher.accept(packet, nanos);
        if (ended == null) {
            return;
        }
        if (ended.outcome() instanceof EchoOutcome.IcmpError error) {
            // Later packets are fragmented to that size if they may be.
            error.nextHopMtu().ifPresent(mtu -> pathMtus.put(destination(ended.slot()), mtu));
        }
        complete(end(ended.slot(), ended.state()), ended.outcome());
    }

    private static InetAddress destination(Slot slot) {
        return slot.request.destination();
    }

    /** What came while nobody looked waited in the receive buffer, if there was room. */
    private boolean isDropped(long nanos) {
        if (stall != clock.stalls()) {
            stall = clock.stalls();
            backlog = 0;
        }
        if (nanos >= clock.nanoTime() || ++backlog <= network.receiveCapacity()) {
            return false;
        }
        drops++;
        counters.count(Stray.DROPPED_LOCALLY);
        return true;
    }

    private void expire(Slot slot) {
        if (slot.state != SlotState.SENT) {
            return;
        }
        // SPEC LOAD-4: the answer may be among the packets that this host dropped.
        Duration waited = Duration.ofNanos(clock.nanoTime() - slot.sentNanos);
        complete(end(slot, SlotState.ENDED), new EchoOutcome.TimedOut(waited, drops != slot.dropsBefore));
    }

    /** {@return the request of a slot that is in flight, which gets its outcome later} Ends the slot. */
    private PendingEcho end(Slot slot, SlotState state) {
        slots.end(slot, state, clock.nanoTime());
        SimulatedClock.Event deadline = slot.deadline;
        if (deadline != null) {
            clock.forget(deadline);
        }
        return slot.take();
    }
}
