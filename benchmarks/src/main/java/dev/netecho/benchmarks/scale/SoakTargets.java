// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import dev.netecho.testkit.lab.LabPlan;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Hosts of the lab of which it is known what they do, and what was said of them. */
final class SoakTargets {
    /** Of hosts that answer: longer than anything that may hold up a lab beside busy threads. */
    private static final Duration LONG = Duration.ofSeconds(5);

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final int HOSTS = 250;

    private final List<Target> targets = new ArrayList<>();
    private final AtomicLong outcomes = new AtomicLong();
    private final AtomicLong untrue = new AtomicLong();
    private final AtomicLong unflagged = new AtomicLong();
    private final AtomicLong flagged = new AtomicLong();
    private final AtomicLong closed = new AtomicLong();
    private final boolean mayClose;
    private volatile String example = "none";
    private long requests;

    /**
     * A host.
     *
     * @param request what it is asked
     * @param truth what has to come of it
     */
    private record Target(EchoRequest request, Class<? extends EchoOutcome> truth) {}

    SoakTargets(boolean mayClose) {
        this.mayClose = mayClose;
        for (int host = 1; host <= HOSTS; host++) {
            add(LabPlan.AT_ONCE, host, LONG, EchoOutcome.Reply.class);
            add(LabPlan.DELAYED, 1 + host % 25, LONG, EchoOutcome.Reply.class);
            add(LabPlan.MANY_AT_50_MS, host, LONG, EchoOutcome.Reply.class);
            add(LabPlan.DUPLICATED, 1 + host % 3, LONG, EchoOutcome.Reply.class);
            add(LabPlan.SILENT, host, SHORT, EchoOutcome.TimedOut.class);
            add(LabPlan.LATE, 4, SHORT, EchoOutcome.TimedOut.class);
            add(LabPlan.UNREACHABLE, 1, LONG, EchoOutcome.IcmpError.class);
        }
    }

    private void add(LabPlan row, int d, Duration timeout, Class<? extends EchoOutcome> truth) {
        for (InetAddress address : List.of(row.ipv4(d), row.ipv6(d))) {
            targets.add(
                    new Target(EchoRequest.newBuilder(address).timeout(timeout).build(), truth));
        }
    }

    void askNext(EchoRequester requester) {
        Target target = targets.get((int) (requests % targets.size()));
        requests++;
        EchoListener judge = (request, outcome) -> judge(target, outcome);
        requester.sendAsync(target.request, judge);
    }

    private void judge(Target target, EchoOutcome outcome) {
        if (outcome instanceof EchoOutcome.NotSent not && not.reason() == NotSentReason.CLOSED && mayClose) {
            closed.incrementAndGet();
        } else if (!target.truth.isInstance(outcome)) {
            if (outcome instanceof EchoOutcome.TimedOut silence) {
                (silence.localDropsSuspected() ? flagged : unflagged).incrementAndGet();
            } else {
                untrue.incrementAndGet();
            }
            example = (target.request.destination().getHostAddress() + ":" + outcome).replace(' ', '_');
        }
        outcomes.incrementAndGet();
    }

    /** {@return how many outcomes have not come yet} */
    long missing() {
        return requests - outcomes.get();
    }

    @Override
    public String toString() {
        return "requests=" + requests + " missing=" + missing() + " untrue=" + untrue + " unflagged=" + unflagged
                + " flagged=" + flagged + " closed=" + closed + " example:" + example;
    }
}
