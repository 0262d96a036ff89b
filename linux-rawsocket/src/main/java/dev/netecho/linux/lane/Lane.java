// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.NotSentReason;
import dev.netecho.engine.DeadlineWheel;
import dev.netecho.engine.EchoQueue;
import dev.netecho.engine.RoundTrip;
import dev.netecho.engine.SendWindow;
import dev.netecho.engine.SlotState;
import dev.netecho.engine.SlotTable;
import dev.netecho.linux.loop.ReadyHandler;
import dev.netecho.linux.loop.Watch;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.KernelClock;
import dev.netecho.linux.socket.OutputDiscards;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** One socket with its slots, deadlines and window. */
final class Lane implements ReadyHandler {
    /** Slot numbers in {@link PendingEcho#handle}: 16 bits of sequence and 4 of identifier. */
    static final int SLOT_BITS = 20;

    /**
     * A flood faster than we read may hold time-outs up for so long; then they are given, and our own drops suspected.
     */
    private static final long PATIENCE_NANOS = 1_000_000_000L;

    /** A call that reads answers may be refused for so long after a deadline, for lack of memory perhaps. */
    private static final long REFUSAL_PATIENCE_NANOS = 100_000_000;

    /** As often the drop counter is read while requests are sent; drops may be blamed for requests so much younger. */
    private static final long DROPS_NANOS = 100_000_000;

    private static final int SEQUENCES = 1 << 16;

    /** So many time-outs in a row, and for so long, after hosts had answered: the identifier may be to blame. */
    private static final int SILENT_TIMEOUTS = 3;

    private static final long FIRST_PATIENCE_NANOS = 2_000_000_000L;

    /** Where a new identifier has helped nothing, the next attempts come later and later. */
    private static final long LONGEST_PATIENCE_NANOS = 64_000_000_000L;

    /** A lane that sends no more is kept for so long, to count late answers. */
    private static final long DRAIN_NANOS = 5_000_000_000L;

    final IcmpSocket socket;
    final SlotTable slots;
    final SendWindow window;
    final LaneReceiver receiver;
    final LaneSender sender;
    private final LaneOwner owner;
    private final Wire wire;
    private final DeadlineWheel wheel;

    /** Null where the socket is told of each packet that the kernel discards. */
    private final @Nullable OutputDiscards discards;

    private @Nullable LaneWatch watch;
    private long drops;
    private long dropsReadAt;
    private long dropsNoticedAt;
    private boolean dropsNoticed;
    private boolean released;
    private final long openedAt;
    private long sentAt;
    private boolean answered;
    private int timeOuts;
    private long silentSince;
    private long timedOutAt;

    /** For how long time-outs are taken for the host's before there was any answer; 0 for ever. */
    private long inheritedPatience;

    /** When the lane after this one took its place. */
    private long succeededAt;

    /** What a lane tells the engine that owns it. */
    interface LaneOwner {
        /** The lane's socket is ready: a round is due that begins with {@link Lane#serve}. */
        void ready(Lane lane, int events);

        /** The lane's descriptor is closed. */
        void released(Lane lane);
    }

    Lane(IcmpSocket socket, int number, Wire wire, LaneOwner owner) {
        long now = System.nanoTime();
        this.socket = socket;
        this.owner = owner;
        this.wire = wire;
        int identifiers = socket.kind() == SocketKind.RAW ? IcmpSocket.RAW_IDENTIFIERS : 1;
        this.slots = new SlotTable(identifiers * SEQUENCES);
        this.wheel = new DeadlineWheel(slots.capacity(), now);
        this.window = new SendWindow(capacity(), now);
        this.receiver = new LaneReceiver(this, wire);
        this.sender = new LaneSender(this, number, wire);
        this.discards = wire.discards.concern(socket.version()) ? wire.discards : null;
        this.drops = Math.max(0, socket.drops());
        this.dropsReadAt = now;
        this.openedAt = now;
        this.sentAt = now;
    }

