// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Fuzzes one target, round after round, until its time is over and a fair number of rounds is done.
 *
 * <p>Every round has a seed of its own, which a failure prints: with it as {@code netecho.fuzz.seed} that round comes
 * first.
 */
public final class Campaign {
    private static final int LEAST_ROUNDS = 20_000;
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("netecho.fuzz.seconds", 1));
    private static final long GIVEN_SEED = Long.getLong("netecho.fuzz.seed", 0);

    private Campaign() {}

    /** What is fuzzed. */
    @FunctionalInterface
    public interface Target {
        /**
         * Makes one input, gives it to the target, and fails if the target does what it must not.
         *
         * @param random the source of all choices of this round
         * @return whether the input came far: it still meant something
         */
        boolean round(SplittableRandom random) throws Exception;
    }

    /**
     * Runs a campaign.
     *
     * @param name the target's, for the log
     * @param percentFar how many rounds of a hundred must come far, so that a campaign which tests nothing fails
     * @param target what is fuzzed
     */
    public static void run(String name, int percentFar, Target target) {
        long first = GIVEN_SEED != 0 ? GIVEN_SEED : ThreadLocalRandom.current().nextLong();
        long start = System.nanoTime();
        long rounds = 0;
        long far = 0;
        while (rounds < LEAST_ROUNDS || System.nanoTime() - start < TIME.toNanos()) {
            long seed = first + rounds;
            try {
                if (target.round(new SplittableRandom(seed))) {
                    far++;
                }
            } catch (Exception | AssertionError e) {
                throw new AssertionError(
                        String.format(Locale.ROOT, "%s, round %d, netecho.fuzz.seed=%d", name, rounds, seed), e);
            }
            rounds++;
        }
        System.out.printf(Locale.ROOT, "fuzz: %s: seed %d, %d rounds, %d came far%n", name, first, rounds, far);
        assertThat(100 * far)
                .as("rounds of %d that came far, times 100, with seed %d", rounds, first)
                .isGreaterThanOrEqualTo(rounds * percentFar);
    }
}
