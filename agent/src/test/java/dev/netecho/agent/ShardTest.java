// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardTest {
    private static Shard read(String yaml, Map<String, String> environment) throws ConfigException {
        return Shard.read(YamlValue.parse("test", yaml), environment);
    }

    /** The last eight bytes of md5sum(1) of the host. */
    @ParameterizedTest
    @CsvSource({"198.18.1.1, 6", "example.net, 5", "2001:db8::1, 4"})
    void everyHostBelongsToOneShard(String host, int shard) {
        for (int index = 0; index < 7; index++) {
            assertThat(new Shard(index, 7).owns(host)).isEqualTo(index == shard);
        }
        assertThat(Shard.WHOLE.owns(host)).isTrue();
    }

    @Test
    void theIndexCanComeFromKubernetes() throws ConfigException {
        String auto = "{index: auto, of: 3}";
        assertThat(read(auto, Map.of("JOB_COMPLETION_INDEX", "2", "HOSTNAME", "agent-1")))
                .isEqualTo(new Shard(2, 3));
        assertThat(read(auto, Map.of("HOSTNAME", "netecho-agent-1"))).isEqualTo(new Shard(1, 3));
        assertThatThrownBy(() -> read(auto, Map.of("HOSTNAME", "agent-3"))).hasMessageContaining("from 0 to 2");
        assertThatThrownBy(() -> read(auto, Map.of())).hasMessageStartingWith("test line 1: index is auto, but");
        assertThatThrownBy(() -> read("{index: 3, of: 3}", Map.of())).hasMessageContaining("from 0 to 2");
        assertThatThrownBy(() -> read("{of: 3}", Map.of())).hasMessageContaining("must have the keys index and of");
    }
}
