// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that {@code /probe} may ask. A prober sends packets for whoever reaches it, so one that others can
 * reach asks only what is listed.
 */
final class AllowList {
    /** Every address. */
    static final AllowList EVERYTHING =
            new AllowList(List.of(new Network(new byte[4], 0), new Network(new byte[16], 0)));

    static final AllowList NOTHING = new AllowList(List.of());

    private final List<Network> networks;

    private AllowList(List<Network> networks) {
        this.networks = networks;
    }

    /** {@return the list of a configuration, such as [10.0.0.0/8, 2001:db8::7]; null if there is none} */
    static @Nullable AllowList read(@Nullable YamlValue given) throws ConfigException {
        if (given == null) {
            return null;
        }
        List<Network> networks = new ArrayList<>();
        for (YamlValue value : given.list()) {
            String text = value.text();
            int slash = text.indexOf('/');
            try {
                byte[] address = Addresses.literal(slash < 0 ? text : text.substring(0, slash))
                        .getAddress();
                int bits = slash < 0 ? 8 * address.length : Integer.parseInt(text.substring(slash + 1));
                if (bits >= 0 && bits <= 8 * address.length) {
                    networks.add(new Network(address, bits));
                    continue;
                }
            } catch (UnknownHostException | NumberFormatException e) {
                // Told below.
            }
            throw value.refused("a network or an address, such as 10.0.0.0/8 or 2001:db8::7");
        }
        return new AllowList(networks);
    }

    boolean allows(InetAddress address) {
        byte[] bytes = address.getAddress();
        return networks.stream().anyMatch(network -> network.contains(bytes));
    }

    private static final class Network {
        private final byte[] address;
        private final int bits;

        Network(byte[] address, int bits) {
            this.address = address;
            this.bits = bits;
        }

        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (other[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
