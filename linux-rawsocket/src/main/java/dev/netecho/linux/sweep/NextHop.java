// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Rtnetlink;
import dev.netecho.linux.libc.Socket;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.packet.NetworkOrder;
import dev.netecho.sweep.SweepTargets;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
 */
public record NextHop(String device, int index, int source, int gateway, long ownAddress, long gatewayAddress) {
    /** proc(5): the IPv4 routes of the main table, in hexadecimal numbers of the host's order. */
    private static final Path ROUTES = Path.of("/proc/net/route");

    /** The neighbours, as arp(7) describes. */
    private static final Path NEIGHBOURS = Path.of("/proc/net/arp");

    private static final int HARDWARE_ADDRESS = 6;

    /** No hardware address. */
    private static final long UNKNOWN = -1;

    private static final String IN_USE = "; use the way requester";
    private static final int ROOM = 1_024;

    /** RFC 863: what arrives there is thrown away. */
    private static final int DISCARD_PORT = 9;

    private static final int MOST_LOOKS = 100;
    private static final long LOOK_MILLIS = 10;

    /** {@return the next hop of all targets} */
    public static NextHop resolve(SweepTargets targets) throws IOException {
        Route first = Route.to(number(targets.first(0)));
        first.check(targets.first(0));
        requireOneRoute(targets);
        for (int range = 0; range < targets.ranges(); range += Math.max(1, targets.ranges() / 32)) {
            // Rules (ip rule) and other tables are not in the list of routes: the kernel is asked as well.
            for (InetAddress address : List.of(targets.first(range), targets.last(range))) {
                Route route = Route.to(number(address));
                route.check(address);
                if (route.gateway != first.gateway || route.device != first.device) {
                    throw new IOException(targets.first(0).getHostAddress() + " and " + address.getHostAddress()
                            + " have different routers" + IN_USE);
                }
            }
        }
        return first.complete(MOST_LOOKS);
    }

    /** {@return the next hop of one address now; null if there is none, or its hardware address is not known} */
    static @Nullable NextHop now(int address) {
        try {
            Route route = Route.to(address);
            return route.gateway == 0 ? null : route.complete(1);
        } catch (IOException e) {
            return null;
        }
    }

    /** {@return whether frames are the same for both} */
    boolean isLike(NextHop other) {
        return index == other.index
                && source == other.source
                && ownAddress == other.ownAddress
                && gatewayAddress == other.gatewayAddress;
    }

    private static int number(InetAddress address) {
        return ByteBuffer.wrap(address.getAddress()).getInt();
    }

    /** A route of the kernel to one address. */
    private record Route(int type, int device, int gateway, int source) {
        static Route to(int address) throws IOException {
            int fd = LibC.socket(Rtnetlink.AF_NETLINK, Socket.SOCK_RAW | Socket.SOCK_CLOEXEC, Rtnetlink.NETLINK_ROUTE);
            if (fd < 0) {
                throw new SystemCallException("socket(AF_NETLINK)", LibC.errno());
            }
            try (NativeMemory memory = NativeMemory.allocate(ROOM)) {
                ByteBuffer buffer = memory.buffer();
                Rtnetlink.putQuestion(buffer, address);
                // The kernel answers within write(2).
                if (LibC.write(fd, memory.address(), Rtnetlink.size(buffer)) < 0
                        || LibC.read(fd, memory.address(), ROOM) < 0) {
                    throw new SystemCallException("RTM_GETROUTE", LibC.errno());
                }
                return new Route(
                        Rtnetlink.routeType(buffer),
                        Rtnetlink.routeInterface(buffer),
                        Rtnetlink.ipv4Gateway(buffer),
                        Rtnetlink.ipv4Source(buffer));
            } finally {
                LibC.close(fd);
            }
        }

        void check(InetAddress address) throws IOException {
            if (type != Rtnetlink.RTN_UNICAST || source == 0) {
                throw new IOException("this host has no route to " + address.getHostAddress() + IN_USE);
            }
            if (gateway == 0) {
                throw new IOException(
                        address.getHostAddress() + " is on a link of this host, not behind a router" + IN_USE);
            }
        }

