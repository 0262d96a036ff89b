// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.linux.LinuxDatagramProvider;
import dev.netecho.linux.LinuxRawProvider;
import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.testkit.cases.TestedBackend;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;

/** An engine and a family: every rule is tested with all four. */
enum Stack implements TestedBackend {
    DATAGRAM_IPV4(false, false),
    DATAGRAM_IPV6(false, true),
    RAW_IPV4(true, false),
    RAW_IPV6(true, true);

    final boolean raw;
    final boolean ipv6;

    Stack(boolean raw, boolean ipv6) {
        this.raw = raw;
        this.ipv6 = ipv6;
    }

    private EchoRequesterProvider provider() {
        return raw ? new LinuxRawProvider() : new LinuxDatagramProvider();
    }

    @Override
    public String backend() {
        return provider().name();
    }

    EchoRequester open() throws EchoUnavailableException {
        return builder().open();
    }

    EchoRequester.Builder builder() {
        return EchoRequester.newBuilder().provider(provider());
    }

    /** {@return 198.18.SUBNET.HOST, or its twin 2001:2:0:SUBNET::HOST} */
    InetAddress address(int subnet, int host) {
        return literal(ipv6 ? "2001:2:0:" + subnet + "::" + host : "198.18." + subnet + "." + host);
    }

    /**
     * {@return one of four addresses from HOST on, this stack's only: what the kernel learns of it disturbs no other}
     */
    InetAddress own(int subnet, int host) {
        return address(subnet, host + (raw ? 2 : 0) + (ipv6 ? 1 : 0));
    }

    /** {@return this value for IPv4, that one for IPv6} */
    <T> T either(T ipv4, T other) {
        return ipv6 ? other : ipv4;
    }

    static InetAddress literal(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address + " is not an address", e);
        }
    }

    static InetAddress scoped(String address, int scope) throws UnknownHostException {
        return Inet6Address.getByAddress(null, literal(address).getAddress(), scope);
    }

    /** Java finds an interface by its addresses, and the kernel lists those of IPv6 a moment after the command. */
    static int scopeOf(String device) throws SocketException {
        NetworkInterface found = NetworkInterface.getByName(device);
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (found == null && System.nanoTime() - end < 0) {
            found = NetworkInterface.getByName(device);
        }
        assertThat(found).as(device).isNotNull();
        return found.getIndex();
    }
}
