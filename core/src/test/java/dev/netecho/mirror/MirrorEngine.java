// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.mirror;

import dev.netecho.EchoCapability;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.TimestampSource;
import dev.netecho.backend.AnswerFacts;
import dev.netecho.backend.AnswerRules;
import dev.netecho.backend.ClosedRequests;
import dev.netecho.backend.DeadlineWheel;
import dev.netecho.backend.EchoQueue;
import dev.netecho.backend.RoundTrip;
import dev.netecho.backend.SendPace;
import dev.netecho.backend.SlotState;
import dev.netecho.backend.SlotTable;
import dev.netecho.backend.SubmissionStack;
import dev.netecho.backend.Verdict;
import dev.netecho.packet.DefaultPayload;
import dev.netecho.packet.EchoTokens;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.packet.InternetChecksum;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A backend that follows the package page of {@code dev.netecho.spi} step by step and knows nothing else, over a
 * network in memory. It keeps the page true: what the page says is enough, and compiles from outside the package. It
 * leaves out what has no network here, such as ICMP errors.
 *
 * <p>One lock guards all state. Outcomes wait in a queue and are delivered without the lock, by the engine's thread. In
 * {@link #close} another thread takes its place if a listener blocks it.
 */
final class MirrorEngine implements EchoEngine {
    private static final int MOST_IN_FLIGHT = 64;
    private static final int IDENTIFIER = 7;
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final MirrorNetwork network = new MirrorNetwork();
    private final SubmissionStack submitted = new SubmissionStack();
    private final EchoQueue waiting = new EchoQueue();
    private final SlotTable slots = new SlotTable(MOST_IN_FLIGHT);
    private final DeadlineWheel deadlines;
    private final RoundTrip roundTrip = new RoundTrip();
    private final AnswerFacts facts = new AnswerFacts();
    private final EchoTokens tokens;
    private final SendPace pace;
    private final EchoCounters counters;
    private final Queue<Ended> outcomes = new ArrayDeque<>();
    private final ClosedRequests ending;
    private final Object lock = new Object();
    private final Thread thread;
    private int cancelledInQueue;
    private volatile boolean closed;

    private record Ended(PendingEcho echo, EchoOutcome outcome) {}

    MirrorEngine(EchoConfig config) {
        SecureRandom random = new SecureRandom();
        this.tokens = new EchoTokens(random.nextLong(), random.nextLong());
        this.pace = SendPace.of(config, TimeUnit.MILLISECONDS.toNanos(1));
        this.counters = config.counters();
        this.ending = new ClosedRequests(config.name(), 0);
        this.deadlines = new DeadlineWheel(MOST_IN_FLIGHT, System.nanoTime());
        counters.observe(Stray.DUPLICATE, Stray.LATE, Stray.ALTERED, Stray.WRONG_SOURCE, Stray.UNMATCHED);
        this.thread = new Thread(null, this::run, config.name() + "-loop", 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public Set<EchoCapability> capabilities() {
        return Set.of(EchoCapability.IPV4);
    }

    @Override
    public boolean inEngineThread() {
        return Thread.currentThread().equals(thread);
    }

    @Override
    public void submit(PendingEcho pending) {
        if (submitted.push(pending)) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a request is itself and no other
    public void cancelled(PendingEcho pending) {
        synchronized (lock) {
            int slot = pending.handle();
            if (slots.state(slot) == SlotState.SENT && slots.pending(slot) == pending) {
                end(slot, SlotState.ENDED);
                pending.letGo();
            } else {
                cancelledInQueue++; // or still submitted: the next round takes it
            }
        }
        LockSupport.unpark(thread);
    }

    @Override
    public void letGoOfCancelled() {
        synchronized (lock) {
            takeSubmitted();
            dropCancelled();
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        if (inEngineThread() || ending.isDelivering()) {
            endAll(); // a listener closes, and core tells the others when it has returned
            return;
        }
        long begun = System.nanoTime();
        ending.await(CLOSE_NANOS, this::collect);
        long left = CLOSE_NANOS - (System.nanoTime() - begun);
        try {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void endAll() {
        collect();
        ending.deliver();
    }

    /** {@return true: everything that is outstanding is taken out} */
    private boolean collect() {
        synchronized (lock) {
            if (!ending.isCollected()) {
                for (PendingEcho echo = submitted.close(); echo != null; ) {
                    PendingEcho next = echo.next();
                    ending.add(echo);
                    echo = next;
                }
                failAll(CLOSED);
                for (Ended ended = outcomes.poll(); ended != null; ended = outcomes.poll()) {
                    ending.add(ended.echo());
                }
                ending.setCollected();
            }
        }
        return true;
    }

    // The engine's thread

    private void run() {
        while (!closed) {
            long next;
            synchronized (lock) {
                next = round();
            }
            deliver();
            long rest = next - System.nanoTime();
            if (rest > 0 && submitted.isEmpty()) {
                LockSupport.parkNanos(rest);
            }
        }
        endAll();
    }

    /** {@return when the next round is due} Nothing that it throws ends the thread. */
    private long round() {
        try {
            takeSubmitted();
            sendWaiting();
            receive(); // every answer that has arrived, before anything times out
            expire();
        } catch (RuntimeException | Error e) {
            failAll(EchoOutcome.NotSent.because(NotSentReason.OS_ERROR, "unexpected failure in the engine: " + e));
        }
        boolean held = !waiting.isEmpty() && slots.inUse() < MOST_IN_FLIGHT;
        return Math.min(held ? pace.nextNanos() : Long.MAX_VALUE, deadlines.nextNanos());
    }

    /** Ends what waits and what is in flight; what is just submitted comes with the next round. */
    private void failAll(EchoOutcome.NotSent outcome) {
        for (PendingEcho echo = waiting.poll(); echo != null; echo = waiting.poll()) {
            complete(echo, outcome);
        }
        for (int slot = 0; slot < slots.end(); slot++) {
            if (slots.pending(slot) != null) {
                complete(end(slot, SlotState.ENDED), outcome);
            }
        }
    }

    private void takeSubmitted() {
        for (PendingEcho echo = submitted.takeAll(); echo != null; ) {
            PendingEcho next = echo.next();
            waiting.addLast(echo);
            echo = next;
        }
        if (2 * cancelledInQueue > waiting.size()) {
            dropCancelled();
        }
    }

    private void dropCancelled() {
        cancelledInQueue = 0;
        for (int left = waiting.size(); left > 0; left--) {
            PendingEcho echo = waiting.poll();
            if (echo.isDone()) {
                echo.letGo();
            } else {
                waiting.addLast(echo);
            }
        }
    }

    private void sendWaiting() {
        while (!waiting.isEmpty() && slots.inUse() < MOST_IN_FLIGHT && pace.take(System.nanoTime())) {
            PendingEcho echo = waiting.poll();
            EchoRequest request = echo.request();
            slots.makeRoom();
            deadlines.grow(Math.max(deadlines.capacity(), slots.capacity()));
            int slot = slots.take(echo, request.payload().carriesToken(), System.nanoTime());
            if (slot == SlotTable.NONE) {
                pace.giveBack();
                complete(echo, EchoOutcome.NotSent.because(NotSentReason.OVERLOADED, "every sequence number rests"));
            } else {
                send(echo, slot);
            }
        }
    }

    private void send(PendingEcho echo, int slot) {
        EchoRequest request = echo.request();
        EchoPayload payload = request.payload();
        long token = tokens.next();
        ByteBuffer packet = ByteBuffer.allocate(IcmpEcho.HEADER_LENGTH + payload.size());
        IcmpEcho.putRequest(packet, 0, IpVersion.V4, IDENTIFIER, slot);
        payload.copyInto(packet, IcmpEcho.HEADER_LENGTH, token);
        IcmpEcho.putChecksum(packet, 0, packet.capacity());
        slots.describe(slot, payload.carriesToken() ? token : 0, request.destinationHigh(), request.destinationLow());
        echo.handle(slot);
        long before = System.nanoTime();
        network.send(packet, request.destination().getAddress());
        long after = System.nanoTime();
        slots.sent(slot, before, 0);
        deadlines.advance(before);
        deadlines.arm(slot, after + request.timeoutNanos());
        if (!echo.markSent()) { // cancelled meanwhile: the answer will be late
            end(slot, SlotState.ENDED).letGo();
        }
    }

    private void receive() {
        for (ByteBuffer packet = network.receive(); packet != null; packet = network.receive()) {
            long source = packet.getInt() & 0xffffffffL;
            ByteBuffer icmp = packet.slice();
            int length = icmp.capacity();
            if (InternetChecksum.isValid(icmp, 0, length)
                    && IcmpEcho.isReply(icmp, 0, length, IpVersion.V4)
                    && IcmpEcho.identifier(icmp, 0) == IDENTIFIER) {
                receiveReply(icmp, source);
            } else {
                counters.count(Stray.UNMATCHED);
            }
        }
    }

    private void receiveReply(ByteBuffer icmp, long source) {
        long now = System.nanoTime();
        int data = IcmpEcho.HEADER_LENGTH;
        int length = icmp.capacity() - data;
        int slot = IcmpEcho.sequence(icmp, 0);
        SlotState state = slots.state(slot);
        if (state == SlotState.FREE) {
            counters.count(Stray.UNMATCHED);
            return;
        }
        boolean sent = state == SlotState.SENT;
        boolean intact = sent && slots.pending(slot).request().payload().matches(icmp, data, length);
        facts.of(state)
                .expectedToken(slots.token(slot))
                .earlierToken(slots.earlierToken(slot))
                .matchesDestination(slots.isDestination(slot, 0, source))
                .intact(intact)
                .late(sent && now - deadlines.deadlineNanos(slot) > 0);
        if (length >= DefaultPayload.TOKEN_LENGTH) {
            facts.token(DefaultPayload.token(icmp, data));
        }
        Verdict verdict = AnswerRules.reply(facts);
        if (verdict.stray() != null) {
            counters.count(verdict.stray());
        }
        if (verdict.endsRequest()) {
            EchoRequest request = slots.pending(slot).request();
            roundTrip.ofUnstamped(slots.calledNanos(slot), slots.sentNanos(slot), now, request.timeoutNanos());
            EchoPayload payload = intact ? request.payload() : EchoPayload.copyOf(icmp, data, length);
            EchoOutcome reply = new EchoOutcome.Reply(
                    request.destination(),
                    roundTrip.nanos(),
                    roundTrip.uncertaintyNanos(),
                    TimestampSource.PROCESS,
                    -1,
                    payload,
                    intact);
            complete(end(slot, SlotState.ANSWERED), reply);
        }
    }

    private void expire() {
        long now = System.nanoTime();
        for (int slot = deadlines.expired(now); slot >= 0; slot = deadlines.expired(now)) {
            PendingEcho echo = end(slot, SlotState.ENDED);
            complete(echo, new EchoOutcome.TimedOut(echo.request().timeout(), false));
        }
    }

    /** {@return the request that had the slot} */
    private PendingEcho end(int slot, SlotState how) {
        deadlines.disarm(slot);
        PendingEcho echo = slots.pending(slot);
        slots.free(slot, how, echo.request().payload().carriesToken(), System.nanoTime());
        return echo;
    }

    /** Gives a request its outcome once the lock is free. */
    private void complete(PendingEcho echo, EchoOutcome outcome) {
        outcomes.add(new Ended(echo, outcome));
    }

    private void deliver() {
        for (Ended next = nextOutcome(); next != null; next = nextOutcome()) {
            if (!next.echo().complete(next.outcome())) {
                next.echo().letGo();
            }
        }
    }

    private Ended nextOutcome() {
        synchronized (lock) {
            return outcomes.poll();
        }
    }
}
