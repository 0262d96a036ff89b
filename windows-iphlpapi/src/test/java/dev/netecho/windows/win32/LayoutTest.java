// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every size and offset against the values of the headers, for x64 and x86; the compilers check the same values in
 * layouts.c.
 */
final class LayoutTest {
    private record Fact(String name, int x64, int x86, int ours64, int ours32) {
        Fact(String name, int both, int ours) {
            this(name, both, both, ours, ours);
        }
    }

    private static final PointerWidth W64 = PointerWidth.BITS_64;
    private static final PointerWidth W32 = PointerWidth.BITS_32;

    private static Stream<Fact> facts() {
        return Stream.of(
                new Fact("IP_OPTION_INFORMATION", 16, 8, IpOptionInformation.size(W64), IpOptionInformation.size(W32)),
                new Fact("IP_OPTION_INFORMATION.Ttl", 0, IpOptionInformation.TTL),
                new Fact("IP_OPTION_INFORMATION.Tos", 1, IpOptionInformation.TOS),
                new Fact("IP_OPTION_INFORMATION.Flags", 2, IpOptionInformation.FLAGS),
                new Fact("IP_OPTION_INFORMATION.OptionsSize", 3, IpOptionInformation.OPTIONS_SIZE),
                new Fact(
                        "IP_OPTION_INFORMATION.OptionsData",
                        8,
                        4,
                        IpOptionInformation.optionsData(W64),
                        IpOptionInformation.optionsData(W32)),
                new Fact("ICMP_ECHO_REPLY", 40, 28, IcmpEchoReply.size(W64), IcmpEchoReply.size(W32)),
                new Fact("ICMP_ECHO_REPLY.Address", 0, IcmpEchoReply.ADDRESS),
                new Fact("ICMP_ECHO_REPLY.Status", 4, IcmpEchoReply.STATUS),
                new Fact("ICMP_ECHO_REPLY.RoundTripTime", 8, IcmpEchoReply.ROUND_TRIP_TIME),
                new Fact("ICMP_ECHO_REPLY.DataSize", 12, IcmpEchoReply.DATA_SIZE),
                new Fact("ICMP_ECHO_REPLY.Reserved", 14, IcmpEchoReply.RESERVED),
                new Fact("ICMP_ECHO_REPLY.Data", 16, IcmpEchoReply.DATA),
                new Fact("ICMP_ECHO_REPLY.Options", 24, 20, IcmpEchoReply.options(W64), IcmpEchoReply.options(W32)),
                new Fact("ICMPV6_ECHO_REPLY", 36, Icmpv6EchoReply.SIZE),
                new Fact("ICMPV6_ECHO_REPLY.Address.sin6_addr", 6, Icmpv6EchoReply.ADDR),
                new Fact("ICMPV6_ECHO_REPLY.Address.sin6_scope_id", 22, Icmpv6EchoReply.SCOPE_ID),
                new Fact("ICMPV6_ECHO_REPLY.Status", 28, Icmpv6EchoReply.STATUS),
                new Fact("ICMPV6_ECHO_REPLY.RoundTripTime", 32, Icmpv6EchoReply.ROUND_TRIP_TIME),
                new Fact("SOCKADDR_IN6", 28, SockaddrIn6.SIZE),
                new Fact("SOCKADDR_IN6.sin6_family", 0, SockaddrIn6.FAMILY),
                new Fact("SOCKADDR_IN6.sin6_port", 2, SockaddrIn6.PORT),
                new Fact("SOCKADDR_IN6.sin6_flowinfo", 4, SockaddrIn6.FLOWINFO),
                new Fact("SOCKADDR_IN6.sin6_addr", 8, SockaddrIn6.ADDR),
                new Fact("SOCKADDR_IN6.sin6_scope_id", 24, SockaddrIn6.SCOPE_ID),
                new Fact("IO_STATUS_BLOCK", 16, 8, IoStatusBlock.size(W64), IoStatusBlock.size(W32)),
                new Fact(
                        "IO_STATUS_BLOCK.Information",
                        8,
                        4,
                        IoStatusBlock.information(W64),
                        IoStatusBlock.information(W32)));
    }

    @TestFactory
    Stream<DynamicTest> hasTheValueOfTheHeaders() {
        return facts().map(fact -> dynamicTest(fact.name, () -> {
            assertThat(fact.ours64).as("x64").isEqualTo(fact.x64);
            assertThat(fact.ours32).as("x86").isEqualTo(fact.x86);
        }));
    }

    private static ByteBuffer buffer() {
        return ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void aReplyIsReadByEitherLayout() {
        for (PointerWidth width : PointerWidth.values()) {
            ByteBuffer b = buffer();
            b.put(8, new byte[] {10, 1, 2, 3}).putInt(12, 11013).putInt(16, -2).putShort(20, (short) 65_500);
            b.putInt(24, 0x9000_0000).put(8 + (width == W64 ? 24 : 20), (byte) 200);
            assertThat(IcmpEchoReply.address(b, 8)).containsExactly(10, 1, 2, 3);
            assertThat(IcmpEchoReply.status(b, 8)).isEqualTo(11013);
            assertThat(IcmpEchoReply.roundTripTime(b, 8)).isEqualTo(0xffff_fffeL);
            assertThat(IcmpEchoReply.dataSize(b, 8)).isEqualTo(65_500);
            assertThat(IcmpEchoReply.ttl(b, 8, width)).isEqualTo(200);
            assertThat(IcmpEchoReply.data(b, 8, W32)).as("no sign").isEqualTo(0x9000_0000L);
        }
    }

    @Test
    void optionsAreWrittenByEitherLayout() {
        ByteBuffer b = buffer();
        IpOptionInformation.put(b, 0, W64, 255, 184, 2, 40, 0x1122_3344_5566_7788L);
        assertThat(b.getInt(0)).isEqualTo(40 << 24 | 2 << 16 | 184 << 8 | 255);
        assertThat(b.getLong(8)).isEqualTo(0x1122_3344_5566_7788L);
        IpOptionInformation.put(b, 16, W32, 1, 0, 0, 0, 0x9988_7766L);
        assertThat(b.getInt(16)).isEqualTo(1);
        assertThat(b.getInt(20)).isEqualTo(0x9988_7766);
        assertThat(b.getInt(24)).as("behind the structure").isZero();
    }

    @Test
    void anAddressIsWrittenWhole() {
        ByteBuffer b = buffer();
        byte[] address = new byte[16];
        address[0] = (byte) 0xfe;
        address[15] = 1;
        SockaddrIn6.put(b, 4, address, 7);
        assertThat(b.getShort(4)).isEqualTo((short) 23);
        assertThat(b.get(12)).isEqualTo((byte) 0xfe);
        assertThat(b.get(27)).isEqualTo((byte) 1);
        assertThat(b.getInt(28)).isEqualTo(7);
    }
}
