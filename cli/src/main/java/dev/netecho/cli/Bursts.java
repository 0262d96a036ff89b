// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeMap;

/**
 * Judges a host by bursts of requests. Its state is that of the best of the latest bursts: it gets worse only after so
 * many in a row that are as bad, and better with the first that is better. Not thread-safe.
 */
final class Bursts {
    private final WatchRules rules;

    /** Those that have not ended, by their number: a request may take longer than the pause between two bursts. */
    private final TreeMap<Long, Burst> open = new TreeMap<>();

    /** The states of the latest bursts that told something. */
    private final Deque<HostState> latest = new ArrayDeque<>();

    private int untoldInARow;
    private String why = "";

    Bursts(WatchRules rules) {
        this.rules = rules;
    }

    /** What came of one burst. */
    private static final class Burst {
        final RttStatistics times = new RttStatistics();
        int ended;
        int lost;
        int untold;
    }

    /**
     * {@return whether a burst has ended with this request}
     *
     * @param sequence the number of the request, 1 or more
     * @param sample how long the reply took, or {@link HostHistory#LOST} or {@link HostHistory#UNTOLD}
     */
    boolean add(long sequence, long sample) {
        long number = (sequence - 1) / rules.burst();
        Burst burst = open.computeIfAbsent(number, any -> new Burst());
        burst.ended++;
        if (sample == HostHistory.LOST) {
            burst.lost++;
        } else if (sample == HostHistory.UNTOLD) {
            burst.untold++;
        } else {
            burst.times.add(sample);
        }
        if (burst.ended < rules.burst()) {
            return false;
        }
        open.remove(number);
        judge(burst);
        return true;
    }

    private void judge(Burst burst) {
        int told = burst.ended - burst.untold;
        if (told == 0) {
            if (++untoldInARow >= rules.downAfter()) {
                latest.clear();
            }
            why = "nothing was told by the last burst";
            return;
        }
        untoldInARow = 0;
        why = "";
        HostState state = HostState.UP;
        if (burst.lost == told || rules.isLossy(burst.lost, told)) {
            state = burst.lost == told ? HostState.DOWN : HostState.DEGRADED;
            why = burst.lost + " of " + told + " lost";
        } else if (rules.isSlow(burst.times)) {
            state = HostState.DEGRADED;
            why = "mean time " + Decimals.shortMillis(burst.times.mean()) + " ms";
        }
        latest.addLast(state);
        if (latest.size() > rules.downAfter()) {
            latest.removeFirst();
        }
    }

    /** {@return the state after the last burst that has ended} */
    HostState state() {
        if (latest.isEmpty()) {
            return HostState.UNKNOWN;
        }
        if (latest.contains(HostState.UP)) {
            return HostState.UP;
        }
        return latest.contains(HostState.DEGRADED) || latest.size() < rules.downAfter()
                ? HostState.DEGRADED
                : HostState.DOWN;
    }

    /** {@return what was wrong with the last burst that has ended; empty if nothing was} */
    String why() {
        return why;
    }
}
