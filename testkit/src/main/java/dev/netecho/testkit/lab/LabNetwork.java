// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import com.sun.jna.Memory;
import dev.netecho.IpVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Interfaces, addresses, routes and kernel settings of the namespace. */
final class LabNetwork {
    private static final Path OWN_NAMESPACE = Path.of("/proc/self/ns/net");
    private static final Path FIRST_NAMESPACE = Path.of("/proc/1/ns/net");
    private static final Path INTERFACES = Path.of("/proc/self/net/dev");
    private static final Path PING_GROUP_RANGE = Path.of("/proc/sys/net/ipv4/ping_group_range");
    private static final String EVERYBODY = "0 2147483647";
    // A user namespace made by unshare(1) maps one group, and a range with another in it is refused.
    private static final String EVERYBODY_MAPPED = "0 0";

    // netdevice(7): struct ifreq begins with the name, the flags follow at 16.
    private static final long SIOCGIFFLAGS = 0x8913L;
    private static final int IFREQ_SIZE = 40;
    private static final int IFREQ_FLAGS = 16;
    private static final int IFF_UP = 1;

    // netdevice(7) numbers lo first in every namespace.
    private static final int LOOPBACK = 1;
    private static final int MTU = 1_500;
    // The kernel drops packets while the queue is full. 6.12.117 and 7.3.4 refuse a longer one with ERANGE,
    // by netlink and by ioctl; 5.10, 6.1 and 6.18.44 take any length.
    private static final int QUEUE_LENGTH = Short.MAX_VALUE;
    private static final int IPV4_PREFIX_LENGTH = 15;
    private static final int IPV6_PREFIX_LENGTH = 48;

    private LabNetwork() {}

    /**
     * Makes sure that this network namespace is private: the lab would take addresses and routes from other users.
     *
     * <p>In a new namespace only lo can be up. That is checked first, because a process that may not look at process 1
     * cannot compare namespaces, and must not be taken to be in another.
     *
     * @throws LabUnavailableException if another interface is up, process 1 is in this namespace, or that is not known
     */
    static void requirePrivateNamespace() throws LabUnavailableException {
        try {
            // Two lines of headings, then one per interface, its name before the colon: proc(5).
            List<String> lines = Files.readAllLines(INTERFACES);
            for (String line : lines.subList(2, lines.size())) {
                String name = line.substring(0, line.indexOf(':')).strip();
                if (!name.equals("lo") && isUp(name)) {
                    throw notPrivate("has the interface " + name + " up");
                }
            }
            if (Files.readSymbolicLink(OWN_NAMESPACE).equals(firstNamespace())) {
                throw notPrivate("is that of process 1");
            }
        } catch (IOException | UnsupportedOperationException e) {
            throw new LabUnavailableException(
                    "the network lab cannot tell whether its network namespace is private", e);
        }
    }

    // Some kernels put a tunnel interface that is down into every new namespace, so the name alone says nothing. And
    // java.net.NetworkInterface does not list an interface without an address.
    private static boolean isUp(String name) throws LabUnavailableException {
        int socket = LibC.check(LibC.socket(LibC.AF_INET, LibC.SOCK_DGRAM | LibC.O_CLOEXEC, 0), "socket");
        try (Memory ifreq = new Memory(IFREQ_SIZE)) {
            ifreq.clear();
            ifreq.setString(0, name, StandardCharsets.US_ASCII.name());
            LibC.check(LibC.ioctl(socket, SIOCGIFFLAGS, LibC.address(ifreq)), "asking for the flags of " + name);
            return (ifreq.getShort(IFREQ_FLAGS) & IFF_UP) != 0;
        } finally {
            LibC.close(socket);
        }
    }

    /** {@return the namespace of process 1, or null if this process may not know} */
    private static @Nullable Path firstNamespace() {
        try {
            return Files.readSymbolicLink(FIRST_NAMESPACE);
        } catch (IOException notAllowed) {
            return null;
        }
    }

    private static LabUnavailableException notPrivate(String why) {
        return new LabUnavailableException("the network lab needs a network namespace of its own, and this one " + why
                + ": start the process under `unshare -n` as root, or `unshare -Urn`, and the lab "
                + "before any other interface");
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
                route(netlink, index, version);
            }
        }
    }

    /**
     * Path MTUs and redirects live as long as the route on which they were learned: a test must not meet those of an
     * earlier one.
     */
    static void forgetPaths(int index) throws LabUnavailableException {
        try (Netlink netlink = Netlink.open()) {
            for (IpVersion version : IpVersion.values()) {
                netlink.removeRoute(index, LabAddress.prefix(version), prefixLength(version));
                route(netlink, index, version);
            }
        }
    }

    private static void route(Netlink netlink, int index, IpVersion version) throws LabUnavailableException {
        netlink.route(index, LabAddress.prefix(version), prefixLength(version), LabAddress.of(version, 1));
    }

    private static int prefixLength(IpVersion version) {
        return version == IpVersion.V4 ? IPV4_PREFIX_LENGTH : IPV6_PREFIX_LENGTH;
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
