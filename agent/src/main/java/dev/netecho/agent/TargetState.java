// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoOutcome.NotSent;
import dev.netecho.EchoOutcome.Reply;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import io.prometheus.metrics.model.snapshots.Labels;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One target: where to send, and what came back. Thread-safe: the schedule asks, the requester's thread tells, and
 * scrapes read.
 */
final class TargetState implements EchoListener {
    /** What is known of the host. */
    enum Condition {
        UP,
        DOWN,
        /** No request has told yet, or the last ones told nothing. */
        UNKNOWN
    }

    private static final AtomicLong IDS = new AtomicLong();

    private final long id = IDS.incrementAndGet();
    private final TargetSpec spec;
    private final Labels labels;
    private final @Nullable Labels[] outcomeLabels = new Labels[OutcomeKind.ALL.size()];

    // What the name has resolved to. The trouble is empty if it did.
    private volatile @Nullable EchoRequest request;
    private volatile String trouble = "is not looked up yet";

    // Guarded by this.
    private final long[] outcomes = new long[OutcomeKind.ALL.size()];
    private int downAfter;
    private RoundTrips roundTrips;
    private final History history = new History();
    private long requests;
    private int missed;
    private int untold;
    private Condition condition = Condition.UNKNOWN;
    private OptionalInt hopLimit = OptionalInt.empty();
    private @Nullable EchoOutcome last;
    private long lastMillis;
    private long lastNanos = System.nanoTime();

    /**
     * Constructs a target that was not asked yet.
     *
     * @param address which of the addresses of its name it is, as a label; null if it is the name
     */
    TargetState(TargetSpec spec, @Nullable InetAddress address, AgentConfig config) {
        this.spec = spec;
        this.downAfter = config.downAfter();
        this.roundTrips = new RoundTrips(config.buckets());
        this.labels = labels(spec, address);
    }

    private static Labels labels(TargetSpec spec, @Nullable InetAddress address) {
        List<String> names = new ArrayList<>(List.of("target"));
        List<String> values = new ArrayList<>(List.of(spec.host()));
        if (address != null) {
            names.add("address");
            values.add(Addresses.text(address));
        }
        names.addAll(spec.labels().keySet());
        values.addAll(spec.labels().values());
        return Labels.of(names, values);
    }

    /** {@return a number that no other target of this process has} */
    long id() {
        return id;
    }

    TargetSpec spec() {
        return spec;
    }

    /** {@return the labels of its series} */
    Labels labels() {
        return labels;
    }

    /** {@return the labels of its series, and one more unless it is among them} */
    Labels labels(String name, String value) {
        return labels.contains(name) ? labels : labels.add(name, value);
    }

    /** {@return the labels of the count of one kind of outcome} */
    Labels labels(OutcomeKind kind) {
        Labels known = outcomeLabels[kind.index()];
        if (known == null) {
            known = kind.reason().isEmpty()
                    ? labels.add("outcome", kind.outcome())
                    : labels.merge(new String[] {"outcome", "reason"}, new String[] {kind.outcome(), kind.reason()});
            outcomeLabels[kind.index()] = known; // two scrapes at once write equal ones
        }
        return known;
    }

    /** Counts by another configuration from now on. What was counted stays, but times have no other buckets. */
    synchronized void configured(AgentConfig next) {
        downAfter = next.downAfter();
        RoundTrips empty = new RoundTrips(next.buckets());
        if (!roundTrips.isLike(empty)) {
            roundTrips = empty;
        }
    }

    /** Says where the target is from now on. */
    void resolved(EchoRequest to) {
        trouble = "";
        request = to;
    }

    /** Says why the name has no address; one that it had stays in force. */
    void unresolved(String why) {
        if (request == null) {
            trouble = why;
        }
    }

    /** Says that its address is not to be asked any more. */
    void forget() {
        trouble = "is not looked up yet";
        request = null;
    }

