// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoOutcome.NotSent;
import dev.netecho.EchoOutcome.Reply;
import dev.netecho.EchoOutcome.TimedOut;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What a watched host did: its latest requests one by one, losses of a minute, an hour and a day, and outages. Belongs
 * to the thread that reports.
 */
final class HostHistory {
    /** So many requests are kept one by one. */
    static final int RECENT = 120;

    /** A request without a reply. */
    static final long LOST = -1;

    /** A request that tells nothing of the host: this host dropped packets, or did not send it. */
    static final long UNTOLD = -2;

    private static final long SECOND = 1_000_000_000;
    private static final int MOST_OUTAGES = 20;

    /**
     * A time without replies.
     *
     * @param from when the first request was made that got no reply
     * @param until when a request was made that got a reply; null if the host is still down
     * @param why what became of the last request, in a few words
     */
    record Outage(Instant from, @Nullable Instant until, String why) {}

    private final WatchRules rules;
    private final Bursts bursts;
    private final long[] recent = new long[RECENT];
    private long ended;
    private final LossWindow minute = new LossWindow(60, SECOND);
    private final LossWindow hour = new LossWindow(60, 60 * SECOND);
    private final LossWindow day = new LossWindow(96, 900 * SECOND);
    private final Deque<Outage> outages = new ArrayDeque<>();
    private Target target;
    private HostState state = HostState.UNKNOWN;
    private int lostInARow;
    private int untoldInARow;
    private long untold;
    private @Nullable Instant lostSince;
    private String why = "";

    HostHistory(Target target, WatchRules rules) {
        this.target = target;
        this.rules = rules;
        this.bursts = new Bursts(rules);
    }

    /** {@return whether the state has changed} */
    boolean add(Probe probe, EchoOutcome outcome, long nowNanos) {
        target = probe.target();
        long sample = sample(outcome);
        keep(sample);
        if (outcome.isReply()) {
            count(nowNanos, false);
            replied(probe.asked());
        } else if (sample == UNTOLD) {
            untold++;
            untoldInARow++;
            why = OutcomeText.inShort(target, outcome);
        } else {
            count(nowNanos, true);
            untoldInARow = 0;
            lostSince = lostInARow++ == 0 ? probe.asked() : lostSince;
            why = OutcomeText.inShort(target, outcome);
        }
        return rules.burst() == 1
                ? judge(nowNanos)
                : bursts.add(probe.sequence(), sample) && becomes(bursts.state(), bursts.why());
    }

    private static long sample(EchoOutcome outcome) {
        if (outcome instanceof Reply reply) {
            return reply.roundTripTime().toNanos();
        }
        // Neither is the host's fault, so neither makes it down; nor is it a sign of life.
        boolean isUntold =
                outcome instanceof NotSent || (outcome instanceof TimedOut timedOut && timedOut.localDropsSuspected());
        return isUntold ? UNTOLD : LOST;
    }

    private void keep(long sample) {
        recent[(int) (ended++ % RECENT)] = sample;
    }

    private void count(long nowNanos, boolean isLost) {
        minute.add(nowNanos, isLost);
        hour.add(nowNanos, isLost);
        day.add(nowNanos, isLost);
    }

    private void replied(Instant asked) {
        lostInARow = 0;
        untoldInARow = 0;
        lostSince = null;
        why = "";
        Outage last = outages.peekLast();
        if (last != null && last.until() == null) {
            outages.removeLast();
            outages.addLast(new Outage(last.from(), asked, last.why()));
        }
    }

    private boolean judge(long nowNanos) {
        if (untoldInARow >= rules.downAfter()) {
            // Also of a host that was down: it may have come back meanwhile.
            return becomes(HostState.UNKNOWN, why);
        }
        if (lostInARow >= rules.downAfter()) {
            return becomes(HostState.DOWN, why);
        }
        long asked = minute.asked(nowNanos);
        if (asked == 0) {
            return becomes(HostState.UNKNOWN, why);
        }
        boolean isDegraded = rules.isLossy(minute.lost(nowNanos), asked) || rules.isSlow(times());
        return becomes(isDegraded ? HostState.DEGRADED : HostState.UP, why);
    }

    /** {@return whether the state has changed} */
    private boolean becomes(HostState now, String because) {
        HostState before = state;
        state = now;
        why = because;
        Instant since = lostSince;
        Outage last = outages.peekLast();
        if (now == HostState.DOWN && since != null && (last == null || last.until() != null)) {
            outages.addLast(new Outage(since, null, because));
            if (outages.size() > MOST_OUTAGES) {
                outages.removeFirst();
            }
        }
        return now != before;
    }

    /** Forgets everything but the state and its cause. */
    void reset() {
        ended = 0;
        untold = 0;
        outages.removeIf(outage -> outage.until() != null);
    }

    Target target() {
        return target;
    }

    HostState state() {
        return state;
    }

    /** {@return what became of the latest request, in a few words; empty if it got a reply} */
    String why() {
        return why;
    }

    /** {@return how many requests told nothing of the host} */
    long untold() {
        return untold;
    }

    LossWindow minute() {
        return minute;
    }

    LossWindow hour() {
        return hour;
    }

    LossWindow day() {
        return day;
    }

    /** {@return the latest outages, the oldest first} */
    Outage[] outages() {
        return outages.toArray(Outage[]::new);
    }

    /** {@return the latest requests, the oldest first: nanoseconds, {@link #LOST} or {@link #UNTOLD}} */
    long[] recent() {
        int kept = (int) Math.min(ended, RECENT);
        long[] samples = new long[kept];
        for (int i = 0; i < kept; i++) {
            samples[i] = recent[(int) ((ended - kept + i) % RECENT)];
        }
        return samples;
    }

    /** {@return the times of the latest replies} */
    RttStatistics times() {
        RttStatistics times = new RttStatistics();
        for (long sample : recent()) {
            if (sample > 0) {
                times.add(sample);
            }
        }
        return times;
    }

    /** {@return the time that 95 of 100 of the latest replies did not exceed, in nanoseconds; 0 if there is none} */
    long p95() {
        long[] sorted =
                Arrays.stream(recent()).filter(sample -> sample > 0).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(sorted.length * 0.95) - 1];
    }

    /** {@return the time of the latest reply, in nanoseconds; 0 if none is kept} */
    long last() {
        long[] samples = recent();
        for (int i = samples.length - 1; i >= 0; i--) {
            if (samples[i] > 0) {
                return samples[i];
            }
        }
        return 0;
    }
}
