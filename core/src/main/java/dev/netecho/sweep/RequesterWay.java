// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import dev.netecho.EchoHandle;
import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import dev.netecho.NotSentReason;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends through an {@link EchoRequester}, on any backend. The requester matches answers, and tells silence and its
 * doubts by itself.
 *
 * <p>It may be slower than the sweep: it has a rate of its own, a bound, and other users. So it gets no more than it
 * can soon send, and is waited for as long as it goes on.
 */
final class RequesterWay implements SweepWay {
    static final String NAME = "requester";

    /** What is owed by a requester that does nothing is waited for so long, and twice the timeout. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Bounds the memory: about 1 kB each, with what the engine holds. */
    private static final int MOST_OUTSTANDING = 32_768;

    /** A requester with so many in its queue is slower than the sweep. */
    private static final int MOST_QUEUED = 256;

    /** The system has no room: time for it to make some. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** A process that stood still for longer counts as one look: the engine stood still, too. */
    private static final int LOOKS = 20;

    private final EchoRequester requester;
    private final boolean isOwn;
    private final Duration timeout;
    private final long lookNanos;
    private final LongSupplier clock;

    /** A host whose outcomes are all lost is given up once in each pass. */
    private final int mostGivenUp;

    private final ArrayDeque<Probe> arrived = new ArrayDeque<>();
    private final Set<Probe> outstanding = new LinkedHashSet<>();

    /** Requests that the requester was too busy for. */
    private final ArrayDeque<EchoRequest> again = new ArrayDeque<>();

    private long lookedNanos;
    private long sentBefore;

    /** Whether a request ended since the last look. A refusal is no end: it comes again at each try. */
    private boolean news;

    /** Whether one was refused since then: with a listenerExecutor, long after it was sent. */
    private boolean refused;

    /** How many looks there was nothing. */
    private int idleLooks;

    /** How often requests were given up since one ended. */
    private int givenUp;

    RequesterWay(EchoRequester requester, boolean isOwn, Duration timeout, int mostPasses) {
        this(requester, isOwn, timeout, mostPasses, PATIENCE, System::nanoTime);
    }

    /** With the patience of a test, and its clock. */
    RequesterWay(
            EchoRequester requester,
            boolean isOwn,
            Duration timeout,
            int mostPasses,
            Duration patience,
            LongSupplier clock) {
        this.requester = requester;
        this.isOwn = isOwn;
        this.timeout = timeout;
        this.lookNanos = timeout.multipliedBy(2).plus(patience).toNanos() / LOOKS;
        this.clock = clock;
        this.lookedNanos = clock.getAsLong();
        this.mostGivenUp = mostPasses;
        this.givenUp = mostPasses; // one that never did anything gets no second chance
    }

    /** A request, and what became of it. Equal to itself only. */
    private final class Probe implements EchoListener {
        final EchoRequest request;

        @Nullable
        EchoHandle handle;

        volatile @Nullable EchoOutcome outcome;

        Probe(EchoRequest request) {
            this.request = request;
        }

        @Override
        public void onOutcome(EchoRequest same, EchoOutcome ended) {
            outcome = ended;
            synchronized (arrived) {
                arrived.add(this);
                arrived.notifyAll();
            }
        }

        /** {@return whether it was not refused at once} */
        boolean send() {
            outstanding.add(this);
            handle = requester.sendAsync(request, this);
            return !isOverload(outcome);
        }

        void cancel() {
            if (handle != null) {
                handle.cancel();
            }
        }
    }

    private static boolean isOverload(@Nullable EchoOutcome outcome) {
        return outcome instanceof EchoOutcome.NotSent notSent && notSent.reason() == NotSentReason.OVERLOADED;
    }

    @Override
    public String name() {
        return requester.provider();
    }

    @Override
    public boolean tellsEveryOutcome() {
        return true;
    }

    @Override
    public boolean tellsDuplicates() {
        return false;
    }

    @Override
    public int send(SweepProbes probes) throws IOException {
        if (!requester.isOpen()) {
            throw closed();
        }
        if (!again.isEmpty() || isBusy()) {
            return 0;
        }
        int room = Math.min(probes.size(), MOST_OUTSTANDING - outstanding.size());
        int taken = 0;
        boolean mayGoOn = true;
        while (taken < room && mayGoOn) {
            EchoRequest request = EchoRequest.newBuilder(probes.address(taken++))
                    .timeout(timeout)
                    .build();
            mayGoOn = new Probe(request).send();
        }
        return taken;
    }

