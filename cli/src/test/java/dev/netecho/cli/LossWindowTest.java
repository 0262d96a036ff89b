// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LossWindowTest {
    @Test
    void countsAsAListOfAllRequestsWould() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        LossWindow window = new LossWindow(6, 10);
        Deque<long[]> all = new ArrayDeque<>();
        long now = random.nextLong(-500, 500);
        for (int i = 0; i < 5_000; i++) {
            now += random.nextInt(100) == 0 ? random.nextLong(200) : random.nextLong(4);
            boolean lost = random.nextBoolean();
            window.add(now, lost);
            all.add(new long[] {Math.floorDiv(now, 10L), lost ? 1 : 0});
            long first = Math.floorDiv(now, 10L) - 5;
            all.removeIf(request -> request[0] < first);
            assertThat(new long[] {window.asked(now), window.lost(now)})
                    .as("seed %s, request %s", seed, i)
                    .containsExactly(
                            all.size(),
                            all.stream().mapToLong(request -> request[1]).sum());
        }
        assertThat(window.asked(now + 60)).isZero();
        assertThat(window.percent(now + 60)).isEqualTo("-");
    }
}
