// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which shards are issued, which have results, and what these add up to. Times are those of {@link System#nanoTime}.
 */
final class ShardBoard {
    private final SharedSweep sweep;
    private final long fingerprint;
    private final long patienceNanos;
    private final Map<Integer, Counts> results = new HashMap<>();

    /** When those without a result were issued, the oldest first. */
    private final Map<Integer, Long> out = new LinkedHashMap<>();

    private int next;
    private long newsNanos;

    private boolean hasBegun;

    private record Counts(boolean earlier, long answered, long errors, long silent, long unsure, long refused) {}

    ShardBoard(SharedSweep sweep) {
        this.sweep = sweep;
        this.fingerprint = sweep.task(0).fingerprint();
        this.patienceNanos = sweep.patience().toNanos();
    }

    void begin(long now) {
        newsNanos = now;
        hasBegun = true;
    }

    /** {@return a shard to issue now, or -1} */
    int next() {
        while (next < sweep.shards() && results.containsKey(next)) {
            next++;
        }
        return next < sweep.shards() && out.size() < sweep.shardsAtATime() ? next : -1;
    }

    void issued(int shard, long now) {
        next = shard + 1;
        out.put(shard, now);
    }

    /**
     * {@return whether it is a result of this sweep}
     *
     * @throws IllegalStateException if it is one of another sweep of this name
     */
    boolean result(ShardResult.Read read, long now) {
        ShardResult result = read.result();
        if (!result.sweep().equals(sweep.name())) {
            return false;
        }
        if (read.fingerprint() != fingerprint || result.shards() != sweep.shards()) {
            throw new IllegalStateException("there are results of another sweep named \"" + sweep.name()
                    + "\", with other ranges or settings; give this one another name");
        }
        results.put(
                result.shard(),
                new Counts(
                        !hasBegun,
                        result.answered().size(),
                        result.errors().size(),
                        result.silent(),
                        result.unsure().size(),
                        result.refused()));
        out.remove(result.shard());
        newsNanos = now;
        return true;
    }

    /** {@return whether there is nothing more to wait for}; shards that took too long make room for others. */
    boolean isOver(long now) {
        Iterator<Long> times = out.values().iterator();
        while (times.hasNext() && now - times.next() >= patienceNanos) {
            times.remove();
        }
        boolean allIssued = next() < 0 && out.isEmpty();
        return allIssued || now - newsNanos >= patienceNanos;
    }

    SharedReport report() {
        List<Integer> missing = new ArrayList<>();
        for (int shard = 0; shard < sweep.shards(); shard++) {
            if (!results.containsKey(shard)) {
                missing.add(shard);
            }
        }
        int earlier = 0;
        long answered = 0;
        long errors = 0;
        long silent = 0;
        long unsure = 0;
        long refused = 0;
        for (Counts counts : results.values()) {
            earlier += counts.earlier ? 1 : 0;
            answered += counts.answered;
            errors += counts.errors;
            silent += counts.silent;
            unsure += counts.unsure;
            refused += counts.refused;
        }
        long targets = sweep.targets().size();
        long notSwept = targets - answered - errors - silent - unsure - refused;
        return new SharedReport(
                sweep.name(),
                sweep.shards(),
                missing,
                earlier,
                targets,
                answered,
                errors,
                silent,
                unsure,
                refused,
                notSwept);
    }
}
