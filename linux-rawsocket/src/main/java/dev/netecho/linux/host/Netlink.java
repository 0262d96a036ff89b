// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

import dev.netecho.IpVersion;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.Icmp;
import dev.netecho.linux.libc.Ifreq;
import dev.netecho.linux.libc.In6Pktinfo;
import dev.netecho.linux.libc.Ip;
import dev.netecho.linux.libc.Ipv6;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Rtnetlink;
import dev.netecho.linux.libc.SockaddrIn;
import dev.netecho.linux.libc.SockaddrIn6;
import dev.netecho.linux.libc.Socket;
import dev.netecho.linux.socket.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A socket of rtnetlink(7), kept open: it asks the kernel for routes, and learns when links or addresses of this host
 * change. Not thread-safe. Where the system denies it, such as RestrictAddressFamilies= of systemd does, connect(2) of
 * a UDP socket tells part of a route, and no change is reported.
 *
 * <p>Kept, because where no descriptor is left the question matters as well, and because it stays in the network
 * namespace in which the requester was opened.
 */
final class Netlink implements AutoCloseable {
    private static final int ROOM = 1024;
    private static final int ADDRESS_ROOM = 64;

    /** Discard. Nothing is ever sent to it. */
    private static final int SOME_PORT = 9;

    private static final int IPV4_LOOPBACK = 127;

    /**
     * Bounds what an idle requester holds in the kernel. What does not fit is reported as ENOBUFS, which counts as a
     * change.
     */
    private static final int RECEIVE_BUFFER = 16 * 1024;

    /** A storm of changes must not hold up the loop; what is left is read next time. */
    private static final int MOST_READ = 64;

    /** Less than any program takes to change an address and send. */
    private static final long CHECK_NANOS = 1_000_000;

    /**
     * Some changes are not reported, such as an address of autoconfiguration that becomes tentative: nothing is
     * believed for longer than this.
     */
    private static final long BELIEF_NANOS = 1_000_000_000;

    private final Carriers carriers = new Carriers();
    private final NativeMemory memory = NativeMemory.allocate(ROOM);
    private final ByteBuffer buffer;
    private final int mark;
    private final String boundTo;
    private int fd = -1;
    private boolean closed;
    private boolean denied;
    private long deniedAt;
    private boolean changed = true;
    private boolean asksForProtocol = true;
    private boolean checked;
    private long checkedAt;
    private long forgottenAt;
    private long linksReadAt;

