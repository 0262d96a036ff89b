// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HashmodTest {
    @Test
    void theShardIsTheLastEightBytesOfTheDigestModuloTheShards() {
        // RFC 1321, appendix A.5: MD5 ("abc") = 900150983cd24fb0d6963f7d28e17f72
        int shard = (int) Long.remainderUnsigned(0xd6963f7d28e17f72L, 20);
        assertThat(new Hashmod().shard("abc", 20)).isEqualTo(shard);
    }

    @Test
    void oneShardTakesEverything() {
        assertThat(new Hashmod().shard("10.0.0.1", 1)).isZero();
    }
}