    /** {@return how many bytes of answers the receive buffer holds, by what is known of their cost} */
    private long capacity() {
        return wire.cost.modelledBytes(socket.receiveCapacity());
    }

    /** To be called after receiving, with a time from before it. */
    void advanceWindow(long nowNanos) {
        window.advance(nowNanos, capacity());
    }

    /** {@return whether it has been sending for so long; a lane that rests never gets there} */
    boolean hasSentFor(long nanos) {
        return sentAt - openedAt >= nanos;
    }

    /** {@return whether every answer stays away though there were some, which another identifier may change} */
    boolean isSilenced() {
        return timeOuts >= SILENT_TIMEOUTS
                && (answered || inheritedPatience > 0)
                && timedOutAt - silentSince >= (answered ? FIRST_PATIENCE_NANOS : inheritedPatience);
    }

    /** Takes the place of a lane that sends no more. */
    void succeed(Lane old) {
        inheritedPatience =
                old.answered ? 2 * FIRST_PATIENCE_NANOS : Math.min(2 * old.inheritedPatience, LONGEST_PATIENCE_NANOS);
        old.succeededAt = openedAt;
    }

    /** {@return when a lane that sends no more may be closed; {@link Long#MAX_VALUE} while something is in flight} */
    long drainedNanos() {
        return slots.inUse() == 0 ? succeededAt + DRAIN_NANOS : Long.MAX_VALUE;
    }

    boolean isDrained(long now) {
        return slots.inUse() == 0 && now - succeededAt >= DRAIN_NANOS;
    }

    void start(Watch watch) {
        this.watch = new LaneWatch(watch);
    }

    void awaitWritable(boolean wanted) {
        if (watch != null) {
            watch.writable(wanted);
        }
    }

    @Override
    public void ready(int events) {
        if (!released) {
            owner.ready(this, events);
        }
    }

    /** {@return whether anything moved in a turn, which sends a batch from the queue or else takes in answers} */
    boolean turn(EchoQueue queue) {
        boolean moved = queue.isEmpty() ? sender.receiveAnswers() : sender.send(queue);
        if (watch != null) {
            watch.turned(moved, receiver.isRefused());
        }
        return moved;
    }

    /** {@return whether nobody tells us that there is something to read} */
    boolean isUnwatched() {
        return watch != null && watch.isPaused();
    }

    /** Takes in what the socket has. */
    void serve(int events) {
        if ((events & ERROR) != 0) {
            receiver.drainErrors();
        }
        if ((events & WRITABLE) != 0) {
            sender.writable();
        }
        receiver.receive();
    }

    /**
     * {@return the slot that an identifier and a sequence number name, or {@link SlotTable#NONE} if the identifier is
     * not ours}
     */
    int slotOf(int identifier, int sequence) {
        if (socket.kind() == SocketKind.DATAGRAM) {
            return sequence; // the kernel has compared the identifier, which it owns
        }
        int which = identifier - socket.identifier();
        return which >= 0 && which < IcmpSocket.RAW_IDENTIFIERS ? which << 16 | sequence : SlotTable.NONE;
    }

    /** {@return a slot for a request, or {@link SlotTable#NONE}} */
    int take(PendingEcho echo, boolean carriesToken, long nowNanos) {
        slots.makeRoom();
        if (slots.capacity() > wheel.capacity()) {
            wheel.grow(slots.capacity());
        }
        return slots.take(echo, carriesToken, nowNanos);
    }

