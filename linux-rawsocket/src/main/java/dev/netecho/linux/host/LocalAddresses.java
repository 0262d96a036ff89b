// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Rtnetlink;
import dev.netecho.linux.libc.SockaddrIn6;
import dev.netecho.linux.libc.Socket;
import dev.netecho.linux.socket.SocketAddress;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an address is to this host, asked of the kernel when it has refused a packet. Not thread-safe.
 *
 * <p>{@link java.net.NetworkInterface} does not do: it hides IPv6 under {@code java.net.preferIPv4Stack}, knows no
 * local routes, and lists tentative addresses. IPv6 is asked by bind(2), which checks a source as the send does. IPv4
 * is asked by RTM_GETROUTE, because bind(2) takes broadcast addresses, and all others under
 * {@code net.ipv4.ip_nonlocal_bind}.
 */
public final class LocalAddresses {
    /**
     * A flood of refusals asks once in this time, which is less than any program takes to change an address and send.
     */
    private static final long FRESH_NANOS = 1_000_000;

    /**
     * How long it is believed that answers come back for a source and a destination, unless an address or a link
     * changes.
     */
    private static final long REACH_NANOS = 100_000_000;

    private static final int REACHES = 256;

    private static final int IPV4_LOOPBACK = 127;
    private static final int ASK_SHARE = 20;

    /** The upper half of no IPv6 unicast address. */
    private static final long OF_IPV4 = -1;

    private final LinkScopes scopes;
    private final Netlink netlink;
    private @Nullable SocketAddress asked;
    private long askedAt;
    private Standing answer = Standing.UNKNOWN;
    private boolean looked;
    private boolean globalThroughout;
    private boolean lookedForIpv4;
    private boolean ipv4Throughout;
    private long ipv4AskedAt = System.nanoTime();
    private long ipv4AskNanos;

    /**
     * What answers come back for; a source that receives has the destination 0. Each entry is overwritten by the next
     * one that falls on it.
     */
    private final @Nullable Known[] known = new Known[REACHES];

    LocalAddresses(LinkScopes scopes, Netlink netlink) {
        this.scopes = scopes;
        this.netlink = netlink;
    }

    private record Known(@Nullable SocketAddress source, long high, long low, int trafficClass, long since) {
        boolean isOf(@Nullable SocketAddress from, long toHigh, long toLow, int ofClass, long now) {
            return since - now + REACH_NANOS > 0
                    && high == toHigh
                    && low == toLow
                    && trafficClass == ofClass
                    && Objects.equals(source, from);
        }
    }

    /** {@return the traffic class of a request's packet} Rules may route by it (ip-rule(8), dsfield). */
    static int trafficClass(EchoRequest request) {
        return request.options().trafficClass().orElse(0);
    }

    /** Addresses or links of this host may have changed. */
    void forget() {
        looked = false;
        lookedForIpv4 = false;
        Arrays.fill(known, null);
    }

    /** Whether answers can come back for a packet that the kernel takes, whatever it is sent from. */
    public enum Reach {
        /** As far as this host can tell, or the kernel refuses the packet itself. */
        BY_SOURCE,
        /** The source is link-local, and the destination is not on its link. */
        ANOTHER_LINK,
        /** The source is {@code ::1}, and the destination is not this host. */
        LOOPBACK,
        /** The source is of another host, and this one would send from it all the same. */
        FOREIGN,
        /** The destination is link-local, and on another link than the interface that was asked for. */
        ANOTHER_INTERFACE,
        /** The source is of a link that is down, and this host drops what is sent to it. */
        LINK_DOWN,
        /**
         * No source was asked for, and the kernel has none but {@code 0.0.0.0}, {@code ::1}, or a link-local one of
         * another link.
         */
        NO_ADDRESS
    }

    /** Has {@link #of} ask the kernel the next time, however fresh the last answer is. */
    public void askAgain() {
        asked = null;
    }

    /** {@return the interface that the sockets are bound to; empty if they are to none} */
    public String interfaceName() {
        return netlink.interfaceName();
    }

    /** What an address is to this host. */
    public enum Standing {
        /** The kernel sends from it. */
        LOCAL,
        /** The broadcast address of a subnet. */
        BROADCAST,
        /** Not an address of this host, or not usable yet. */
        FOREIGN,
        /** The system refuses the question. */
        UNKNOWN
    }

