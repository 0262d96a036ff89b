// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.netecho.IpVersion;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentConfigTest {
    @TempDir
    Path folder;

    private AgentConfig read(String text) throws ConfigException, IOException {
        Path file = Files.writeString(folder.resolve("agent.yml"), text);
        return AgentConfig.read(new AgentSettings(file, null, null, null, null, null, List.of()));
    }

    @Test
    void everyKeyCounts() throws ConfigException, IOException {
        AgentConfig config = read("""
                listen: "[::1]:9000"
                interval: 1m30s
                timeout: 500ms
                payload_size: 100
                down_after: 5
                buckets: [0.001, 0.1]
                resolve_every: 2m
                ip_protocol: ip4
                targets:
                  - 127.0.0.1
                  - targets: [127.0.0.2, example.test]
                    labels: {site: 'b"1', __meta_x: y, empty: ""}
                modules:
                  small:
                    prober: icmp
                    timeout: 3s
                    icmp: {preferred_ip_protocol: ip4, ip_protocol_fallback: false, ttl: 5, payload_size: 0,
                           dont_fragment: true, source_ip_address: 127.0.0.9}
                  http_2xx:
                    prober: http
                    http: {valid_status_codes: [200]}
                probe: {allow: [10.0.0.0/8, "::1"]}
                """);
        assertThat(config.listen().getPort()).isEqualTo(9000);
        assertThat(config.interval()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.timeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.payload().size()).isEqualTo(100);
        assertThat(config.downAfter()).isEqualTo(5);
        assertThat(config.buckets()).containsExactly(0.001, 0.1);
        assertThat(config.resolveEvery()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.family()).isEqualTo(IpVersion.V4);
        TreeMap<String, String> labels = new TreeMap<>(Map.of("site", "b\"1"));
        assertThat(config.targets())
                .containsExactly(
                        TargetSpec.of("127.0.0.1"),
                        new TargetSpec("127.0.0.2", labels),
                        new TargetSpec("example.test", labels));
        ProbeModule small = config.modules().get("small");
        assertThat(small.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(small.options().hopLimit()).hasValue(5);
        assertThat(small.options().dontFragment()).isTrue();
        assertThat(config.modules().get("icmp")).isEqualTo(ProbeModule.ICMP);
        assertThat(config.modules().get("http_2xx").prober()).isEqualTo("http");
        assertThat(config.allow()).isNotNull();
    }

    @Test
    void jsonWillDo() throws ConfigException, IOException {
        assertThat(read("{\"interval\": \"5s\", \"targets\": [{\"targets\": [\"127.0.0.1\"], \"labels\": {}}]}")
                        .targets())
                .containsExactly(TargetSpec.of("127.0.0.1"));
        assertThat(read("").targets()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            interval: 10               | ''
            interval: 100ms            | ''
            interval: 1m30s            | ''
            interval: 0.5              | ''
            interval: 1x               | line 1: interval is "1x"; it must be a time from 100ms to 86400s, such as
            interval: 10ms             | line 1: interval is "10ms"; it must be a time from 100ms
            down_after: many           | line 1: down_after is "many"; it must be a whole number from 1 to 1000
            'a: 1'                     | line 1: a is no known key here; known are all_addresses, buckets
            'interval: 1s\ninterval: 2s' | line 2: has the key "interval" twice
            'timeout: 1s\ntargets: [010.0.0.1]' | line 2: targets has the host "010.0.0.1": an IPv4 address has four
            'targets: [a b]'           | line 1: targets has the host "a b": it has a character that no host has
            'targets: [{labels: {}}]'  | line 1: targets has a group without the key targets
            'targets: [{targets: [a], labels: {le: x}}]' | line 1: le is refused: the label "le" is one of the agent's own
            'targets: [{targets: [a], labels: {a-b: x}}]' | line 1: a-b is refused: the label "a-b" is no name of a label
            'targets: 5'               | line 1: targets is "5"; it must be a list
            'targets: ['               | line 1: expected
            'buckets: [2, 1]'          | line 1: buckets is "1"; it must be more than the bound before it
            'listen: 10.0.0.1'         | line 1: listen is "10.0.0.1"; it must be ADDRESS:PORT
            'modules: {a: {prober: icmp, icmp: {ttl: 300}}}' | line 1: ttl is "300"; it must be a whole number from 1 to 255
            'probe: {allow: [10.0.0.0/33]}' | line 1: allow is "10.0.0.0/33"; it must be a network or an address
            '&a [*a]'                  | it must be an object
            """)
    void aMistakeIsRefusedWithLineAndReason(String yaml, String message) throws IOException, ConfigException {
        String text = yaml.replace("\\n", "\n");
        if (message.isEmpty()) {
            assertThat(read(text)).isNotNull();
            return;
        }
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("agent.yml\"")
                .hasMessageContaining(message);
    }

    @Test
    void aListOfAGigabyteIsRefusedWithoutReadingIt() throws IOException {
        Path file = folder.resolve("big.yml");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 30);
        }
        assertThatThrownBy(() -> AgentConfig.read(new AgentSettings(file, null, null, null, null, null, List.of())))
                .hasMessageEndingWith("has more than 16 MB; share the targets among several agents");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path file = folder.resolve("none.yml");
        assertThatThrownBy(() -> AgentConfig.read(new AgentSettings(file, null, null, null, null, null, List.of())))
                .hasMessage(Words.quoted(file) + " cannot be read: no such file");
    }

    @Test
    void theCommandLineComesFirst() throws ConfigException, IOException {
        Path file = Files.writeString(folder.resolve("agent.yml"), "interval: 5s\ntargets: [127.0.0.1]");
        AgentConfig config = AgentConfig.read(new AgentSettings(
                file, "127.0.0.1:1", null, null, Duration.ofSeconds(7), null, List.of("127.0.0.1", "127.0.0.2")));
        assertThat(config.interval()).isEqualTo(Duration.ofSeconds(7));
        assertThat(config.listen().getPort()).isEqualTo(1);
        assertThat(config.targets()).containsExactly(TargetSpec.of("127.0.0.1"), TargetSpec.of("127.0.0.2"));
    }
}
