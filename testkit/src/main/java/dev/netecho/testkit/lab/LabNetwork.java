// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import dev.netecho.packet.IpVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Interfaces, addresses, routes and kernel settings of the namespace. */
final class LabNetwork {
    private static final Path OWN_NAMESPACE = Path.of("/proc/self/ns/net");
    private static final Path FIRST_NAMESPACE = Path.of("/proc/1/ns/net");
    private static final Path PING_GROUP_RANGE = Path.of("/proc/sys/net/ipv4/ping_group_range");
    private static final String EVERYBODY = "0 2147483647";
    // A user namespace made by unshare(1) maps one group, and a range with another in it is refused.
    private static final String EVERYBODY_MAPPED = "0 0";

    // netdevice(7) numbers lo first in every namespace.
    private static final int LOOPBACK = 1;
    private static final int MTU = 1_500;
    // The kernel drops what comes while the queue is full: room for a burst to every address of a /16.
    private static final int QUEUE_LENGTH = 100_000;
    private static final int IPV4_PREFIX_LENGTH = 15;
    private static final int IPV6_PREFIX_LENGTH = 48;

    private LabNetwork() {}

    /**
     * Makes sure that nobody else uses this network namespace: the lab would take addresses and routes from them.
     *
     * @throws LabUnavailableException if process 1 is in it too, or it cannot be told
     */
    static void requirePrivateNamespace() throws LabUnavailableException {
        try {
            Path own = Files.readSymbolicLink(OWN_NAMESPACE);
            if (Files.isReadable(FIRST_NAMESPACE) && own.equals(Files.readSymbolicLink(FIRST_NAMESPACE))) {
                throw new LabUnavailableException("the network lab needs a network namespace of its own and this one is"
                        + " that of process 1: start this process under `unshare -n` as root, or `unshare -Urn`");
            }
        } catch (IOException | UnsupportedOperationException e) {
            throw new LabUnavailableException(
                    "the network lab needs Linux network namespaces, and /proc/self/ns/net cannot be read", e);
        }
    }

    /** Brings the interface up, gives it its addresses and routes both prefixes to it. */
    static void configure(int index) throws LabUnavailableException {
        openPingSockets();
        try (Netlink netlink = Netlink.open()) {
            netlink.up(LOOPBACK);
            netlink.up(index, MTU, QUEUE_LENGTH);
            for (IpVersion version : IpVersion.values()) {
                for (int source = 1; source <= Lab.SOURCES; source++) {
                    netlink.address(index, LabAddress.of(version, source));
                }
                int length = version == IpVersion.V4 ? IPV4_PREFIX_LENGTH : IPV6_PREFIX_LENGTH;
                netlink.route(index, LabAddress.prefix(version), length, LabAddress.of(version, 1));
            }
        }
    }

    private static void openPingSockets() throws LabUnavailableException {
        try {
            Files.writeString(PING_GROUP_RANGE, EVERYBODY);
        } catch (IOException refused) {
            openPingSocketsOfUserNamespace();
        }
    }

    private static void openPingSocketsOfUserNamespace() throws LabUnavailableException {
        try {
            Files.writeString(PING_GROUP_RANGE, EVERYBODY_MAPPED);
        } catch (IOException e) {
            throw new LabUnavailableException(
                    "the network lab cannot open ping sockets: " + PING_GROUP_RANGE + " cannot be written", e);
        }
    }
}
