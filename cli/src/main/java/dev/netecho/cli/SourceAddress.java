// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;

/** The address given with {@code -I}. */
final class SourceAddress {
    private SourceAddress() {}

    /** {@return an address of this host} */
    static InetAddress parse(String text) throws UsageException {
        AddressText.check("-I", text);
        try {
            if (looksLikeAddress(text)) {
                InetAddress address = InetAddress.getByName(text);
                if (isLocal(address)) {
                    return address;
                }
            }
        } catch (UnknownHostException e) {
            // Not an address: reported below, like an address of another host.
        }
        throw new UsageException("-I is " + OneLine.quoted(text) + "; it must be an IPv4 or IPv6 address of this"
                + " host, or one of its interfaces");
    }

    /** Names are not taken: which of its addresses a name means would be a guess. */
    static boolean looksLikeAddress(String text) {
        return text.indexOf(':') >= 0
                || (!text.isEmpty() && text.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9')));
    }

    private static boolean isLocal(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            return false;
        }
        // Asking the system to bind beats a list of interfaces: on Linux all of 127.0.0.0/8 is local, and listed
        // nowhere.
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, 0))) {
            return socket.isBound();
        } catch (SocketException e) {
            return false;
        }
    }
}