    /**
     * {@code mark} is that of the packets, by which policy rules may route, 0 for none; {@code boundTo} their
     * interface, or empty.
     */
    Netlink(int mark, String boundTo) {
        this.mark = mark;
        this.boundTo = boundTo;
        try {
            this.buffer = memory.buffer();
            isOpen();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Its type is 0 if there is none, and -1 if the system refuses to tell; {@code byAsked} is whether it, or one of
     * several that are as good, leaves by the interface that was asked for.
     */
    record Route(
            int type, int device, boolean byAsked, @Nullable SocketAddress source) {
        static final Route UNKNOWN = new Route(-1, 0, false, null);
        static final Route NONE = new Route(0, 0, false, null);
    }

    /** A shortage of descriptors may pass. */
    private boolean isOpen() {
        if (fd >= 0 || closed) {
            return !closed;
        }
        long now = System.nanoTime();
        if (denied && now - deniedAt < BELIEF_NANOS) {
            return false;
        }
        int opened = LibC.socket(
                Rtnetlink.AF_NETLINK,
                Socket.SOCK_RAW | Socket.SOCK_CLOEXEC | Socket.SOCK_NONBLOCK,
                Rtnetlink.NETLINK_ROUTE);
        if (opened < 0) {
            denied = !isShortage(LibC.errno());
            deniedAt = now;
            return false;
        }
        fd = opened;
        clear();
        buffer.putInt(0, RECEIVE_BUFFER);
        LibC.setsockopt(fd, Socket.SOL_SOCKET, Socket.SO_RCVBUF, memory.address(), Integer.BYTES);
        clear();
        int size = Rtnetlink.putGroups(buffer);
        // If it fails, no change is reported, and only the bound on belief is left.
        LibC.bind(fd, memory.address(), size);
        changed = true;
        carriers.learn(now); // after the bind, so that no change is missed
        return true;
    }

    private static boolean isShortage(int errno) {
        return switch (errno) {
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS -> true;
            default -> false;
        };
    }

    /**
     * {@return whether what was learnt of links and addresses may be wrong now; at the latest a second after the last
     * time}
     */
    boolean haveChanged(long now) {
        if (checked && !changed && now - checkedAt <= CHECK_NANOS) {
            return false;
        }
        checked = true;
        checkedAt = now;
        if (isOpen()) {
            readChanges();
        }
        if (!changed && now - forgottenAt <= BELIEF_NANOS) {
            return false;
        }
        changed = false;
        forgottenAt = now;
        return true;
    }

    private void readChanges() {
        for (int i = 0; i < MOST_READ; i++) {
            long length = LibC.read(fd, memory.address(), ROOM);
            if (length < 0 && LibC.errno() != Errno.ENOBUFS) {
                return;
            }
            changed(length);
        }
    }

    /** A report was read, or reports were lost. */
    private void changed(long length) {
        changed = true;
        if (length < 0) {
            carriers.forget();
        } else if (length >= Rtnetlink.LINK_SIZE) {
            carriers.see(buffer, 0, System.nanoTime());
        }
    }

    /**
     * {@return whether any link of this host may have been up without a carrier since a time} What changed is read once
     * for each {@code now}.
     */
    boolean mayAnyHaveLackedCarrier(long sentNanos, long now) {
        if (now != linksReadAt && isOpen()) {
            linksReadAt = now;
            readChanges();
            carriers.learn(now);
        }
        return carriers.anyLackedSince(sentNanos);
    }

    /**
     * {@return whether a packet to an address may have been dropped since a time, because the link of its route was up
     * without a carrier}
     */
    boolean mayHaveLackedCarrier(
            SocketAddress address, @Nullable SocketAddress source, int trafficClass, long sentNanos) {
        // A socket that is bound to a link-local source sends by its link.
        int link = address.scopeId() == 0 && source != null ? source.scopeId() : address.scopeId();
        int device = link != 0
                ? link
                : route(address, source, boundIndex(), trafficClass).device();
        return carriers.lackedSince(device, sentNanos);
    }

    /** {@return whether there is no route to an address, from a source or null, by an interface or 0 for the usual} */
    boolean lacksRoute(SocketAddress address, @Nullable SocketAddress source, int device, int trafficClass) {
        return route(address, source, device == 0 ? boundIndex() : device, trafficClass)
                        .type()
                == 0;
    }

    /** {@return the route of a packet to an address, from a source or null, by an interface or 0} */
    Route route(SocketAddress address, @Nullable SocketAddress source, int device, int trafficClass) {
        return route(address, source, device, trafficClass, false);
    }

    /**
     * {@return the route of a packet to an address as the table has it, with all its next hops} The kernel may choose
     * another of them for the packet than for the question (it hashes the whole flow).
     */
    Route tableRoute(SocketAddress address, @Nullable SocketAddress source, int device, int trafficClass) {
        return route(address, source, device, trafficClass, true);
    }

    private Route route(
            SocketAddress address, @Nullable SocketAddress source, int device, int trafficClass, boolean table) {
        if (!isOpen()) {
            return closed ? Route.UNKNOWN : routeByConnect(address, source, device, trafficClass);
        }
        Route route = ask(address, source, device, trafficClass, table);
        if (route == null) {
            asksForProtocol = false;
            route = ask(address, source, device, trafficClass, table);
        }
        return route == null ? Route.UNKNOWN : route;
    }

    /** {@return the answer; null if the kernel refuses the question for its protocol} */
    private @Nullable Route ask(
            SocketAddress address, @Nullable SocketAddress source, int device, int trafficClass, boolean table) {
        readChanges(); // they must neither be taken for the answer nor leave it no room
        clear();
        boolean four = address.version() == IpVersion.V4;
        if (four) {
            Rtnetlink.putQuestion(buffer, (int) address.low());
        } else {
            Rtnetlink.putQuestion(buffer, address.high(), address.low());
        }
        if (source != null && four) {
            Rtnetlink.addSource(buffer, (int) source.low());
        } else if (source != null) {
            Rtnetlink.addSource(buffer, source.high(), source.low());
        }
        if (device != 0) {
            Rtnetlink.addInterface(buffer, device);
        }
        if (mark != 0) {
            Rtnetlink.addMark(buffer, mark);
        }
        if (asksForProtocol) {
            Rtnetlink.addProtocol(buffer, four ? Icmp.IPPROTO_ICMP : Icmp.IPPROTO_ICMPV6);
        }
        Rtnetlink.addTrafficClass(buffer, trafficClass);
        if (table) {
            Rtnetlink.askForTable(buffer);
        }
        // The kernel answers within write(2), so a socket that does not block has the answer.
        if (LibC.write(fd, memory.address(), Rtnetlink.size(buffer)) < 0) {
            return Route.UNKNOWN;
        }
        for (int i = 0; i < MOST_READ; i++) {
            long length = LibC.read(fd, memory.address(), ROOM);
            if (length < 0 && LibC.errno() != Errno.ENOBUFS) {
                return Route.UNKNOWN;
            }
            if (length >= 0 && Rtnetlink.isAnswer(buffer)) {
                return asksForProtocol && Rtnetlink.refusesProtocol(buffer)
                        ? null
                        : new Route(
                                Rtnetlink.routeType(buffer),
                                Rtnetlink.routeInterface(buffer),
                                Rtnetlink.leavesBy(buffer, device),
                                chosenSource(address.version()));
            }
            changed(length);
        }
        return Route.UNKNOWN;
    }

    /**
     * Where netlink is denied: a UDP socket that is connected has a route and a source, and sends nothing. By an
     * interface, only its routes count; without one, the usual route. If both choose the same source, the usual route
     * is taken to be by that interface. So a source is refused that would serve, if several next hops are as good and
     * the kernel chooses another one for the question.
     */
    private Route routeByConnect(SocketAddress address, @Nullable SocketAddress source, int device, int trafficClass) {
        Route route = connected(address, source == null ? device : 0, trafficClass);
        if (source == null || device == 0 || route.type() < 0) {
            return route;
        }
        Route byDevice = connected(address, device, trafficClass);
        boolean same = Objects.equals(route.source(), byDevice.source());
        return byDevice.type() < 0 ? Route.UNKNOWN : new Route(route.type(), same ? device : 0, same, route.source());
    }

    private Route connected(SocketAddress address, int device, int trafficClass) {
        boolean four = address.version() == IpVersion.V4;
        int udp = LibC.socket(four ? Socket.AF_INET : Socket.AF_INET6, Socket.SOCK_DGRAM | Socket.SOCK_CLOEXEC, 0);
        if (udp < 0) {
            return Route.UNKNOWN;
        }
        try {
            if (!leadBy(udp, four, device) || !putTrafficClass(udp, four, trafficClass)) {
                return Route.UNKNOWN;
            }
            int errno = connect(udp, address);
            if (errno == Errno.EACCES && four) {
                // So is a "prohibit" route, whatever the socket allows.
                option(udp, Socket.SO_BROADCAST, 1);
                return connect(udp, address) == 0 ? new Route(Rtnetlink.RTN_BROADCAST, 0, false, null) : Route.UNKNOWN;
            }
            return errno == 0
                    ? ofConnected(udp, address, device)
                    : errno == Errno.ENETUNREACH ? Route.NONE : Route.UNKNOWN;
        } finally {
            LibC.close(udp);
        }
    }

    /** {@return whether the socket takes the routes of the echo sockets, by an interface or 0} */
    private boolean leadBy(int udp, boolean four, int device) {
        if (mark != 0 && !option(udp, Socket.SO_MARK, mark)) {
            return false;
        }
        if (device == 0) {
            return true;
        }
        clear();
        if (four) { // it is never another one
            byte[] name = boundTo.getBytes(StandardCharsets.UTF_8);
            buffer.put(0, name);
            return LibC.setsockopt(udp, Socket.SOL_SOCKET, Socket.SO_BINDTODEVICE, memory.address(), name.length) == 0;
        }
        In6Pktinfo.put(buffer, 0, 0, 0, device);
        return LibC.setsockopt(udp, Ipv6.IPPROTO_IPV6, Ipv6.IPV6_PKTINFO, memory.address(), In6Pktinfo.SIZE) == 0;
    }

    private boolean putTrafficClass(int udp, boolean four, int trafficClass) {
        if (trafficClass == 0) {
            return true;
        }
        buffer.putInt(0, trafficClass);
        return LibC.setsockopt(
                        udp,
                        four ? Ip.IPPROTO_IP : Ipv6.IPPROTO_IPV6,
                        four ? Ip.IP_TOS : Ipv6.IPV6_TCLASS,
                        memory.address(),
                        Integer.BYTES)
                == 0;
    }

    private boolean option(int udp, int name, int value) {
        buffer.putInt(0, value);
        return LibC.setsockopt(udp, Socket.SOL_SOCKET, name, memory.address(), Integer.BYTES) == 0;
    }

    /** {@return the error number, 0 if none} */
    private int connect(int udp, SocketAddress address) {
        clear();
        int size = address.put(buffer, 0, SOME_PORT);
        return LibC.connect(udp, memory.address(), size) < 0 ? LibC.errno() : 0;
    }

    private Route ofConnected(int udp, SocketAddress address, int device) {
        clear();
        buffer.putInt(ADDRESS_ROOM, ADDRESS_ROOM);
        if (LibC.getsockname(udp, memory.address(), memory.address() + ADDRESS_ROOM) < 0) {
            return Route.UNKNOWN;
        }
        if (address.version() == IpVersion.V6) {
            SocketAddress source = new SocketAddress(
                    IpVersion.V6, SockaddrIn6.addressHigh(buffer, 0), SockaddrIn6.addressLow(buffer, 0), 0);
            // An own address is reached from itself, even where the routes of the interface lead away.
            boolean local = source.equals(address.withScope(0)) && (device == 0 || mayBeOn(device, source));
            return new Route(local ? Rtnetlink.RTN_LOCAL : Rtnetlink.RTN_UNICAST, 0, false, source);
        }
        int source = SockaddrIn.address(buffer, 0);
        if (source == 0) {
            return new Route(Rtnetlink.RTN_UNICAST, 0, false, null);
        }
        boolean local = source == (int) address.low() || address.low() >>> 24 == IPV4_LOOPBACK;
        // A secondary address is reached from the primary one.
        return new Route(local ? Rtnetlink.RTN_LOCAL : -1, 0, false, SocketAddress.ofIpv4(source));
    }

    private boolean mayBeOn(int device, SocketAddress ipv6) {
        List<String> links = Ipv6Addresses.links(ipv6.high(), ipv6.low());
        return links == null || links.stream().anyMatch(name -> indexOf(name) == device);
    }

    private @Nullable SocketAddress chosenSource(IpVersion version) {
        if (version == IpVersion.V4) {
            int address = Rtnetlink.ipv4Source(buffer);
            return address == 0 ? null : SocketAddress.ofIpv4(address);
        }
        int at = Rtnetlink.routeSource(buffer);
        return at == 0 ? null : SocketAddress.ofIpv6(buffer, at);
    }

    /** {@return the interface that the sockets are bound to; empty if they are to none} */
    String interfaceName() {
        return boundTo;
    }

    /** {@return the index of the interface that the sockets are bound to; 0 if they are to none} */
    int boundIndex() {
        return boundTo.isEmpty() ? 0 : Math.max(0, indexOf(boundTo));
    }

    /**
     * {@return the name of the interface that sockets are to be bound to, if there is none of that name; else empty}
     */
    String missingInterface() {
        return !boundTo.isEmpty() && indexOf(boundTo) == 0 ? boundTo : "";
    }

    /** {@return the index of the interface with a name; 0 if there is none, -1 if the system does not say} */
    int indexOf(String name) {
        if (name.getBytes(StandardCharsets.UTF_8).length >= Ifreq.IFNAMSIZ) {
            return 0; // no interface has such a name
        }
        clear();
        Ifreq.putName(buffer, name);
        int errno = askInterface(Ifreq.SIOCGIFINDEX);
        return errno == 0 ? Ifreq.index(buffer) : errno == Errno.ENODEV ? 0 : -1;
    }

    /** {@return whether it is known that no interface has this index} */
    boolean lacksInterface(int index) {
        clear();
        Ifreq.putIndex(buffer, index);
        return askInterface(Ifreq.SIOCGIFNAME) == Errno.ENODEV;
    }

    /** {@return whether it is known that the interface with a name is down} */
    boolean isDown(String name) {
        clear();
        Ifreq.putName(buffer, name);
        return askInterface(Ifreq.SIOCGIFFLAGS) == 0 && (Ifreq.flags(buffer) & Ifreq.IFF_UP) == 0;
    }

    /** {@return the error number, 0 if none} Such a call may go to any socket (netdevice(7)). */
    private int askInterface(long request) {
        if (isOpen()) {
            return LibC.ioctl(fd, request, memory.address()) < 0 ? LibC.errno() : 0;
        }
        int other = LibC.socket(Socket.AF_INET6, Socket.SOCK_DGRAM | Socket.SOCK_CLOEXEC, 0);
        if (other < 0) {
            return LibC.errno();
        }
        int errno = LibC.ioctl(other, request, memory.address()) < 0 ? LibC.errno() : 0;
        LibC.close(other);
        return errno;
    }

    private void clear() {
        for (int at = 0; at < ROOM; at += Long.BYTES) {
            buffer.putLong(at, 0);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (fd >= 0) {
                LibC.close(fd);
            }
            memory.close();
        }
    }
}
