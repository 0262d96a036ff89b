// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** The addresses of this host, and the broadcast addresses of its networks, when the sweep began. */
final class OwnAddresses {
    private OwnAddresses() {}

    /** {@return the addresses; none if the system does not list its interfaces} */
    static RangeSet now() {
        List<AddressRange> own = new ArrayList<>();
        try {
            NetworkInterface.networkInterfaces().forEach(device -> {
                for (InterfaceAddress address : device.getInterfaceAddresses()) {
                    add(own, address.getAddress());
                    InetAddress broadcast = address.getBroadcast();
                    if (broadcast != null) {
                        add(own, broadcast);
                    }
                }
            });
        } catch (SocketException e) {
            return RangeSet.EMPTY;
        }
        return RangeSet.of(own);
    }

    private static void add(List<AddressRange> ranges, InetAddress address) {
        ranges.add(AddressRange.of(address, address));
    }
}