    /**
     * The request in a slot is with the kernel: it left at {@code sentNanos} by estimate, and not after
     * {@code latestNanos}, from which its timeout counts (SPEC TIM-1): never may a host be called silent because our
     * own thread was slow.
     *
     * @param sinceCall nanoseconds from the beginning of the system call to {@code sentNanos}
     */
    void sent(int slot, PendingEcho echo, long sentNanos, int sinceCall, long latestNanos) {
        slots.sent(slot, sentNanos, sinceCall);
        sentAt = sentNanos;
        window.charge(sentNanos, ReceiveCost.ofPayload(echo.request().payload().size()));
        wheel.advance(sentNanos);
        wheel.arm(slot, latestNanos + echo.request().timeoutNanos());
        if (!echo.markSent()) {
            end(slot, SlotState.ENDED, sentNanos)
                    .letGo(); // cancelled between two system calls: the answer will be late
        }
    }

    /**
     * {@return how long the request in flight in a slot took to be answered}
     *
     * @param arrival when the kernel stamped the answer, or {@link KernelClock#UNUSABLE}
     * @param now when it was read
     */
    RoundTrip measure(int slot, EchoRequest request, long arrival, long now) {
        RoundTrip roundTrip = wire.roundTrip;
        long timeout = request.timeoutNanos();
        if (arrival == KernelClock.UNUSABLE) {
            roundTrip.ofUnstamped(slots.calledNanos(slot), slots.sentNanos(slot), now, timeout);
        } else {
            long latest = wheel.deadlineNanos(slot) - timeout; // as armed in sent()
            roundTrip.ofStamped(
                    slots.calledNanos(slot), slots.sentNanos(slot), latest, arrival, wire.clock.errorNanos(), timeout);
        }
        return roundTrip;
    }

    /** {@return whether an answer at this time is after the deadline of the request in flight in a slot} */
    boolean isLate(int slot, long answeredNanos) {
        return answeredNanos - wheel.deadlineNanos(slot) > 0;
    }

    /** Takes a request that was sent out of its slot; {@code how} is ANSWERED or ENDED. */
    PendingEcho end(int slot, SlotState how, long nowNanos) {
        PendingEcho echo = Objects.requireNonNull(slots.pending(slot));
        wheel.disarm(slot);
        window.release(
                slots.sentNanos(slot),
                ReceiveCost.ofPayload(echo.request().payload().size()));
        slots.free(slot, how, echo.request().payload().carriesToken(), nowNanos);
        if (how == SlotState.ANSWERED) {
            answered = true;
            timeOuts = 0;
        }
        return echo;
    }

    /** Frees the slot of a request that its caller has given up (SPEC END-1). */
    void cancelled(PendingEcho echo, int slot) {
        if (slots.state(slot) == SlotState.SENT && slots.pending(slot) == echo) {
            end(slot, SlotState.ENDED, System.nanoTime()).letGo();
        }
    }

    /**
     * {@return when {@link #turn} or {@link #expire} is due though nothing arrives; {@link Long#MAX_VALUE} if nothing
     * is in flight}
     */
    long nextNanos() {
        long due = wheel.nextNanos();
        if (due != Long.MAX_VALUE && receiver.isRefused()) {
            due = Math.max(due, System.nanoTime() + LaneWatch.RETRY_NANOS); // what is due waits for the next look
        }
        return watch == null ? due : Math.min(watch.nextNanos(), due);
    }

    /**
     * Times out what is due (SPEC TIM-2, TIM-4): first everything that has arrived is read, so that an answer which was
     * in our socket in time is a reply, however long this thread slept.
     */
    void expire() {
        if (isUnwatched()) {
            receiver.drainErrors(); // once a round: those that no call has met would fill the receive buffer
        }
        long now = System.nanoTime();
        if (wheel.armed() == 0 || wheel.nextNanos() - now > 0) {
            return;
        }
        receiver.drainErrors();
        LaneReceiver.Unread unread = receiver.receiveAll();
        SystemCallException refusal = receiver.refusal();
        if (refusal != null) {
            endUnreadable(refusal, now);
            return;
        }
        if (unread == LaneReceiver.Unread.SOME && now - wheel.nextNanos() < PATIENCE_NANOS) {
            return; // there is more to read; the round that reads it comes back here
        }
        boolean readable = noticeDrops(now) && unread == LaneReceiver.Unread.NOTHING;
        for (int slot = wheel.expired(now); slot >= 0; slot = wheel.expired(now)) {
            noteTimeOut(now);
            long sentNanos = slots.sentNanos(slot);
            boolean suspected = !readable
                    || (dropsNoticed && dropsNoticedAt - sentNanos >= 0)
                    || (discards != null && discards.anySince(sentNanos, now));
            EchoOutcome.TimedOut outcome = new EchoOutcome.TimedOut(Duration.ofNanos(now - sentNanos), suspected);
            wire.complete(end(slot, SlotState.ENDED, now), outcome);
        }
    }

