// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * Sends through an {@link EchoRequester}, on any backend. The requester matches answers, and tells silence and its
 * doubts by itself.
 */
final class RequesterWay implements SweepWay {
    static final String NAME = "requester";

    /** Bounds the memory: about 1 kB each, with what the engine holds. */
    private static final int MOST_OUTSTANDING = 32_768;

    /** The system has no room: time for it to make some. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final EchoRequester requester;
    private final boolean isOwn;
    private final Duration timeout;
    private final ArrayDeque<Object> arrived = new ArrayDeque<>();

    /** Requests that the requester was too busy for. */
    private final ArrayDeque<EchoRequest> again = new ArrayDeque<>();

    private int outstanding;

    RequesterWay(EchoRequester requester, boolean isOwn, Duration timeout) {
        this.requester = requester;
        this.isOwn = isOwn;
        this.timeout = timeout;
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
        if (!again.isEmpty()) {
            return 0;
        }
        int room = Math.min(probes.size(), MOST_OUTSTANDING - outstanding);
        for (int i = 0; i < room; i++) {
            outstanding++;
            send(EchoRequest.newBuilder(probes.address(i)).timeout(timeout).build());
        }
        return Math.max(0, room);
    }

    private void send(EchoRequest request) {
        var unused = requester.sendAsync(request, this::onOutcome);
    }

    private void onOutcome(EchoRequest request, EchoOutcome outcome) {
        synchronized (arrived) {
            arrived.add(request);
            arrived.add(outcome);
            arrived.notifyAll();
        }
    }

    @Override
    public void receive(SweepAnswers answers, long maxWaitNanos) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + maxWaitNanos;
        boolean waits = maxWaitNanos > 0;
        while (true) {
            EchoRequest request;
            EchoOutcome outcome;
            synchronized (arrived) {
                long left = deadline - System.nanoTime();
                while (waits && arrived.isEmpty() && left > 0) {
                    TimeUnit.NANOSECONDS.timedWait(arrived, left);
                    left = deadline - System.nanoTime();
                }
                if (arrived.isEmpty()) {
                    break;
                }
                request = (EchoRequest) arrived.remove();
                outcome = (EchoOutcome) arrived.remove();
            }
            waits = false;
            take(answers, request, outcome);
        }
        if (!again.isEmpty()) {
            TimeUnit.NANOSECONDS.sleep(PAUSE_NANOS);
            int count = Math.min(again.size(), SweepProbes.MOST);
            for (int i = 0; i < count; i++) {
                send(again.remove());
            }
        }
    }

    private void take(SweepAnswers answers, EchoRequest request, EchoOutcome outcome) throws IOException {
        InetAddress destination = request.destination();
        long high = Addresses.high(destination);
        long low = Addresses.low(destination);
        if (outcome instanceof EchoOutcome.NotSent notSent) {
            if (notSent.reason() == NotSentReason.OVERLOADED) {
                again.add(request);
                return;
            }
            if (notSent.reason() == NotSentReason.CLOSED) {
                throw closed();
            }
        }
        outstanding--;
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
            answers.onRefusal(high, low, notSent.detail());
        }
    }

    private IOException closed() {
        return new IOException("requester " + requester.name() + " was closed; give the sweep one that stays open");
    }

    @Override
    public void close() {
        if (isOwn) {
            requester.close();
        }
    }
}
