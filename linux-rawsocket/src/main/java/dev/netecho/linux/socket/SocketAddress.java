// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import dev.netecho.IpVersion;
import dev.netecho.linux.libc.SockaddrIn;
import dev.netecho.linux.libc.SockaddrIn6;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An address as numbers, the form in which the engine stores and compares it.
 *
 * @param version the family
 * @param high the first eight bytes of an IPv6 address, else 0
 * @param low the last eight bytes of an IPv6 address, or the four of an IPv4 address as an unsigned number
 * @param scopeId the interface index of an IPv6 address whose scope is a link or less, else 0
 */
public record SocketAddress(IpVersion version, long high, long low, int scopeId) {
    /** {@return the unspecified address} */
    static SocketAddress any(IpVersion version) {
        return new SocketAddress(version, 0, 0, 0);
    }

    /**
     * {@return an address of java.net as numbers}
     *
     * <p>{@link java.net.NetworkInterface} gives every IPv6 address a scope id. Unless the address is link-local, the
     * id means nothing (RFC 4007, 6), but bind(2) and IPV6_PKTINFO take it for the outgoing interface: ENODEV once that
     * is gone.
     */
    public static SocketAddress of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4
                ? new SocketAddress(IpVersion.V4, 0, number(bytes, 0, 4), 0)
                : new SocketAddress(
                        IpVersion.V6,
                        number(bytes, 0, 8),
                        number(bytes, 8, 8),
                        address instanceof Inet6Address six && needsScope(six) ? six.getScopeId() : 0);
    }

    /** {@return an IPv4 address, given as a big-endian number} */
    public static SocketAddress ofIpv4(int address) {
        return new SocketAddress(IpVersion.V4, 0, Integer.toUnsignedLong(address), 0);
    }

    /** {@return the IPv6 address, in network order, at a place in a buffer; without a scope} */
    public static SocketAddress ofIpv6(ByteBuffer buffer, int offset) {
        byte[] bytes = new byte[16];
        buffer.get(offset, bytes);
        return new SocketAddress(IpVersion.V6, number(bytes, 0, 8), number(bytes, 8, 8), 0);
    }

    /** {@return whether it is an IPv6 link-local address, fe80::/10} */
    public boolean isIpv6LinkLocal() {
        return version == IpVersion.V6 && high >>> 54 == 0x3fa;
    }

    /** {@return the same address on the link of another interface} */
    public SocketAddress withScope(int index) {
        return index == scopeId ? this : new SocketAddress(version, high, low, index);
    }

    private static boolean needsScope(Inet6Address address) {
        return address.isLinkLocalAddress() || address.isMCLinkLocal() || address.isMCNodeLocal();
    }

    /**
     * Writes it as a {@code sockaddr}.
     *
     * @param buffer takes the structure
     * @param offset where it begins
     * @param port the port, for a ping socket the identifier
     * @return the size of the structure
     */
    public int put(ByteBuffer buffer, int offset, int port) {
        if (version == IpVersion.V4) {
            SockaddrIn.put(buffer, offset, (int) low, port);
            return SockaddrIn.SIZE;
        }
        SockaddrIn6.put(buffer, offset, high, low, scopeId, port);
        return SockaddrIn6.SIZE;
    }

    /** {@return an address of java.net} */
    public InetAddress toInetAddress() {
        byte[] bytes;
        if (version == IpVersion.V4) {
            bytes = ByteBuffer.allocate(4).putInt((int) low).array();
        } else {
            bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        }
        try {
            return version == IpVersion.V6 && scopeId != 0
                    ? Inet6Address.getByAddress(null, bytes, scopeId)
                    : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are always an address", e);
        }
    }

    @Override
    public String toString() {
        return toInetAddress().getHostAddress();
    }

    private static long number(byte[] bytes, int from, int count) {
        long value = 0;
        for (int i = from; i < from + count; i++) {
            value = (value << 8) | (bytes[i] & 0xff);
        }
        return value;
    }
}
