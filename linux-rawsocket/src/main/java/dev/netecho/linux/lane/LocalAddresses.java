// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.EchoRequest;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.Ipv6Addresses;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Rtnetlink;
import dev.netecho.linux.libc.SockaddrIn6;
import dev.netecho.linux.libc.Socket;
import dev.netecho.linux.socket.SocketAddress;
import dev.netecho.packet.IpVersion;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What an address is to this host, asked of the kernel when it has refused a packet. Not thread-safe.
 *
 * <p>{@link java.net.NetworkInterface} is no witness: it hides IPv6 under {@code java.net.preferIPv4Stack}, knows no local
 * routes, and lists tentative addresses. IPv6 is asked by bind(2), which checks a source as the send does. IPv4 is asked by
 * RTM_GETROUTE, because bind(2) takes broadcast addresses, and all others under {@code net.ipv4.ip_nonlocal_bind}.
 */
final class LocalAddresses {
    /** A flood of refusals asks once in this time: less than any program takes to change an address and send again. */
    private static final long FRESH_NANOS = 1_000_000;

    private static final int ROOM = 1024;

    /** Duplicate address detection takes a second by default (RFC 4862, 5.1). */
    private static final long LOOK_NANOS = 1_000_000_000;

    private final LinkScopes scopes;
    private @Nullable SocketAddress asked;
    private long askedAt;
    private Standing answer = Standing.UNKNOWN;
    private boolean looked;
    private long lookedAt;
    private boolean loopbackOnly;

    LocalAddresses(LinkScopes scopes) {
        this.scopes = scopes;
    }

    enum Standing {
        /** The kernel sends from it. */
        LOCAL,
        BROADCAST,
        /** Another host's, nobody's, or not usable yet. */
        FOREIGN,
        /** The system does not let us ask. */
        UNKNOWN
    }

    Standing of(InetAddress address) {
        SocketAddress plain = SocketAddress.of(address);
        SocketAddress numbers = plain.withScope(scopes.of(address, plain.scopeId()));
        long now = System.nanoTime();
        if (!numbers.equals(asked) || now - askedAt > FRESH_NANOS) {
            answer = numbers.version() == IpVersion.V4 ? askRoute(numbers) : askBind(numbers);
            asked = numbers;
            askedAt = now;
        }
        return answer;
    }

    /**
     * {@return whether an IPv6 packet without a source could reach this destination from no address but {@code ::1}, of which the
     * kernel says nothing}
     *
     * @param now the time, of {@link System#nanoTime}
     */
    boolean isCutOff(EchoRequest request, long now) {
        if (!looked || now - lookedAt > LOOK_NANOS) {
            loopbackOnly = Ipv6Addresses.supply() == Ipv6Addresses.Supply.LOOPBACK_ONLY;
            looked = true;
            lookedAt = now;
        }
        if (!loopbackOnly) {
            return false;
        }
        int type = routeType(SocketAddress.of(request.destination()));
        return type > 0 && type != Rtnetlink.RTN_LOCAL; // without a route the kernel refuses the packet itself
    }

    private static Standing askRoute(SocketAddress address) {
        int type = routeType(address);
        return switch (type) {
            case Rtnetlink.RTN_LOCAL -> Standing.LOCAL;
            case Rtnetlink.RTN_BROADCAST -> Standing.BROADCAST;
            default -> type < 0 ? askBind(address) : Standing.FOREIGN;
        };
    }

    /** {@return the type of the route to an address, 0 if there is none; -1 if the system does not let us ask} */
    private static int routeType(SocketAddress address) {
        int fd = LibC.socket(
                Rtnetlink.AF_NETLINK,
                Socket.SOCK_RAW | Socket.SOCK_CLOEXEC | Socket.SOCK_NONBLOCK,
                Rtnetlink.NETLINK_ROUTE);
        if (fd < 0) {
            return -1; // a sandbox without netlink, such as RestrictAddressFamilies= of systemd
        }
        try (NativeMemory memory = NativeMemory.allocate(ROOM)) {
            int size = Rtnetlink.IPV4_QUESTION_SIZE;
            if (address.version() == IpVersion.V4) {
                Rtnetlink.putQuestion(memory.buffer(), (int) address.low());
            } else {
                Rtnetlink.putQuestion(memory.buffer(), address.high(), address.low());
                size = Rtnetlink.IPV6_QUESTION_SIZE;
            }
            // The kernel answers within write(2), so that a socket that does not block has the answer.
            return LibC.write(fd, memory.address(), size) < 0 || LibC.read(fd, memory.address(), ROOM) < 0
                    ? -1
                    : Rtnetlink.routeType(memory.buffer());
        } finally {
            LibC.close(fd);
        }
    }

    private static Standing askBind(SocketAddress address) {
        int family = address.version() == IpVersion.V4 ? Socket.AF_INET : Socket.AF_INET6;
        int fd = LibC.socket(family, Socket.SOCK_DGRAM | Socket.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            return Standing.UNKNOWN;
        }
        try (NativeMemory memory = NativeMemory.allocate(SockaddrIn6.SIZE)) {
            int size = address.put(memory.buffer(), 0, 0);
            if (LibC.bind(fd, memory.address(), size) == 0) {
                return Standing.LOCAL;
            }
            int errno = LibC.errno();
            // ENODEV: the interface of a link-local address is gone. EINVAL: such an address names none.
            boolean foreign = errno == Errno.EADDRNOTAVAIL || errno == Errno.ENODEV || errno == Errno.EINVAL;
            return foreign ? Standing.FOREIGN : Standing.UNKNOWN;
        } finally {
            LibC.close(fd);
        }
    }
}
