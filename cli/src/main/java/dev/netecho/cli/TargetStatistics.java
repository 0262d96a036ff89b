// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoOutcome.IcmpError;
import dev.netecho.EchoOutcome.Reply;
import dev.netecho.EchoOutcome.TimedOut;
import org.jspecify.annotations.Nullable;

/** What was counted for one target. Belongs to the thread that reports. */
final class TargetStatistics {
    private Target target;
    private final RttStatistics rtt = new RttStatistics();
    /** Other threads may read it. */
    private volatile long received;

    private long altered;
    private long icmpErrors;
    private long timedOut;
    private long droppedLocally;
    private long notSent;
    private long givenUp;
    private @Nullable EchoOutcome failure;

    TargetStatistics(Target target) {
        this.target = target;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread adds
    void add(EchoOutcome outcome) {
        failure = outcome.isReply() ? null : outcome;
        if (outcome instanceof Reply reply) {
            received++;
            rtt.add(reply.roundTripTime().toNanos());
            if (!reply.payloadIntact()) {
                altered++;
            }
        } else if (outcome instanceof IcmpError) {
            icmpErrors++;
        } else if (outcome instanceof TimedOut late) {
            timedOut++;
            droppedLocally += late.localDropsSuspected() ? 1 : 0;
        } else {
            notSent++;
        }
    }

    /** Sets the number of all requests; those without an outcome were given up at the interrupt. */
    void asked(long requests) {
        givenUp = requests - ended();
    }

    Target target() {
        return target;
    }

    /** The name has another address. */
    void moved(Target now) {
        target = now;
    }

    RttStatistics rtt() {
        return rtt;
    }

    /** {@return all requests: those that have ended and those given up} */
    long asked() {
        return ended() + givenUp;
    }

    /** {@return requests that left this host and have ended; {@link RunResult#sent} has those given up, too} */
    long sentAndEnded() {
        return received + icmpErrors + timedOut;
    }

    /** {@return whether a request tells of the host: it was sent, and this host did not lose it or its answer} */
    boolean isTold() {
        return sentAndEnded() > droppedLocally;
    }

    /** {@return requests that have ended, sent or not: loss is a part of these} */
    long ended() {
        return sentAndEnded() + notSent;
    }

    /** {@return requests that have ended without a reply, sent or not} */
    long lost() {
        return ended() - received;
    }

    /** {@return the part of the ended requests that had no reply; 0 if none has ended} */
    double lossRatio() {
        return ended() == 0 ? 0 : (double) lost() / ended();
    }

    /** {@return whether the latest request that has ended had no reply} */
    boolean isDown() {
        return failure != null;
    }

    /** {@return the outcome of the latest request that has ended; null if it was a reply, or none has ended} */
    @Nullable
    EchoOutcome failure() {
        return failure;
    }

    long received() {
        return received;
    }

    long altered() {
        return altered;
    }

    long icmpErrors() {
        return icmpErrors;
    }

    long timedOut() {
        return timedOut;
    }

    long notSent() {
        return notSent;
    }

    /** {@return requests that had no outcome when the run was interrupted} */
    long givenUp() {
        return givenUp;
    }

    /** {@return whether there was an answer, and every request that has ended got one} */
    boolean isAnswered() {
        return lost() == 0 && received > 0;
    }
}