    /**
     * {@return what an address is to this host}
     *
     * @param address the address
     */
    public Standing of(InetAddress address) {
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
     * {@return whether answers could come back for an IPv6 packet, where the kernel does not check that itself}
     *
     * @param source where from, by its current numbers; null for the kernel's choice
     * @param request where to
     * @param now the time, of {@link System#nanoTime}
     */
    Reach reach(@Nullable SocketAddress source, EchoRequest request, long now) {
        Reach own = source != null && isGlobal(source) ? reachOfOwn(source, now) : Reach.BY_SOURCE;
        if (own != Reach.BY_SOURCE) {
            return own;
        }
        // From a source of another link, or from ::1, a link-local destination is refused by the kernel with EINVAL.
        if (request.destinationScope() != 0) {
            return isOnAnotherInterface(scopes.ofDestination(request)) ? Reach.ANOTHER_INTERFACE : Reach.BY_SOURCE;
        }
        if (source != null && source.isIpv6LinkLocal() && isOnAnotherInterface(source.scopeId())) {
            return Reach.ANOTHER_LINK;
        }
        boolean sure = source == null
                ? isLoopback(request.destinationHigh(), request.destinationLow()) || hasGlobalThroughout()
                : isGlobal(source);
        if (sure) {
            return Reach.BY_SOURCE;
        }
        int at = place(request.destinationHigh(), request.destinationLow());
        int trafficClass = trafficClass(request);
        if (isKnown(at, source, request.destinationHigh(), request.destinationLow(), trafficClass, now)) {
            return Reach.BY_SOURCE;
        }
        SocketAddress destination = SocketAddress.of(request.destination());
        Reach reach = source == null
                ? askFromAny(destination, trafficClass)
                : isLoopback(source.high(), source.low())
                        ? askFromLoopback(destination, trafficClass)
                        : askFromLink(source, destination, trafficClass);
        // A refusal is not remembered: its cause may be gone at any moment.
        if (reach == Reach.BY_SOURCE) {
            known[at] = new Known(source, request.destinationHigh(), request.destinationLow(), trafficClass, now);
        }
        return reach;
    }

    /**
     * {@return whether answers could come back for an IPv4 packet}
     *
     * <p>Where no address fits, Linux sends from 0.0.0.0 and nobody can answer (fib_result_prefsrc in
     * net/ipv4/fib_semantics.c). A request pays for the question only on a host where that may happen.
     *
     * @param source where from; null for the kernel's choice
     * @param request where to
     * @param now the time, of {@link System#nanoTime}
     */
    Reach reachOfIpv4(@Nullable SocketAddress source, EchoRequest request, long now) {
        long low = request.destinationLow();
        if (source != null || low >>> 24 == IPV4_LOOPBACK || hasIpv4Throughout(now)) {
            return Reach.BY_SOURCE;
        }
        int at = place(OF_IPV4, low);
        int trafficClass = trafficClass(request);
        if (isKnown(at, null, OF_IPV4, low, trafficClass, now)) {
            return Reach.BY_SOURCE;
        }
        Netlink.Route route =
                netlink.route(SocketAddress.of(request.destination()), null, netlink.boundIndex(), trafficClass);
        if (route.type() == Rtnetlink.RTN_UNICAST && route.source() == null) {
            return Reach.NO_ADDRESS;
        }
        known[at] = new Known(null, OF_IPV4, low, trafficClass, now);
        return Reach.BY_SOURCE;
    }

    /**
     * Where addresses are many and change all the time, the host is looked at for a twentieth of the time only. In
     * between, each destination is asked for: what was true before a change must not be believed after it.
     */
    private boolean hasIpv4Throughout(long now) {
        if (!lookedForIpv4) {
            if (now - ipv4AskedAt < ASK_SHARE * ipv4AskNanos) {
                return false;
            }
            ipv4Throughout = Ipv4Addresses.haveGlobalThroughout();
            lookedForIpv4 = true;
            ipv4AskedAt = System.nanoTime();
            ipv4AskNanos = Math.max(0, ipv4AskedAt - now);
        }
        return ipv4Throughout;
    }

    private static int place(long high, long low) {
        return Long.hashCode(31 * high + low) & (REACHES - 1);
    }

    private boolean isKnown(int at, @Nullable SocketAddress source, long high, long low, int trafficClass, long now) {
        Known last = known[at];
        return last != null && last.isOf(source, high, low, trafficClass, now);
    }

    /**
     * Under {@code keep_addr_on_down} the kernel sends from the addresses of a link that is down, but has no local
     * route for them, so that it drops the answers (addrconf_ifdown in net/ipv6/addrconf.c). A route of another VRF may
     * be missing too, so that only a link that is down is blamed. Under {@code ip_nonlocal_bind} it sends from any
     * address, and the answers go to the host that has it. That a source receives is believed for as long as a reach,
     * in a place of that table. Link-local addresses are not kept.
     */
    private Reach reachOfOwn(SocketAddress source, long now) {
        int at = place(source.high(), source.low());
        if (isKnown(at, source, 0, 0, 0, now)) {
            return Reach.BY_SOURCE;
        }
        int bound = netlink.boundIndex();
        if (!mayBeLocal(source, 0) && (bound == 0 || !mayBeLocal(source, bound))) {
            List<String> links = Ipv6Addresses.links(source.high(), source.low());
            if (links != null && links.isEmpty()) {
                return askBind(source) == Standing.LOCAL ? Reach.FOREIGN : Reach.BY_SOURCE;
            }
            if (links != null && links.stream().allMatch(netlink::isDown)) {
                return Reach.LINK_DOWN;
            }
        }
        known[at] = new Known(source, 0, 0, 0, now);
        return Reach.BY_SOURCE;
    }

    /**
     * A raw socket that is bound to one interface sends to a link-local address of another all the same, and does not
     * get the answer (SO_BINDTODEVICE is compared with IPV6_PKTINFO, the scope is not). The bind to a link-local source
     * replaces the interface that a socket was bound to before (ping_bind, rawv6_bind). A VRF has the links of its
     * members.
     */
    private boolean isOnAnotherInterface(int scope) {
        int bound = netlink.boundIndex();
        return bound != 0 && bound != scope && !Ipv4Addresses.mayBeOfVrf();
    }

    private static boolean isLoopback(long high, long low) {
        return high == 0 && low == 1;
    }

    private static boolean isGlobal(SocketAddress address) {
        return address.scopeId() == 0 && !isLoopback(address.high(), address.low());
    }

    private boolean hasGlobalThroughout() {
        if (!looked) {
            globalThroughout = Ipv6Addresses.haveGlobalThroughout(netlink::isDown);
            looked = true;
        }
        return globalThroughout;
    }

    /**
     * While the right address is tentative (RFC 4862, 5.4), Linux takes ::1 or the link-local address of another link
     * instead, and an address named by a route even while it is tentative. Under {@code keep_addr_on_down} it takes an
     * address of a link that is down. Asked before the packet leaves: at its timeout the address may be usable. A
     * request pays for it only while this host lacks a global address, or one of them is not usable.
     */
    private Reach askFromAny(SocketAddress destination, int trafficClass) {
        Netlink.Route route = netlink.route(destination, null, netlink.boundIndex(), trafficClass);
        SocketAddress source = route.source();
        if (route.type() != Rtnetlink.RTN_UNICAST || source == null) {
            return Reach.BY_SOURCE; // to this host itself, or the kernel refuses the packet
        }
        if (isLoopback(source.high(), source.low())) {
            return Reach.NO_ADDRESS;
        }
        // No local route: a tentative address, one of a link that is down, a link-local one by another interface. A
        // global address may be on any. In a VRF its local route is in the VRF's table: only a question with an
        // interface finds it.
        boolean answerable = mayBeLocal(source, route.device()) || (!source.isIpv6LinkLocal() && mayBeLocal(source, 0));
        return answerable ? Reach.BY_SOURCE : Reach.NO_ADDRESS;
    }

    /** {@return whether the kernel has a local route by an interface or 0, or refuses to tell} */
    private boolean mayBeLocal(SocketAddress address, int device) {
        int type = netlink.route(address, null, device, 0).type();
        return type == Rtnetlink.RTN_LOCAL || type < 0;
    }

    /** Linux sends from {@code ::1} to other hosts if asked to, and they drop it (RFC 4291, 2.5.3). */
    private Reach askFromLoopback(SocketAddress destination, int trafficClass) {
        int type = netlink.route(destination, null, 0, trafficClass).type();
        boolean foreign = type < 0 ? askBind(destination) == Standing.FOREIGN : type == Rtnetlink.RTN_UNICAST;
        return foreign ? Reach.LOOPBACK : Reach.BY_SOURCE;
    }

    /**
     * A socket that is bound to a link-local source sends by the link of that source, by whatever route it has there
     * (ip6_route_output: RT6_LOOKUP_F_IFACE). But the best route to the destination may lead elsewhere, and addresses
     * of this host are reached from any link. The responder looks for the source on its own link, where that is no host
     * or another one.
     */
    private Reach askFromLink(SocketAddress source, SocketAddress destination, int trafficClass) {
        Netlink.Route route = netlink.tableRoute(destination, source, source.scopeId(), trafficClass);
        boolean loopback = destination.high() == 0 && destination.low() == 1;
        if (route.type() == Rtnetlink.RTN_LOCAL || (loopback && route.type() >= 0)) {
            // The answer names lo as the device of a local route. Without a source the kernel insists on the interface.
            return mayBeLocal(destination, source.scopeId()) ? Reach.BY_SOURCE : Reach.ANOTHER_LINK;
        }
        boolean other = route.type() == Rtnetlink.RTN_UNICAST && !route.byAsked();
        return other ? Reach.ANOTHER_LINK : Reach.BY_SOURCE;
    }

    private Standing askRoute(SocketAddress address) {
        int type = netlink.route(address, null, 0, 0).type();
        return switch (type) {
            case Rtnetlink.RTN_LOCAL -> Standing.LOCAL;
            case Rtnetlink.RTN_BROADCAST -> Standing.BROADCAST;
            default -> type < 0 ? askBind(address) : Standing.FOREIGN;
        };
    }

    /**
     * {@return the interface that a request must go out by and that this host does not have; empty if there is none}
     *
     * @param request the request
     */
    public String missingInterface(EchoRequest request) {
        String bound = netlink.missingInterface();
        if (!bound.isEmpty() || !scopes.lacksDestination(request)) {
            return bound;
        }
        String host = request.destination().getHostAddress();
        return host.substring(host.indexOf('%') + 1);
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
