// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoOutcome.IcmpError;
import dev.netecho.EchoOutcome.Reply;
import dev.netecho.EchoOutcome.TimedOut;

/** What was counted for one target. Belongs to the thread that reports. */
final class TargetStatistics {
    private final Target target;
    private final RttStatistics rtt = new RttStatistics();
    private long received;
    private long altered;
    private long icmpErrors;
    private long timedOut;
    private long notSent;
    private long givenUp;

    TargetStatistics(Target target) {
        this.target = target;
    }

    void add(EchoOutcome outcome) {
        if (outcome instanceof Reply reply) {
            received++;
            rtt.add(reply.roundTripTime().toNanos());
            if (!reply.payloadIntact()) {
                altered++;
            }
        } else if (outcome instanceof IcmpError) {
            icmpErrors++;
        } else if (outcome instanceof TimedOut) {
            timedOut++;
        } else {
            notSent++;
        }
    }

    /** Says how many requests were begun; those without an outcome were given up by an interrupt. */
    void begun(long requests) {
        givenUp = requests - asked();
    }

    Target target() {
        return target;
    }

    RttStatistics rtt() {
        return rtt;
    }

    /** {@return requests that left this host and have ended; those given up are in neither sum} */
    long sent() {
        return received + icmpErrors + timedOut;
    }

    /** {@return requests that have ended, sent or not: loss is a part of these} */
    long asked() {
        return sent() + notSent;
    }

    /** {@return requests that have ended without a reply, sent or not} */
    long lost() {
        return asked() - received;
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

    long givenUp() {
        return givenUp;
    }

    /** {@return whether every request was answered; one that was given up counts only where no other was answered} */
    boolean isAnswered() {
        return lost() == 0 && (givenUp == 0 || received > 0);
    }
}
