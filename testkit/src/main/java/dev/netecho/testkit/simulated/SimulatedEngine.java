// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoCapability;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.backend.ClosedRequests;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The shortest engine that keeps the whole contract; read it before you write another. It takes requests, sends them,
 * and ends them with an answer ({@link Matcher}), at their deadline, by their caller, or in {@link #close}.
 *
 * <p>One lock guards all state. Time and packets come as tasks of the clock, and so do most calls: its thread is the
 * engine's. Such a step ends one request at most, under the lock, and delivers its outcome without it. So a listener
 * may block, and {@link ClosedRequests} ends the others.
 */
final class SimulatedEngine implements EchoEngine {
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int DEFAULT_HOP_LIMIT = 64;

    /** While there is no memory, a step is tried again so often, after this pause. */
    private static final int MEMORY_ATTEMPTS = 10_000;

    private static final long MEMORY_PAUSE_NANOS = 1_000_000;

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
    private final ClosedRequests ending;
    private final Set<EchoCapability> capabilities;
    private final Matcher matcher;
    private final Set<PendingEcho> queue = new LinkedHashSet<>();

    /** Those before the queue, which found that of the interface full, and what refuses them. */
    private final Map<PendingEcho, SimulatedClock.Event> waiting = new LinkedHashMap<>();

    private final Set<SimulatedClock.Event> onTheWay = new HashSet<>();
    private final Map<InetAddress, Integer> pathMtus = new HashMap<>();
    private final EchoTokens tokens;
    private long drops;
    private long stall;
    private SimulatedClock.@Nullable Event paced;
    private int backlog;
    private boolean closed;
    private boolean mayContinue;

    /** What the last step ended: in no list, and without its outcome until that is delivered. */
    private @Nullable PendingEcho inHand;

    private EchoOutcome outcome = CLOSED;

    /** Made once: where memory has ended, an engine must still close. */
    private final Runnable endAll = this::endAll;

    private final BooleanSupplier collect = this::collect;
    private final Runnable sendQueued = this::sendQueued;
    private final Runnable sendNext = this::sendNext;

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
        this.ending = new ClosedRequests(config.name(), 0);
        this.pace = SendPace.of(config, 0);
        this.capabilities = Set.copyOf(network.capabilities());
        this.tokens = new EchoTokens(random.nextLong(), random.nextLong());
        this.matcher = new Matcher(slots, counters);
        counters.observe(Stray.values());
    }

    /**
     * Does something under the lock, and then delivers the outcome of what that ended. It is repeated where memory is
     * short: so what takes memory comes before anything changes.
     */
    private void step(Runnable work) {
        boolean done = false;
        for (int left = MEMORY_ATTEMPTS; ; left--) {
            try {
                deliver();
                if (done) {
                    return;
                }
                synchronized (lock) {
                    if (!closed) {
                        work.run();
                    }
                }
                done = true;
            } catch (OutOfMemoryError e) {
                if (left == 0) {
                    throw e;
                }
                LockSupport.parkNanos(MEMORY_PAUSE_NANOS);
            }
        }
    }

    private void deliver() {
        PendingEcho ended;
        EchoOutcome told;
        synchronized (lock) {
            ended = inHand;
            told = outcome;
        }
        if (ended != null) {
            try {
                if (!ended.complete(told)) {
                    ended.letGo();
                }
            } finally {
                synchronized (lock) {
                    inHand = ended.isDone() ? null : ended;
                    lock.notifyAll();
                }
            }
        }
    }

    /** Gives a request that is in no list any more its outcome once the lock is free. */
    private void complete(PendingEcho pending, EchoOutcome ended) {
        inHand = pending;
        outcome = ended;
    }

    @Override
    public void submit(PendingEcho pending) {
        boolean accepted;
        synchronized (lock) {
            accepted = !closed && queue.add(pending);
        }
        if (!accepted) {
            pending.complete(CLOSED);
            return;
        }
        try {
            clock.execute(sendQueued);
        } catch (OutOfMemoryError e) {
            synchronized (lock) {
                if (queue.remove(pending)) {
                    throw e; // nobody else sends it
                }
            }
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
        synchronized (lock) {
            closed = true; // from here on nothing is sent
        }
        if (clock.inTurn() || ending.isDelivering()) {
            endAll(); // a listener closes, and core tells the others when it has returned
            return;
        }
        try {
            clock.execute(endAll);
        } catch (OutOfMemoryError e) {
            // Then other threads do it, as where a listener holds that of the clock.
        }
        long end = System.nanoTime() + CLOSE_NANOS;
        ending.await(CLOSE_NANOS, collect);
        awaitListener(end);
    }

    /** Waits for the listener that the clock's thread may run: bounded, because it may block. */
    private void awaitListener(long end) {
        synchronized (lock) {
            try {
                for (long left = end - System.nanoTime(); inHand != null && left > 0; left = end - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(lock, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void endAll() {
        collect();
        ending.deliver();
    }

    /** {@return true: everything that is outstanding is taken out} Where memory ends, the next call continues. */
    private boolean collect() {
        synchronized (lock) {
            if (ending.isCollected()) {
                return true;
            }
            for (Slot slot : slots.all()) {
                if (slot.state == SlotState.SENT) {
                    slot.state = SlotState.ENDED;
                    forget(slot.deadline);
                    ending.add(slot.take());
                }
            }
            takeAll(waiting.keySet());
            takeAll(queue);
            forget(paced);
            for (SimulatedClock.Event event : onTheWay) {
                forget(event);
            }
            onTheWay.clear();
            if (inHand != null) {
                ending.add(inHand);
            }
            ending.setCollected();
            return true;
        }
    }

    private void takeAll(Set<PendingEcho> unsent) {
        for (Iterator<PendingEcho> all = unsent.iterator(); all.hasNext(); ) {
            PendingEcho pending = all.next();
            forget(waiting.get(pending));
            all.remove();
            ending.add(pending);
        }
    }

    boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    // Requests in

    private void leaveQueue(PendingEcho pending) {
        forget(waiting.remove(pending));
        queue.remove(pending);
    }

    private void forget(SimulatedClock.@Nullable Event event) {
        if (event != null) {
            clock.forget(event);
        }
    }

    void sendQueueChanged() {
        clock.execute(sendQueued);
    }

    private void sendQueued() {
        do {
            mayContinue = false;
            step(sendNext);
        } while (mayContinue);
    }

    private void sendNext() {
        if (network.isSendQueueFull()) {
            for (Iterator<PendingEcho> all = queue.iterator(); all.hasNext(); ) {
                PendingEcho pending = all.next();
                waiting.put(pending, planRefusal(pending));
                all.remove();
            }
        } else if (!(waiting.isEmpty() && queue.isEmpty()) && !isPaced()) {
            send((waiting.isEmpty() ? queue : waiting.keySet()).iterator().next());
            mayContinue = true;
        }
    }

    /** SPEC LOAD-3: waited out, but not for longer than the request would have waited for its answer. */
    private SimulatedClock.Event planRefusal(PendingEcho pending) {
        return plan(clock.nanoTime() + pending.request().timeoutNanos(), () -> refuseOverdue(pending));
    }

    private SimulatedClock.Event plan(long nanos, Runnable work) {
        return clock.deadline(nanos, () -> step(work));
    }

    private void refuseOverdue(PendingEcho pending) {
        if (!waiting.containsKey(pending)) {
            return; // it was just sent
        }
        if (network.isSendQueueFull()) {
            refuse(pending, NotSentReason.OVERLOADED, "the interface's queue stayed full", ENOBUFS);
        } else {
            waiting.put(pending, planRefusal(pending));
        }
    }

    /** {@return whether the next packet must wait for the pace (SPEC LOAD-5); if so, plans to try again} */
    private boolean isPaced() {
        if (paced == null && !pace.take(clock.nanoTime())) {
            paced = clock.deadline(pace.nextNanos(), () -> {
                step(() -> paced = null);
                sendQueued();
            });
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
        Slot before = slots.get(key);
        Slot slot = new Slot(
                key,
                pending,
                source(packet, request),
                data.length < Long.BYTES ? 0 : ByteBuffer.wrap(data).getLong(0),
                before == null ? 0 : before.token(),
                now,
                drops);
        slot.deadline = plan(now + request.timeoutNanos(), () -> expire(slot));
        slots.put(slot);
        leaveQueue(pending);
        pending.handle(key);
        slot.state = SlotState.SENT;
        if (!pending.markSent()) { // cancelled by its caller
            end(slot, SlotState.ENDED);
            return;
        }
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
            EchoOutcome failed = refusal(NotSentReason.OS_ERROR, detail, EIO);
            complete(end(slot, SlotState.ENDED), failed);
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

    private static EchoOutcome refusal(NotSentReason reason, String detail, int error) {
        return new EchoOutcome.NotSent(reason, detail, OptionalInt.of(error));
    }

    private void refuse(PendingEcho pending, NotSentReason reason, String detail, int error) {
        EchoOutcome refused = refusal(reason, detail, error);
        leaveQueue(pending);
        complete(pending, refused);
    }

    private int pathMtu(InetAddress destination) {
        return pathMtus.getOrDefault(destination, Integer.MAX_VALUE);
    }

    // Packets in, and deadlines

    private void arrived(byte[] packet, long nanos) {
        if (isDropped(nanos)) {
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
        EchoOutcome timedOut = new EchoOutcome.TimedOut(waited, drops != slot.dropsBefore);
        complete(end(slot, SlotState.ENDED), timedOut);
    }

    /** {@return the request of a slot that is in flight, which gets its outcome later} Ends the slot. */
    private PendingEcho end(Slot slot, SlotState state) {
        slots.end(slot, state, clock.nanoTime());
        forget(slot.deadline);
        return slot.take();
    }
}
