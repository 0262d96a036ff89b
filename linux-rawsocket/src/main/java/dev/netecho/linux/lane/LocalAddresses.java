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
import java.nio.ByteBuffer;
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

    /** How long an answer about a source and a destination is believed. */
    private static final long REACH_NANOS = 100_000_000;

    private static final int REACHES = 256;

    /** Duplicate address detection takes a second by default (RFC 4862, 5.1). */
    private static final long LOOK_NANOS = 1_000_000_000;

    private final LinkScopes scopes;
    private final int mark;
    private @Nullable SocketAddress asked;
    private long askedAt;
    private Standing answer = Standing.UNKNOWN;
    private boolean looked;
    private long lookedAt;
    private boolean loopbackOnly;

    /** Each entry is overwritten by the next one that falls on it. */
    private final @Nullable Known[] known = new Known[REACHES];

    /** {@code mark} is that of the packets, by which policy rules may route, 0 for none. */
    LocalAddresses(LinkScopes scopes, int mark) {
        this.scopes = scopes;
        this.mark = mark;
    }

    private record Known(SocketAddress source, long high, long low, long since, Reach reach) {
        boolean isOf(SocketAddress from, EchoRequest request, long now) {
            return since - now + REACH_NANOS > 0
                    && high == request.destinationHigh()
                    && low == request.destinationLow()
                    && source.equals(from);
        }
    }

    /** Whether answers can come back for an IPv6 packet that the kernel takes, whatever it is sent from. */
    enum Reach {
        /** As far as this host can tell, or the kernel refuses the packet itself. */
        BY_SOURCE,
        /** The source is link-local, and the destination is not on its link, nor behind it. */
        ANOTHER_LINK,
        /** The source is {@code ::1}, and the destination is not this host. */
        LOOPBACK,
        /** No source was asked for, and this host has none but {@code ::1} for another host. */
        NO_ADDRESS
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
     * {@return whether answers could come back for an IPv6 packet, as far as the kernel does not say so itself}
     *
     * @param source where from, by its current numbers; null for the kernel's choice
     * @param request where to
     * @param now the time, of {@link System#nanoTime}
     */
    Reach reach(@Nullable SocketAddress source, EchoRequest request, long now) {
        if (source == null) {
            return isCutOff(request, now) ? Reach.NO_ADDRESS : Reach.BY_SOURCE;
        }
        boolean loopback = source.high() == 0 && source.low() == 1;
        // A link-local destination on another link, or from ::1, is refused by the kernel with EINVAL.
        if ((source.scopeId() == 0 && !loopback) || request.destinationScope() != 0) {
            return Reach.BY_SOURCE;
        }
        int at = Long.hashCode(31 * request.destinationHigh() + request.destinationLow()) & (REACHES - 1);
        Known last = known[at];
        if (last == null || !last.isOf(source, request, now)) {
            SocketAddress destination = SocketAddress.of(request.destination());
            Reach reach = loopback ? askFromLoopback(destination) : askFromLink(source, destination);
            last = new Known(source, request.destinationHigh(), request.destinationLow(), now, reach);
            known[at] = last;
        }
        return last.reach();
    }

    /** Linux sends from {@code ::1} to other hosts if asked to, and they drop it (RFC 4291, 2.5.3). */
    private Reach askFromLoopback(SocketAddress destination) {
        return route(destination, null, 0).type == Rtnetlink.RTN_UNICAST ? Reach.LOOPBACK : Reach.BY_SOURCE;
    }

    /**
     * For a packet that has a source, Linux prefers the source's interface but does not insist (ip6_route_output sets RT6_LOOKUP_F_IFACE
     * only without one). A raw socket then sends by another link, and own addresses are reached from any. The answerer looks for the
     * source on its own link, where it is nobody or somebody else.
     */
    private Reach askFromLink(SocketAddress source, SocketAddress destination) {
        Route route = route(destination, source, source.scopeId());
        boolean loopback = destination.high() == 0 && destination.low() == 1;
        if (route.type == Rtnetlink.RTN_LOCAL || (loopback && route.type >= 0)) {
            // The answer names lo as the device of a local route. Without a source the kernel insists on the interface.
            boolean same = route(destination, null, source.scopeId()).type == Rtnetlink.RTN_LOCAL;
            return same ? Reach.BY_SOURCE : Reach.ANOTHER_LINK;
        }
        boolean other = route.type == Rtnetlink.RTN_UNICAST && route.device != source.scopeId();
        return other ? Reach.ANOTHER_LINK : Reach.BY_SOURCE;
    }

    private boolean isCutOff(EchoRequest request, long now) {
        if (!looked || now - lookedAt > LOOK_NANOS) {
            loopbackOnly = Ipv6Addresses.supply() == Ipv6Addresses.Supply.LOOPBACK_ONLY;
            looked = true;
            lookedAt = now;
        }
        if (!loopbackOnly) {
            return false;
        }
        int type = route(SocketAddress.of(request.destination()), null, 0).type;
        return type > 0 && type != Rtnetlink.RTN_LOCAL; // without a route the kernel refuses the packet itself
    }

    private Standing askRoute(SocketAddress address) {
        int type = route(address, null, 0).type;
        return switch (type) {
            case Rtnetlink.RTN_LOCAL -> Standing.LOCAL;
            case Rtnetlink.RTN_BROADCAST -> Standing.BROADCAST;
            default -> type < 0 ? askBind(address) : Standing.FOREIGN;
        };
    }

    /** Its type is 0 if there is none, and -1 if the system does not let us ask. */
    private record Route(int type, int device) {
        static final Route UNKNOWN = new Route(-1, 0);
    }

    /** {@return the route to an address, from a source of IPv6 or null, by an interface or 0} */
    private Route route(SocketAddress address, @Nullable SocketAddress source, int device) {
        int fd = LibC.socket(
                Rtnetlink.AF_NETLINK,
                Socket.SOCK_RAW | Socket.SOCK_CLOEXEC | Socket.SOCK_NONBLOCK,
                Rtnetlink.NETLINK_ROUTE);
        if (fd < 0) {
            return Route.UNKNOWN; // a sandbox without netlink, such as RestrictAddressFamilies= of systemd
        }
        try (NativeMemory memory = NativeMemory.allocate(ROOM)) {
            ByteBuffer buffer = memory.buffer();
            if (address.version() == IpVersion.V4) {
                Rtnetlink.putQuestion(buffer, (int) address.low());
            } else {
                Rtnetlink.putQuestion(buffer, address.high(), address.low());
            }
            if (source != null) {
                Rtnetlink.addSource(buffer, source.high(), source.low());
            }
            if (device != 0) {
                Rtnetlink.addInterface(buffer, device);
            }
            if (mark != 0) {
                Rtnetlink.addMark(buffer, mark);
            }
            // The kernel answers within write(2), so that a socket that does not block has the answer.
            return LibC.write(fd, memory.address(), Rtnetlink.size(buffer)) < 0
                            || LibC.read(fd, memory.address(), ROOM) < 0
                    ? Route.UNKNOWN
                    : new Route(Rtnetlink.routeType(buffer), Rtnetlink.routeInterface(buffer));
        } finally {
            LibC.close(fd);
        }
    }

    /** {@return whether a request names an interface for its destination that this host does not have} */
    boolean lacksInterface(EchoRequest request) {
        return scopes.lacksDestination(request);
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