    /** {@return the address that is asked; null if the name has none yet} */
    @Nullable
    InetAddress address() {
        EchoRequest current = request;
        return current == null ? null : current.destination();
    }

    /** {@return why there is no address; empty if there is one} */
    String trouble() {
        return trouble;
    }

    /** Sends one request. A target without an address has an outcome too, so that its series have no gap. */
    void ask(EchoRequester requester) {
        EchoRequest current = request;
        synchronized (this) {
            requests++;
            if (current == null) {
                count(OutcomeKind.UNRESOLVED, 0);
                last = null;
                lastMillis = System.currentTimeMillis();
                return;
            }
        }
        requester.sendAsync(current, this);
    }

    @Override
    public void onOutcome(EchoRequest asked, EchoOutcome outcome) {
        OutcomeKind kind = OutcomeKind.of(outcome);
        double seconds = outcome instanceof Reply reply ? reply.roundTripTime().toNanos() / 1e9 : 0;
        long now = System.currentTimeMillis();
        synchronized (this) {
            count(kind, (int) Math.min(Integer.MAX_VALUE, seconds * 1e6));
            last = outcome;
            lastMillis = now;
            if (outcome instanceof Reply reply) {
                roundTrips.add(seconds);
                hopLimit = reply.hopLimit();
            }
        }
    }

    /** The same rule as in netecho monitor: only requests that left this host make a target down. */
    private void count(OutcomeKind kind, int micros) {
        lastNanos = System.nanoTime();
        history.add(History.minute(lastNanos), kind, micros);
        outcomes[kind.index()]++;
        switch (kind.verdict()) {
            case UP -> {
                missed = 0;
                untold = 0;
                condition = Condition.UP;
            }
            case MISSED -> {
                untold = 0;
                if (++missed >= downAfter) {
                    condition = Condition.DOWN;
                }
            }
            case NOTHING -> {
                if (++untold >= downAfter) {
                    missed = 0;
                    condition = Condition.UNKNOWN;
                }
            }
        }
    }

    /** How a target is at a moment, for people. */
    static final class Moment {
        final Condition condition;

        /** Null if there is none, or the name had no address. */
        final @Nullable EchoOutcome last;

        /** When that was; 0 for never. */
        final long lastMillis;

        /** In the last five minutes, per mille of the outcomes that tell; -1 if none does. */
        final int loss;

        /** The current minute for a sparkline. */
        final int spark;

        private Moment(TargetState of) {
            condition = of.condition;
            last = of.last;
            lastMillis = of.lastMillis;
            loss = of.history.lossPerMille(History.minute(System.nanoTime()), 5);
            spark = of.history.spark();
        }

        /** {@return why the last round ended without a reply; empty if it did with one, or there was none} */
        String reason() {
            return last == null ? "" : OutcomeKind.of(last).reason();
        }

        /** {@return what the system said of a request that was not sent; otherwise empty} */
        String detail() {
            return last instanceof NotSent refused ? refused.detail() : "";
        }
    }

    /** {@return whether something was counted after a moment of {@link System#nanoTime}} */
    synchronized boolean changedSince(long nanos) {
        return lastNanos - nanos >= 0;
    }

    /** Appends the minutes of the last hour, for a sparkline or whole. */
    synchronized void appendHistory(StringBuilder json, boolean whole) {
        long now = History.minute(System.nanoTime());
        if (whole) {
            history.append(json, now);
        } else {
            history.appendSparks(json, now);
        }
    }

    synchronized Moment moment() {
        return new Moment(this);
    }

    synchronized Condition condition() {
        return condition;
    }

    /** {@return how often it was asked} */
    synchronized long requests() {
        return requests;
    }

    /** {@return how many rounds ended in each way, by the index of its kind} */
    synchronized long[] outcomes() {
        return outcomes.clone();
    }

    /** {@return that of the last reply} */
    synchronized OptionalInt hopLimit() {
        return hopLimit;
    }

    /** {@return those up to now} */
    synchronized RoundTrips roundTrips() {
        return roundTrips.copy();
    }
}
