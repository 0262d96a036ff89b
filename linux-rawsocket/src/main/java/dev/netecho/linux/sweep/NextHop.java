// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import dev.netecho.linux.libc.Icmp;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.NetlinkMessage;
import dev.netecho.linux.libc.RoutingTables;
import dev.netecho.linux.libc.Rtnetlink;
import dev.netecho.linux.libc.Socket;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.packet.NetworkOrder;
import dev.netecho.sweep.SweepTargets;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where all targets of a sweep leave this host: interface, addresses, and the router's hardware address.
 *
 * @param device the name of the interface
 * @param index its index
 * @param source the IPv4 address to send from
 * @param gateway the router
 * @param ownAddress the hardware address of the interface, as a number of 48 bits in network order
 * @param gatewayAddress that of the router
 * @param linkSource the IPv4 address of the interface on the router's network; the source if it has none
 * @param confirmedNanos when the router last confirmed its address, a time of {@link System#nanoTime}; now if nobody
 *     has to
 */
public record NextHop(
        String device,
        int index,
        int source,
        int gateway,
        long ownAddress,
        long gatewayAddress,
        int linkSource,
        long confirmedNanos) {
    private static final int HARDWARE_ADDRESS = 6;

    /** No hardware address. */
    private static final long UNKNOWN = -1;

    private static final String IN_USE = "; use the way requester";
    private static final int ROOM = 1_024;

    /** The kernel tells times of neighbours in clock ticks: 100 a second on all architectures here (USER_HZ). */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** RFC 863: what arrives there is thrown away. */
    private static final int DISCARD_PORT = 9;

    /** The kernel asks for an address three times, once a second (arp(7), mcast_solicit and retrans_time). */
    private static final int PATIENCE_MILLIS = 3_000;

    /** {@return the next hop of all targets} */
    public static NextHop resolve(SweepTargets targets) throws IOException {
        TargetRanges ranges = new TargetRanges(targets);
        long sample = ranges.sample();
        if (sample < 0) {
            throw new IOException("all targets are addresses of this host" + IN_USE);
        }
        Route first = Route.to((int) sample);
        first.check(sample);
        long unrouted = Routing.unrouted(ranges, first.device, first.gateway, first.source);
        if (unrouted >= 0) {
            throw new IOException("this host has no route to " + TargetRanges.dotted(unrouted) + IN_USE);
        }
        IpsecPolicies.requireNone(ranges, first.source);
        for (int range = 0; range < targets.ranges(); range += Math.max(1, targets.ranges() / 32)) {
            // The kernel is asked as well: it knows rules of its own.
            for (long address : List.of(ranges.first(range), ranges.last(range))) {
                if (ranges.isOwn(address)) {
                    continue;
                }
                Route route = Route.to((int) address);
                route.check(address);
                if (route.gateway != first.gateway || route.device != first.device) {
                    throw new IOException(TargetRanges.dotted(sample) + " and " + TargetRanges.dotted(address)
                            + " have different routers" + IN_USE);
                }
            }
        }
        return first.complete(PATIENCE_MILLIS);
    }

    /** {@return the next hop of one address now; null if there is none, or its hardware address is not known} */
    static @Nullable NextHop now(int address) {
        try {
            Route route = Route.to(address);
            return route.gateway == 0 ? null : route.complete(0);
        } catch (IOException e) {
            return null;
        }
    }

    /** {@return the address that the kernel sends to another one from; 0 if it has no route} */
    static int sourceTo(int address) throws IOException {
        return Route.to(address).source;
    }

    /** {@return whether frames are the same for both, and the questions for the router's address} */
    boolean isLike(NextHop other) {
        return index == other.index
                && source == other.source
                && gateway == other.gateway
                && linkSource == other.linkSource
                && ownAddress == other.ownAddress
                && gatewayAddress == other.gatewayAddress;
    }

    private static int number(InetAddress address) {
        return ByteBuffer.wrap(address.getAddress()).getInt();
    }

    /** A route of the kernel to one address. */
    private record Route(int type, int device, int gateway, int source, boolean redirected) {
        static Route to(int address) throws IOException {
            Route route = ask(address, false);
            // A redirect is for one address, and none is needed: the router of the table forwards, too.
            Route table = route.redirected ? ask(address, true) : route;
            return table.gateway == 0 ? route : new Route(route.type, table.device, table.gateway, route.source, false);
        }

        private static Route ask(int address, boolean table) throws IOException {
            int fd = LibC.socket(Rtnetlink.AF_NETLINK, Socket.SOCK_RAW | Socket.SOCK_CLOEXEC, Rtnetlink.NETLINK_ROUTE);
            if (fd < 0) {
                throw new SystemCallException("socket(AF_NETLINK)", LibC.errno());
            }
            try (NativeMemory memory = NativeMemory.allocate(ROOM)) {
                ByteBuffer buffer = memory.buffer();
                Rtnetlink.putQuestion(buffer, address);
                Rtnetlink.addProtocol(buffer, Icmp.IPPROTO_ICMP);
                if (table) {
                    Rtnetlink.askForTable(buffer);
                }
                // The kernel answers within write(2).
                if (LibC.write(fd, memory.address(), Rtnetlink.size(buffer)) < 0
                        || LibC.read(fd, memory.address(), ROOM) < 0) {
                    throw new SystemCallException("RTM_GETROUTE", LibC.errno());
                }
                return new Route(
                        Rtnetlink.routeType(buffer),
                        Rtnetlink.routeInterface(buffer),
                        Rtnetlink.ipv4Gateway(buffer),
                        Rtnetlink.ipv4Source(buffer),
                        Rtnetlink.isRedirected(buffer));
            } finally {
                LibC.close(fd);
            }
        }

        void check(long address) throws IOException {
            if (type != Rtnetlink.RTN_UNICAST || source == 0) {
                throw new IOException("this host has no route to " + TargetRanges.dotted(address) + IN_USE);
            }
            if (gateway == 0) {
                throw new IOException(
                        TargetRanges.dotted(address) + " is on a link of this host, not behind a router" + IN_USE);
            }
        }

        /** Waits so long at most for the router's address. */
        NextHop complete(int millis) throws IOException {
            NetworkInterface found = NetworkInterface.getByIndex(device);
            long own = found == null ? UNKNOWN : hardwareAddress(found);
            if (found == null || own == UNKNOWN) {
                throw new IOException("the interface " + (found == null ? device : found.getName())
                        + " is not Ethernet, or is gone" + IN_USE);
            }
            Neighbour router = neighbour(found.getName(), millis);
            return new NextHop(
                    found.getName(),
                    device,
                    source,
                    gateway,
                    own,
                    router.address,
                    linkSource(found),
                    router.confirmedNanos);
        }

        /** As arp_announce of ip-sysctl describes it for 2. */
        private int linkSource(NetworkInterface device) {
            for (InterfaceAddress address : device.getInterfaceAddresses()) {
                if (address.getAddress() instanceof Inet4Address) {
                    int own = number(address.getAddress());
                    if (((own ^ gateway) & TargetRanges.mask(address.getNetworkPrefixLength())) == 0) {
                        return own;
                    }
                }
            }
            return source;
        }

        private static long hardwareAddress(NetworkInterface device) throws SocketException {
            byte[] address = device.getHardwareAddress();
            if (address == null || address.length != HARDWARE_ADDRESS) {
                return UNKNOWN;
            }
            long number = 0;
            for (byte octet : address) {
                number = (number << Byte.SIZE) | Byte.toUnsignedLong(octet);
            }
            return number;
        }

        /** Asks the kernel to find the router if it does not know it: it does so for any packet. */
        private Neighbour neighbour(String name, int millis) throws IOException {
            Neighbour known = lookUp();
            if (known == null) {
                try (NeighbourChanges changes = NeighbourChanges.watch();
                        DatagramSocket socket = new DatagramSocket()) {
                    InetAddress router = InetAddress.getByName(dotted());
                    socket.send(new DatagramPacket(new byte[0], 0, router, DISCARD_PORT));
                    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
                    known = lookUp();
                    while (known == null && changes.await(deadline)) {
                        known = lookUp();
                    }
                }
            }
            if (known == null) {
                throw new IOException("the router " + dotted() + " does not answer on " + name + IN_USE);
            }
            return known;
        }

        private String dotted() {
            return TargetRanges.dotted(gateway);
        }

        /** {@return the router as the kernel knows it; null if it does not know its hardware address} */
        private @Nullable Neighbour lookUp() throws IOException {
            List<Neighbour> found = KernelTable.read(
                    Rtnetlink.NETLINK_ROUTE,
                    RoutingTables.RTM_GETNEIGH,
                    RoutingTables.RTM_NEWNEIGH,
                    Socket.AF_INET,
                    RoutingTables.FIXED,
                    this::read);
            return found.isEmpty() ? null : found.get(0);
        }

        private @Nullable Neighbour read(ByteBuffer buffer, int message) {
            int fixed = message + NetlinkMessage.HEADER;
            int state = buffer.getShort(fixed + RoutingTables.NEIGHBOUR_STATE);
            int address = attribute(buffer, message, RoutingTables.NDA_DST, Integer.BYTES);
            int hardware = attribute(buffer, message, RoutingTables.NDA_LLADDR, HARDWARE_ADDRESS);
            int times = attribute(buffer, message, RoutingTables.NDA_CACHEINFO, Integer.BYTES);
            if (buffer.getInt(fixed + RoutingTables.NEIGHBOUR_INTERFACE) != device
                    || (state & RoutingTables.NUD_VALID) == 0
                    || address == 0
                    || NetworkOrder.getInt(buffer, address) != gateway
                    || hardware == 0) {
                return null;
            }
            long number = (long) NetworkOrder.getUnsignedShort(buffer, hardware) << Integer.SIZE
                    | Integer.toUnsignedLong(NetworkOrder.getInt(buffer, hardware + Short.BYTES));
            boolean fixedByHand = (state & RoutingTables.NUD_STATIC) != 0;
            long age = times == 0 ? Integer.MAX_VALUE : Integer.toUnsignedLong(buffer.getInt(times)) + 1;
            return new Neighbour(number, System.nanoTime() - (fixedByHand ? 0 : age * TICK_NANOS));
        }

        private static int attribute(ByteBuffer buffer, int message, int type, int size) {
            return NetlinkMessage.find(buffer, message, RoutingTables.FIXED, type, size);
        }
    }

    /** A router's hardware address, and when it was last confirmed. */
    private record Neighbour(long address, long confirmedNanos) {}
}
