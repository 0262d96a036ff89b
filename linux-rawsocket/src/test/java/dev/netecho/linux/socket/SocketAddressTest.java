// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.IpVersion;
import dev.netecho.linux.libc.SockaddrIn;
import dev.netecho.linux.libc.SockaddrIn6;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SocketAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "127.0.0.1",
                "128.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "fe80::1",
                "2001:db8::ffff:1",
                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "8000::8000:0:0:0"
            })
    void comesBackAsItWas(String literal) throws UnknownHostException {
        InetAddress address = InetAddress.getByName(literal);
        assertThat(SocketAddress.of(address).toInetAddress()).isEqualTo(address);
        assertThat(SocketAddress.of(address)).hasToString(address.getHostAddress());
    }

    @Test
    void comesBackAsItWasForRandomBytes() throws UnknownHostException {
        long seed = 20260701;
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            InetAddress address = InetAddress.getByAddress(bytes);
            assertThat(SocketAddress.of(address).toInetAddress())
                    .as("seed %d: %s", seed, Arrays.toString(bytes))
                    .isEqualTo(address);
        }
    }

    @Test
    void keepsTheScope() throws UnknownHostException {
        byte[] bytes = InetAddress.getByName("fe80::1").getAddress();
        SocketAddress address = SocketAddress.of(Inet6Address.getByAddress(null, bytes, 7));

        assertThat(address.scopeId()).isEqualTo(7);
        assertThat(((Inet6Address) address.toInetAddress()).getScopeId()).isEqualTo(7);
        assertThat(address).isNotEqualTo(SocketAddress.of(InetAddress.getByAddress(bytes)));
    }

    @Test
    void treatsAMappedAddressAsIpv4() throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xff;
        mapped[12] = 127;
        mapped[15] = 1;
        // java.net turns it into an Inet4Address itself.
        assertThat(SocketAddress.of(InetAddress.getByAddress(mapped)).version()).isEqualTo(IpVersion.V4);
    }

    @Test
    void writesTheStructuresOfItsFamily() throws UnknownHostException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64).order(ByteOrder.nativeOrder());
        assertThat(SocketAddress.of(InetAddress.getByName("200.1.2.3")).put(buffer, 4, 0xfedc))
                .isEqualTo(SockaddrIn.SIZE);
        assertThat(SockaddrIn.address(buffer, 4)).isEqualTo(0xc8010203);
        assertThat(SockaddrIn.port(buffer, 4)).isEqualTo(0xfedc);

        byte[] bytes = InetAddress.getByName("fe80::9").getAddress();
        assertThat(SocketAddress.of(Inet6Address.getByAddress(null, bytes, 3)).put(buffer, 8, 0))
                .isEqualTo(SockaddrIn6.SIZE);
        assertThat(SockaddrIn6.addressHigh(buffer, 8)).isEqualTo(0xfe80_0000_0000_0000L);
        assertThat(SockaddrIn6.addressLow(buffer, 8)).isEqualTo(9);
        assertThat(SockaddrIn6.scopeId(buffer, 8)).isEqualTo(3);
    }
}
