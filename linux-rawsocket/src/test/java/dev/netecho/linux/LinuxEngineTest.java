// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToLongFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the destinations are spread over the event loops. */
final class LinuxEngineTest {
    private static final int ADDRESSES = 256;

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 7, 8, 16})
    void givesEveryLoopItsShareWhereverTheAddressesDiffer(int loops) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) { // 0.0.0.N to N.0.0.0
            int at = shift;
            spreads(loops, "IPv4, bit " + shift, n -> 0, n -> 0x0a00_0001L ^ (long) n << at);
        }
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            int at = shift;
            spreads(loops, "IPv6, low bit " + shift, n -> 0x20010db800000000L, n -> 1 ^ (long) n << at);
            spreads(loops, "IPv6, high bit " + shift, n -> 0x20010db800000000L ^ (long) n << at, n -> 1);
        }
    }

    private static void spreads(int loops, String where, IntToLongFunction high, IntToLongFunction low) {
        int[] shares = new int[loops];
        for (int n = 0; n < ADDRESSES; n++) {
            shares[LinuxEngine.loopOf(high.applyAsLong(n), low.applyAsLong(n), loops)]++;
        }
        for (int share : shares) {
            assertThat(share)
                    .as("%s, over %d loops", where, loops)
                    .isBetween(ADDRESSES / loops / 2, ADDRESSES / loops * 2 + 1);
        }
    }
}
