// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import dev.netecho.sweep.SweepTargets;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/** The IPv4 ranges of a sweep, in order, as numbers. Immutable. */
final class TargetRanges {
    private final long[] first;
    private final long[] last;

    /** Addresses of this host at the beginning, which a sweep leaves out. */
    private final Set<Long> own = new HashSet<>();

    TargetRanges(SweepTargets targets) {
        first = new long[targets.ranges()];
        last = new long[targets.ranges()];
        for (int i = 0; i < first.length; i++) {
            first[i] = number(targets.first(i));
            last[i] = number(targets.last(i));
        }
        findOwn(targets);
    }

    private void findOwn(SweepTargets targets) {
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !targets.isNamed(address))
                    .forEach(address -> own.add(number(address)));
        } catch (SocketException e) {
            // Then a sweep knows of none, too, and asks them.
        }
    }

    /** {@return whether it is an address of this host that the sweep leaves out} */
    boolean isOwn(long address) {
        return own.contains(address);
    }

    /** {@return the first target that is asked; -1 if there is none} */
    long sample() {
        for (int range = 0; range < first.length; range++) {
            for (long address = first[range]; address <= last[range]; address++) {
                if (!isOwn(address)) {
                    return address;
                }
            }
        }
        return -1;
    }

    private static long number(InetAddress address) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(address.getAddress()).getInt());
    }

    int size() {
        return first.length;
    }

    long first(int range) {
        return first[range];
    }

    long last(int range) {
        return last[range];
    }

    /** {@return whether a range has an address of a network} */
    boolean meet(int network, int bits) {
        long from = from(network, bits);
        int low = 0;
        int high = first.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (last[middle] < from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < first.length && first[low] <= to(network, bits);
    }

    /** {@return the first address of a network} */
    static long from(int network, int bits) {
        return Integer.toUnsignedLong(network & mask(bits));
    }

    /** {@return the last address of a network} */
    static long to(int network, int bits) {
        return Integer.toUnsignedLong(network | ~mask(bits));
    }

    static int mask(int bits) {
        return bits == 0 ? 0 : -1 << (Integer.SIZE - bits);
    }

    static String dotted(long address) {
        return (address >>> 24 & 0xff) + "." + (address >> 16 & 0xff) + "." + (address >> 8 & 0xff) + "."
                + (address & 0xff);
    }

    static String text(int network, int bits) {
        return dotted(network) + (bits == Integer.SIZE ? "" : "/" + bits);
    }
}
