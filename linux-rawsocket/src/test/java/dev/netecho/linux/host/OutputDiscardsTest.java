// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.IpVersion;
import dev.netecho.linux.socket.SocketKind;
import org.junit.jupiter.api.Test;

/** The texts of proc(5); what they mean for requests is shown by FullQueueTest and LocalRefusalTest. */
final class OutputDiscardsTest {
    @Test
    void snmp6HasANameAndANumberInEachLine() {
        String text = "Ip6OutDiscards                  \t17\nIp6OutNoRoutes\t3\n";
        assertThat(OutputDiscards.count(text, IpVersion.V6)).isEqualTo(17);
    }

    @Test
    void snmpHasALineOfNamesAndOneOfNumbers() {
        String text = """
                Ip: Forwarding DefaultTTL OutRequests OutDiscards OutNoRoutes
                Ip: 1 64 20 17 3
                Icmp: InMsgs OutDiscards
                Icmp: 1 2
                """;
        assertThat(OutputDiscards.count(text, IpVersion.V4)).isEqualTo(17);
    }

    @Test
    void aTextWithoutTheCountIsUnknown() {
        for (String text :
                new String[] {"", "Ip: OutDiscards", "Ip: A\nIp: 1\n", "Ip: OutDiscards\nIp: x\n", "Ip6OutDiscards\n"
                }) {
            for (IpVersion version : IpVersion.values()) {
                assertThat(OutputDiscards.count(text, version)).as(text).isEqualTo(-1);
            }
        }
    }

    @Test
    void thisHostHasBothCounts() {
        for (SocketKind kind : SocketKind.values()) {
            try (OutputDiscards discards = new OutputDiscards(kind, 0)) {
                assertThat(discards.isKnown()).as(kind.name()).isTrue();
            }
        }
    }
}
