// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What became of the addresses of a sweep, or of its shard. It adds up: {@code targets = asked + left}, and
 * {@code asked = answered + errors + silent + unsure + refused}. Immutable.
 *
 * @param targets the addresses of this shard
 * @param asked those with a result
 * @param answered those that replied
 * @param errors those of which only an ICMP error came: weaker evidence, matched by what it quotes
 * @param silent those that did not answer in time, while this host lost nothing
 * @param unsure those that did not answer, while this host may have lost the answer or the probe
 * @param refused those that were not asked: no address of one host, an address of this host, or the system refused
 * @param left those without a result, because the sweep ended early
 * @param duplicates those that replied more than once to one probe; empty if the way does not tell
 * @param packets probes sent, by earlier runs of this sweep too
 * @param elapsed how long this run took
 * @param way how it was sent
 * @param seed decides the order
 * @param shard which shard, 0 to shards - 1
 * @param shards how many shards there are
 * @param complete whether it did not end early
 * @param earlier which answers earlier runs of this sweep found, from its checkpoint; empty if this is the first run
 * @param trouble why it ended early, why no checkpoint was written, why the system refused a probe, or that the
 *     listener was not told of all hosts; a sentence for an operator
 */
public record SweepReport(
        long targets,
        long asked,
        long answered,
        long errors,
        long silent,
        long unsure,
        long refused,
        long left,
        OptionalLong duplicates,
        long packets,
        Duration elapsed,
        String way,
        long seed,
        int shard,
        int shards,
        boolean complete,
        Optional<Earlier> earlier,
        Optional<String> trouble) {
    /**
     * Which answers are from earlier runs of a sweep. Its counts include them. Silent hosts of earlier runs are not
     * counted here; {@link SweepBatch.Kind} tells them apart. Immutable.
     *
     * @param began when the first run began, by the wall clock of that host
     * @param ended when the last of them wrote the checkpoint; all that it holds is older
     * @param answered hosts that had replied
     * @param errors hosts of which only an ICMP error had come
     * @param complete whether the sweep was complete already, so that this run asked nobody. To sweep again, delete the
     *     checkpoint or give another file
     */
    public record Earlier(Instant began, Instant ended, long answered, long errors, boolean complete) {
        /** Checks for null. */
        public Earlier {
            Objects.requireNonNull(began, "began");
            Objects.requireNonNull(ended, "ended");
        }
    }

    /**
     * Checks for null, and that it adds up.
     *
     * @throws IllegalArgumentException if it does not
     */
    public SweepReport {
        Objects.requireNonNull(duplicates, "duplicates");
        Objects.requireNonNull(elapsed, "elapsed");
        Objects.requireNonNull(way, "way");
        Objects.requireNonNull(earlier, "earlier");
        Objects.requireNonNull(trouble, "trouble");
        if (asked != answered + errors + silent + unsure + refused || targets != asked + left) {
            throw new IllegalArgumentException("targets " + targets + ", asked " + asked + ", left " + left
                    + ", answered " + answered + ", errors " + errors + ", silent " + silent + ", unsure " + unsure
                    + ", refused " + refused + " do not add up");
        }
    }
}
