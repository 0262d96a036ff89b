// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.IpVersion;
import dev.netecho.linux.socket.SocketKind;
import org.junit.jupiter.api.Test;

/** The texts of proc(5); what they mean for requests is shown by FullQueueTest, LocalRefusalTest and LostAnswerTest. */
final class IpDiscardsTest {
    @Test
    void snmp6HasANameAndANumberInEachLine() {
        String text = "Ip6OutDiscards                  \t17\nIp6ReasmTimeout\t3\nIp6ReasmFails \t5\n";
        assertThat(IpDiscards.count(text, IpVersion.V6, true)).isEqualTo(17 + 5 - 3);
        assertThat(IpDiscards.count(text, IpVersion.V6, false)).isEqualTo(5 - 3);
    }

    @Test
    void snmpHasALineOfNamesAndOneOfNumbers() {
        String text = """
                Ip: Forwarding DefaultTTL OutRequests OutDiscards ReasmTimeout ReasmFails
                Ip: 1 64 20 17 3 5
                Icmp: InMsgs OutDiscards
                Icmp: 1 2
                """;
        assertThat(IpDiscards.count(text, IpVersion.V4, true)).isEqualTo(17 + 5 - 3);
        assertThat(IpDiscards.count(text, IpVersion.V4, false)).isEqualTo(5 - 3);
    }

    @Test
    void aTextWithoutTheCountIsUnknown() {
        for (String text :
                new String[] {"", "Ip: OutDiscards", "Ip: A\nIp: 1\n", "Ip: OutDiscards\nIp: x\n", "Ip6OutDiscards\n"
                }) {
            for (IpVersion version : IpVersion.values()) {
                assertThat(IpDiscards.count(text, version, true)).as(text).isEqualTo(-1);
                assertThat(IpDiscards.count(text, version, false)).as(text).isEqualTo(-1);
            }
        }
    }

    @Test
    void thisHostHasTheCounts() {
        for (SocketKind kind : SocketKind.values()) {
            for (IpVersion version : IpVersion.values()) {
                try (IpDiscards discards = new IpDiscards(version, kind, 0)) {
                    assertThat(discards.isKnown()).as("%s %s", kind, version).isTrue();
                }
            }
        }
        try (ReversePathDiscards discards = new ReversePathDiscards(0)) {
            assertThat(discards.isKnown()).isTrue();
        }
    }
}
