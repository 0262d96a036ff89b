// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.netecho.benchmarks.Finished;
import org.junit.jupiter.api.Test;

class BenchNetworkTest {
    private static BenchNetwork.Account account(String text) {
        return BenchNetwork.Account.of(Finished.valuesOf(text));
    }

    private static final String ZERO =
            "seen=0 answered=0 silent=0 refused=0 overrun=0 unwritten=0 dropped=0 latest_us=0";

    @Test
    void anAccountThatAddsUpHasLostNothing() {
        BenchNetwork.Account after =
                account("seen=10 answered=7 silent=3 refused=0 overrun=0 unwritten=0 dropped=0 latest_us=1500");
        assertThat(after.lostSince(account(ZERO), 10)).isZero();
        assertThat(after.latestMillis()).isEqualTo(1.5);
    }

    @Test
    void requestsThatWereSentAndNotSeenAreLost() {
        BenchNetwork.Account after =
                account("seen=9 answered=9 silent=0 refused=0 overrun=0 unwritten=0 dropped=0 latest_us=0");
        assertThat(after.lostSince(account(ZERO), 10)).isEqualTo(1);
    }

    @Test
    void requestsThatWereSeenAndNotAnsweredAreLost() {
        BenchNetwork.Account after =
                account("seen=10 answered=8 silent=0 refused=0 overrun=2 unwritten=0 dropped=0 latest_us=0");
        assertThat(after.lostSince(account(ZERO), 10)).isPositive();
    }

    @Test
    void addressesCountThroughTheWholePrefix() {
        assertThat(BenchAddress.of(BenchAddress.AT_20_MS).getHostAddress()).isEqualTo("198.19.0.0");
        assertThat(BenchAddress.of(BenchAddress.LAST).getHostAddress()).isEqualTo("198.19.255.254");
        assertThat(BenchAddress.loopback(0).getHostAddress()).isEqualTo("127.0.0.1");
        assertThatThrownBy(() -> BenchAddress.of(1)).hasMessageContaining("2 to 131070");
    }
}
