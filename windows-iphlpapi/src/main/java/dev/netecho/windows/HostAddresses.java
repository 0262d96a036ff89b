// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The addresses of this host, which give the reason of a refusal: Windows has one number (IP_GENERAL_FAILURE) for many.
 * Asked at most every 20 ms, because every request may be refused and a query takes milliseconds. Not thread-safe.
 */
final class HostAddresses {
    private static final long LASTS_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** A subnet with a longer prefix has no broadcast address (RFC 3021). */
    private static final int LONGEST_PREFIX = 30;

    /** An address of this host, and how many bits of it name its subnet. */
    record Owned(InetAddress address, int prefixLength) {}

    private final Supplier<List<Owned>> source;
    private List<Owned> known = List.of();
    private boolean asked;
    private long askedNanos;

    /** {@code source} asks the system; it returns an empty list if nothing is known. */
    HostAddresses(Supplier<List<Owned>> source) {
        this.source = source;
    }

    /** {@return the addresses that Java finds now; empty if it cannot} */
    static List<Owned> ofThisHost() {
        List<Owned> all = new ArrayList<>();
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InterfaceAddress address : each.getInterfaceAddresses()) {
                    if (address != null && address.getAddress() != null) {
                        // JDK-8023649: null for some adapters.
                        all.add(new Owned(address.getAddress(), address.getNetworkPrefixLength()));
                    }
                }
            }
        } catch (SocketException | RuntimeException e) {
            return List.of();
        }
        return all;
    }

    /** {@return whether this is the broadcast address of a subnet that this host is in} */
    boolean isBroadcast(InetAddress address) {
        if (!(address instanceof Inet4Address) || (bits(address) & 3) != 3) {
            return false; // what the longest prefix leaves is not all ones
        }
        int bits = bits(address);
        return known().stream()
                .filter(own -> own.address instanceof Inet4Address)
                .filter(own -> own.prefixLength > 0 && own.prefixLength <= LONGEST_PREFIX)
                .anyMatch(own -> bits == (bits(own.address) | -1 >>> own.prefixLength));
    }

    /** {@return whether it is known that this host does not have the address, as far as Java can see} */
    boolean lacks(InetAddress address) {
        List<Owned> all = known();
        boolean loopback = address.isLoopbackAddress(); // all of 127.0.0.0/8 is this host's
        return !all.isEmpty() && !loopback && all.stream().noneMatch(own -> sameBytes(own.address, address));
    }

    /** {@return whether it is known that this source cannot send to the destination} */
    boolean cannotSend(InetAddress from, InetAddress destination) {
        return lacks(from)
                || isBroadcast(from)
                || (from.isLoopbackAddress() && !destination.isLoopbackAddress() && lacks(destination));
    }

    /**
     * {@return whether it is known that this host has no address from which another host of the destination's family
     * could be asked}
     */
    boolean lacksFamilyOf(InetAddress destination) {
        List<Owned> all = known();
        boolean own = destination.isLoopbackAddress() || destination.isLinkLocalAddress();
        return !all.isEmpty() && !own && all.stream().noneMatch(each -> isUsable(each.address, destination));
    }

    private static boolean isUsable(InetAddress own, InetAddress destination) {
        return own.getClass().equals(destination.getClass()) && !own.isLoopbackAddress() && !own.isLinkLocalAddress();
    }

    private List<Owned> known() {
        long now = System.nanoTime();
        if (!asked || now - askedNanos > LASTS_NANOS) {
            known = source.get();
            asked = true;
            askedNanos = System.nanoTime();
        }
        return known;
    }

    private static boolean sameBytes(InetAddress one, InetAddress other) {
        return Arrays.equals(one.getAddress(), other.getAddress());
    }

    private static int bits(InetAddress address) {
        return ByteBuffer.wrap(address.getAddress()).getInt();
    }
}
