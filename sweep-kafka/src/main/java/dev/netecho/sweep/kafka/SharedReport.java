// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import java.util.List;
import java.util.Objects;

/**
 * What became of the addresses of a shared sweep. It adds up: {@code targets = answered + errors + silent + unsure +
 * refused + notSwept}. Immutable.
 *
 * @param sweep the name of the sweep
 * @param shards how many shards there are
 * @param missing the shards without a result, in order; their addresses are not swept
 * @param earlier how many shards had a result before this run began: nobody swept them now, and each
 *     {@link ShardResult#ended} says when somebody did. To sweep again, give the sweep another name
 * @param targets the addresses of all shards
 * @param answered those that replied
 * @param errors those of which only an ICMP error came
 * @param silent those that did not answer in time
 * @param unsure those that did not answer, while the worker may have lost the answer or the probe
 * @param refused those that were not asked
 * @param notSwept those of the missing shards: nothing is known of them
 */
public record SharedReport(
        String sweep,
        int shards,
        List<Integer> missing,
        int earlier,
        long targets,
        long answered,
        long errors,
        long silent,
        long unsure,
        long refused,
        long notSwept) {
    /**
     * Copies the list, and checks that it adds up.
     *
     * @throws IllegalArgumentException if it does not
     */
    public SharedReport {
        Objects.requireNonNull(sweep, "sweep");
        missing = List.copyOf(missing);
        if (targets != answered + errors + silent + unsure + refused + notSwept
                || missing.isEmpty() != (notSwept == 0)) {
            throw new IllegalArgumentException("targets " + targets + ", answered " + answered + ", errors " + errors
                    + ", silent " + silent + ", unsure " + unsure + ", refused " + refused + ", not swept " + notSwept
                    + " in " + missing.size() + " shards do not add up");
        }
    }

    /** {@return whether every shard has a result} */
    public boolean complete() {
        return missing.isEmpty();
    }
}