    private boolean isBusy() {
        return outstanding.size() >= MOST_QUEUED && requester.statistics().queued() >= MOST_QUEUED;
    }

    @Override
    public void receive(SweepAnswers answers, long maxWaitNanos) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + maxWaitNanos;
        boolean waits = maxWaitNanos > 0;
        while (true) {
            Probe probe;
            synchronized (arrived) {
                long left = deadline - System.nanoTime();
                while (waits && arrived.isEmpty() && left > 0) {
                    TimeUnit.NANOSECONDS.timedWait(arrived, left);
                    left = deadline - System.nanoTime();
                }
                if (arrived.isEmpty()) {
                    break;
                }
                probe = arrived.remove();
            }
            waits = false;
            EchoOutcome outcome = probe.outcome;
            if (outcome != null && outstanding.remove(probe)) {
                take(answers, probe.request, outcome);
            }
        }
        if (!again.isEmpty()) {
            TimeUnit.NANOSECONDS.sleep(PAUSE_NANOS);
            boolean mayGoOn = true;
            for (int i = Math.min(again.size(), SweepProbes.MOST); i > 0 && mayGoOn; i--) {
                mayGoOn = new Probe(again.remove()).send();
            }
        }
        look(answers);
    }

    private void take(SweepAnswers answers, EchoRequest request, EchoOutcome outcome) throws IOException {
        InetAddress destination = request.destination();
        long high = Addresses.high(destination);
        long low = Addresses.low(destination);
        if (isOverload(outcome)) {
            refused = true;
            again.add(request);
            return;
        }
        news = true;
        givenUp = 0;
        if (outcome instanceof EchoOutcome.Reply reply) {
            answers.onReply(high, low, reply.roundTripTime().toNanos());
        } else if (outcome instanceof EchoOutcome.IcmpError error) {
            InetAddress responder = error.responder();
            answers.onError(
                    high,
                    low,
                    error.kind(),
                    Addresses.high(responder),
                    Addresses.low(responder),
                    error.roundTripTime().toNanos());
        } else if (outcome instanceof EchoOutcome.TimedOut silence) {
            if (silence.localDropsSuspected()) {
                answers.onDoubt(high, low);
            } else {
                answers.onSilence(high, low);
            }
        } else if (outcome instanceof EchoOutcome.NotSent notSent) {
            if (notSent.reason() == NotSentReason.CLOSED) {
                throw closed();
            }
            answers.onRefusal(high, low, notSent.detail());
        }
    }

    /** A requester that sends what others gave it earlier will come to what is owed here. */
    private void look(SweepAnswers answers) throws IOException {
        long now = clock.getAsLong();
        if (now - lookedNanos < lookNanos) {
            return;
        }
        lookedNanos = now;
        EchoStatistics statistics = requester.statistics();
        boolean isBusy = statistics.queued() > 0 || refused;
        boolean owesNothing = outstanding.isEmpty() && again.isEmpty();
        boolean goesOn = news || owesNothing || (isBusy && statistics.sent() != sentBefore);
        news = false;
        refused = !again.isEmpty();
        sentBefore = statistics.sent();
        idleLooks = goesOn ? 0 : idleLooks + 1;
        if (idleLooks > LOOKS) {
            giveUp(answers);
        }
    }

    private void giveUp(SweepAnswers answers) throws IOException {
        if (givenUp == mostGivenUp) {
            throw new IOException("requester " + requester.name() + " owes " + (outstanding.size() + again.size())
                    + " outcomes, and has sent or ended nothing for "
                    + TimeUnit.NANOSECONDS.toSeconds(lookNanos * LOOKS) + " seconds; continue the sweep with another");
        }
        for (Probe probe : outstanding) {
            probe.cancel();
            again.add(probe.request);
        }
        outstanding.clear();
        for (EchoRequest request : again) {
            answers.onDoubt(Addresses.high(request.destination()), Addresses.low(request.destination()));
        }
        again.clear();
        givenUp++;
        idleLooks = 0;
    }

    private IOException closed() {
        return new IOException("requester " + requester.name() + " was closed; give the sweep one that stays open");
    }

    /** What waits in the queue of the requester would be sent after the report. */
    @Override
    public void close() {
        outstanding.forEach(Probe::cancel);
        outstanding.clear();
        if (isOwn) {
            requester.close();
        }
    }
}