        /** {@code looks} bounds how often the router's address is looked for. */
        NextHop complete(int looks) throws IOException {
            NetworkInterface found = NetworkInterface.getByIndex(device);
            long own = found == null ? UNKNOWN : hardwareAddress(found);
            if (found == null || own == UNKNOWN) {
                throw new IOException("the interface " + (found == null ? device : found.getName())
                        + " is not Ethernet, or is gone" + IN_USE);
            }
            long router = neighbour(found.getName(), looks);
            return new NextHop(found.getName(), device, source, gateway, own, router);
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
        private long neighbour(String name, int looks) throws IOException {
            String wanted = dotted(gateway);
            long known = lookUp(wanted, name);
            for (int i = 0; known == UNKNOWN && i < looks; i++) {
                if (i == 0) {
                    try (DatagramSocket socket = new DatagramSocket()) {
                        InetAddress router = InetAddress.getByName(wanted);
                        socket.send(new DatagramPacket(new byte[0], 0, router, DISCARD_PORT));
                    }
                }
                try {
                    Thread.sleep(LOOK_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted while the router " + wanted + " was looked for", e);
                }
                known = lookUp(wanted, name);
            }
            if (known == UNKNOWN) {
                throw new IOException("the router " + wanted + " does not answer on " + name + IN_USE);
            }
            return known;
        }
    }

    private static String dotted(int address) {
        return (address >>> 24) + "." + (address >> 16 & 0xff) + "." + (address >> 8 & 0xff) + "." + (address & 0xff);
    }

    /** {@return the hardware address of a neighbour; {@link #UNKNOWN} if it is not known} */
    private static long lookUp(String address, String device) throws IOException {
        for (String line : Files.readAllLines(NEIGHBOURS, StandardCharsets.US_ASCII)) {
            String[] fields = line.trim().split("\\s+", -1);
            // ATF_COM: the address is complete.
            if (fields.length >= 6
                    && fields[0].equals(address)
                    && fields[5].equals(device)
                    && (Integer.decode(fields[2]) & 2) != 0) {
                return Long.parseLong(fields[3].replace(":", ""), 16);
            }
        }
        return UNKNOWN;
    }

    /** Fails unless the main table sends all targets to one router: a part of a range may have a route of its own. */
    private static void requireOneRoute(SweepTargets targets) throws IOException {
        record Entry(long first, long last, int bits, String hop) {}

        List<Entry> entries = Files.readAllLines(ROUTES, StandardCharsets.US_ASCII).stream()
                .skip(1)
                .map(line -> line.trim().split("\\s+", -1))
                .filter(fields -> fields.length >= 8)
                .map(fields -> {
                    long destination = hostOrder(fields[1]);
                    long mask = hostOrder(fields[7]);
                    return new Entry(
                            destination,
                            destination | (~mask & 0xffffffffL),
                            Long.bitCount(mask),
                            fields[0] + " " + fields[2]);
                })
                .sorted((a, b) -> b.bits - a.bits)
                .toList();
        String hop = null;
        for (int range = 0; range < targets.ranges(); range++) {
            long at = Integer.toUnsignedLong(number(targets.first(range)));
            long last = Integer.toUnsignedLong(number(targets.last(range)));
            while (at <= last) {
                // The longest prefix that has the address, up to where a longer one begins.
                Entry best = null;
                long end = last;
                for (Entry entry : entries) {
                    if (best == null && entry.first <= at && at <= entry.last) {
                        best = entry;
                        end = Math.min(end, entry.last);
                    } else if (best == null && entry.first > at) {
                        end = Math.min(end, entry.first - 1);
                    }
                }
                if (best == null || (hop != null && !hop.equals(best.hop))) {
                    throw new IOException("the targets have " + (best == null ? "no router" : "several routers")
                            + " in part" + IN_USE);
                }
                hop = best.hop;
                at = end + 1;
            }
        }
    }

    private static long hostOrder(String hexadecimal) {
        ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
        buffer.putInt(0, (int) Long.parseLong(hexadecimal, 16));
        return Integer.toUnsignedLong(NetworkOrder.getInt(buffer, 0));
    }
}
