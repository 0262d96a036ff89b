// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This host's addresses, asked for only when a packet was refused, and at most once a second. Not thread-safe. */
final class LocalAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(LocalAddresses.class);
    private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** RFC 3021: a subnet of two addresses has none to spare. */
    private static final int LONGEST_PREFIX_WITH_BROADCAST = 30;

    private Known known = new Known(Set.of(), Set.of());
    private long readAt;
    private boolean read;

    private record Known(Set<InetAddress> addresses, Set<InetAddress> broadcasts) {}

    boolean contains(InetAddress address) {
        refresh();
        // All of 127.0.0.0/8 is local, though only one address is configured.
        return address.isLoopbackAddress() || known.addresses.contains(address);
    }

    boolean isBroadcast(InetAddress address) {
        refresh();
        return known.broadcasts.contains(address);
    }

    private void refresh() {
        long now = System.nanoTime();
        if (read && now - readAt < MAX_AGE_NANOS) {
            return;
        }
        readAt = now;
        read = true;
        Known found = new Known(new HashSet<>(), new HashSet<>());
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(i -> i.getInterfaceAddresses().stream())
                    .forEach(address -> add(address, found));
            known = found;
        } catch (SocketException e) {
            known = found; // no interface at all: then no address is local, which is what the empty sets say
            LOG.debug("no network interface", e);
        } catch (RuntimeException e) {
            // One that went meanwhile, perhaps: what was known is nearest. A refusal must not fail for want of words:
            // it
            // would hold up the requests behind its own.
            LOG.debug("the addresses of this host could not be read", e);
        }
    }

    private static void add(InterfaceAddress address, Known found) {
        found.addresses.add(address.getAddress());
        if (address.getBroadcast() != null) {
            found.broadcasts.add(address.getBroadcast());
        }
        if (address.getAddress() instanceof Inet4Address four) {
            addSubnetBroadcast(four, address.getNetworkPrefixLength(), found.broadcasts);
        }
    }

    /** The kernel refuses the highest address of a subnet also where the interface was given no broadcast address. */
    private static void addSubnetBroadcast(Inet4Address address, int prefixLength, Set<InetAddress> broadcasts) {
        if (prefixLength <= 0 || prefixLength > LONGEST_PREFIX_WITH_BROADCAST) {
            return;
        }
        byte[] highest = address.getAddress();
        for (int bit = prefixLength; bit < Integer.SIZE; bit++) {
            highest[bit >>> 3] |= (byte) (0x80 >>> (bit & 7));
        }
        try {
            broadcasts.add(InetAddress.getByAddress(highest));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // four bytes are an address
        }
    }
}
