// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoStatistics;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a run has found when it is over.
 *
 * @param targets the targets in the order given
 * @param requester the counters of the requester
 * @param elapsed from the first request to the end
 * @param provider the name of the provider that sent
 * @param givenUp the requests given up, all targets together
 * @param givenUpSent how many of them had left this host
 */
record RunResult(
        List<TargetStatistics> targets,
        EchoStatistics requester,
        Duration elapsed,
        String provider,
        long givenUp,
        long givenUpSent) {
    /** {@return a result; {@code requester} was counted after the last outcome of {@code targets}} */
    static RunResult of(List<TargetStatistics> targets, EchoStatistics requester, Duration elapsed, String provider) {
        long givenUp = 0;
        long sent = requester.sent() - requester.abandoned();
        for (TargetStatistics target : targets) {
            givenUp += target.givenUp();
            sent -= target.sentAndEnded();
        }
        return new RunResult(targets, requester, elapsed, provider, givenUp, Math.max(0, Math.min(givenUp, sent)));
    }

    /** {@return {@link ExitStatus#ANSWERED} or {@link ExitStatus#UNANSWERED}} */
    int exitStatus() {
        return targets.stream().allMatch(TargetStatistics::isAnswered) ? ExitStatus.ANSWERED : ExitStatus.UNANSWERED;
    }

    /** {@return replies whose data had changed, all targets together} */
    long altered() {
        return targets.stream().mapToLong(TargetStatistics::altered).sum();
    }

    /** {@return the requests to a target that left this host; unknown if only the requester's total is known} */
    OptionalLong sent(TargetStatistics target) {
        long ended = target.sentAndEnded();
        if (target.givenUp() == 0 || givenUpSent == 0) {
            return OptionalLong.of(ended);
        }
        OptionalLong left = attributed(OptionalLong.of(givenUpSent), givenUp, target.givenUp());
        return left.isEmpty() ? left : OptionalLong.of(ended + left.getAsLong());
    }

    /**
     * {@return a counter of the requester for one target, if it is known} It is known if there is no other target, or
     * if the targets' own counts add up to the requester's, for instance to zero.
     *
     * @param total the requester's counter
     * @param ownTotal what the outcomes of all targets show
     * @param own what the outcomes of this target show
     */
    OptionalLong attributed(OptionalLong total, long ownTotal, long own) {
        if (total.isEmpty() || targets.size() == 1) {
            return total;
        }
        return total.getAsLong() == ownTotal ? OptionalLong.of(own) : OptionalLong.empty();
    }
}