    /**
     * SPEC OUT-4: nobody is called silent whose answer the system does not let us read. What passes soon is waited out.
     */
    private void endUnreadable(SystemCallException refusal, long now) {
        if (now - wheel.nextNanos() < REFUSAL_PATIENCE_NANOS) {
            return;
        }
        wire.defect = refusal;
        EchoOutcome.NotSent outcome = new EchoOutcome.NotSent(
                NotSentReason.OS_ERROR,
                refusal.getMessage() + "; the request was sent, and whether it was answered cannot be read",
                OptionalInt.of(refusal.errno()));
        for (int slot = wheel.expired(now); slot >= 0; slot = wheel.expired(now)) {
            wire.complete(end(slot, SlotState.ENDED, now), outcome);
        }
    }

    private void noteTimeOut(long now) {
        silentSince = timeOuts == 0 ? now : silentSince;
        timedOutAt = now;
        timeOuts++;
    }

    /** Before sending: what was dropped until now harms no request that is sent from now on. */
    void noticeEarlierDrops(long now) {
        if (now - dropsReadAt > DROPS_NANOS) {
            noticeDrops(now);
        }
        if (discards != null) {
            discards.notice(now);
        }
    }

    /** Reads the drop counter (SPEC LOAD-4); false if that is impossible, which must not look like "no drops". */
    private boolean noticeDrops(long now) {
        dropsReadAt = now;
        long read = socket.drops();
        if (read < 0) {
            return false;
        }
        long more = read - drops & 0xffffffffL; // the kernel's counter has 32 bits
        if (more > 0) {
            drops = read;
            dropsNoticed = true;
            dropsNoticedAt = now;
            wire.count(Stray.DROPPED_LOCALLY, more);
        }
        return true;
    }

    /** Takes out everything that has a slot: it has failed. */
    void fail() {
        long now = System.nanoTime();
        for (int slot = 0; slot < slots.end(); slot++) {
            PendingEcho echo = slots.pending(slot);
            if (echo != null) {
                wire.refused.forget(echo);
                if (slots.state(slot) == SlotState.SENT) {
                    end(slot, SlotState.ENDED, now);
                } else { // it may have left
                    slots.free(slot, SlotState.ENDED, echo.request().payload().carriesToken(), now);
                }
                wire.failed.add(echo);
            }
        }
    }

    /**
     * Takes out what is in flight and ends. What is being sent stays: it is dropped when that is over, being complete
     * by then.
     */
    void collect(ClosedRequests closed) {
        long now = System.nanoTime();
        for (int slot = 0; slot < slots.end(); slot++) {
            PendingEcho echo = slots.pending(slot);
            if (echo == null || !closed.includes(echo)) {
                continue;
            }
            if (slots.state(slot) == SlotState.SENT) {
                closed.addInFlight(end(slot, SlotState.ENDED, now));
            } else {
                closed.addStaged(echo);
            }
        }
    }

    /** Gives up the descriptor: first the loop forgets it, then it is closed. */
    void release() {
        if (watch == null) {
            released();
        } else {
            watch.cancel();
        }
    }

    @Override
    public void released() {
        if (!released) {
            released = true;
            noticeDrops(System.nanoTime());
            socket.close();
            owner.released(this);
        }
    }
}
