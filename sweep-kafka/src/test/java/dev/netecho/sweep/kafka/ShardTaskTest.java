// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The records of both topics: what is written can be read, and nothing else. */
final class ShardTaskTest {
    private static final SharedSweep SWEEP = SharedSweep.newBuilder("office")
            .add("10.0.0.0/16")
            .add("2001:db8::1")
            .exclude("10.0.7.0/24")
            .shards(20)
            .build();

    @Test
    void aShardReadsAsItWasWritten() {
        ShardTask task = SWEEP.task(3);
        assertThat(ShardTask.parse(task.octets())).isEqualTo(task);
        assertThat(task.text()).isEqualTo("""
                        netecho-shard 1
                        sweep office
                        shard 3 20
                        rate 1000
                        cool-down-ms 2000
                        retries 0
                        add 10.0.0.0/16
                        add 2001:db8::1
                        exclude 10.0.7.0/24
                        """);
    }

    @Test
    void shardsHaveAFingerprintInCommonAndAKeyOfTheirOwn() {
        assertThat(SWEEP.task(3).fingerprint()).isEqualTo(SWEEP.task(4).fingerprint());
        assertThat(SWEEP.task(3).key()).isEqualTo("office/3".getBytes(StandardCharsets.UTF_8));
        SharedSweep other = SharedSweep.newBuilder("office").add("10.0.0.0/16").build();
        assertThat(other.task(0).fingerprint()).isNotEqualTo(SWEEP.task(0).fingerprint());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "netecho-shard 1|netecho-shard 2",
                "sweep office|sweep of/fice",
                "shard 3 20|shard 20 20",
                "shard 3 20|shard -1 20",
                "shard 3 20|shard 3",
                "shard 3 20|shard 3 99999999999",
                "rate 1000|rate 0",
                "rate 1000|speed 1000",
                "cool-down-ms 2000|cool-down-ms 0",
                "retries 0|retries 11",
                "add 2001:db8::1|add host.example",
                "add 10.0.0.0/16|add 10.0.0.0/8",
                "exclude 10.0.7.0/24|exclude 0.0.0.0/0\nexclude ::/0",
                "exclude 10.0.7.0/24|run something",
            })
    void whatIsMalformedIsRefused(String change) {
        int bar = change.indexOf('|');
        String text = SWEEP.task(3).text();
        String malformed = text.replace(change.substring(0, bar), change.substring(bar + 1));
        assertThat(malformed).isNotEqualTo(text);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShardTask.parse(malformed.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aCutShardIsRefusedOrNamesLess() {
        byte[] whole = SWEEP.task(3).octets();
        for (int length = 0; length < new String(whole, StandardCharsets.UTF_8).indexOf("add "); length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatIllegalArgumentException().isThrownBy(() -> ShardTask.parse(cut));
        }
    }

    @Test
    void aResultReadsAsItWasWritten() throws Exception {
        ShardResult result = result();
        ShardResult.Read read = ShardResult.Read.of(result.octets(42));
        assertThat(read.result()).isEqualTo(result);
        assertThat(read.fingerprint()).isEqualTo(42);
        assertThat(result.targets()).isEqualTo(3 + 5 + 6);
    }

    @Test
    void noOctetsHarmTheReaderOfResults() throws Exception {
        byte[] whole = result().octets(42);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatIllegalArgumentException().isThrownBy(() -> ShardResult.Read.of(cut));
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] changed = whole.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            try {
                assertThat(ShardResult.Read.of(changed)).isNotNull();
            } catch (IllegalArgumentException e) {
                assertThat(e).as("seed " + seed).hasMessageStartingWith("it ");
            }
        }
    }

    private static ShardResult result() throws Exception {
        return new ShardResult(
                "office",
                3,
                20,
                "worker",
                Duration.ofMillis(1_500),
                Instant.ofEpochMilli(1_764_522_000_123L),
                List.of(InetAddress.getByName("10.0.0.1"), InetAddress.getByName("2001:db8::1")),
                List.of(InetAddress.getByName("10.0.0.2")),
                List.of(),
                5,
                6);
    }
}
