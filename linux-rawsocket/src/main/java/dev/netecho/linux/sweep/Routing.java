// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import dev.netecho.IpVersion;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.NetlinkMessage;
import dev.netecho.linux.libc.RoutingTables;
import dev.netecho.linux.libc.Rtnetlink;
import dev.netecho.linux.libc.Socket;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.packet.NetworkOrder;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where this host sends the targets of a sweep: all rules (ip-rule(8)), and of all tables (ip-route(8)) what meets the
 * targets.
 *
 * <p>Frames go past all that. So a rule that may be for them counts, even if it is for some packets only.
 */
final class Routing {
    /** A rule; {@code always} if it is for every packet. */
    private record Rule(long preference, int action, int table, boolean always) {}

    /** A route; {@code gateway} is 0 without a router, {@code preferredSource} if the kernel chooses. */
    private record Route(
            int table,
            int network,
            int bits,
            long metric,
            int type,
            int device,
            int gateway,
            int preferredSource,
            boolean plain) {
        long first() {
            return TargetRanges.from(network, bits);
        }

        long last() {
            return TargetRanges.to(network, bits);
        }

        boolean isThrough(int wantedDevice, int wantedGateway) {
            return type == RoutingTables.RTN_UNICAST
                    && plain
                    && device == wantedDevice
                    && gateway == wantedGateway
                    && gateway != 0;
        }

        String target() {
            return !plain
                    ? "several routers, or a tunnel"
                    : type == RoutingTables.RTN_UNICAST && gateway != 0 ? router(gateway, device) : "no router";
        }

        String tableName() {
            return table == RoutingTables.RT_TABLE_MAIN
                    ? "main"
                    : table == RoutingTables.RT_TABLE_LOCAL
                            ? "local"
                            : table == RoutingTables.RT_TABLE_DEFAULT ? "default" : Integer.toString(table);
        }
    }

    /** The addresses for which a route is the best one of its table. */
    private record Part(long first, long last, Route route) {}

    private final TargetRanges ranges;

    /** The address that all probes are sent from. */
    private final int source;

    private final List<Rule> rules;
    private final Map<Integer, List<Route>> tables = new HashMap<>();

    /** Whether a route of a target names the source. */
    private boolean isSourceNamed;

    /** A target whose route names no source; -1 if there is none. */
    private long unnamed = -1;

    private Routing(TargetRanges ranges, int source) throws IOException {
        this.ranges = ranges;
        this.source = source;
        this.rules = rules();
        List<Route> routes = KernelTable.read(
                Rtnetlink.NETLINK_ROUTE,
                RoutingTables.RTM_GETROUTE,
                RoutingTables.RTM_NEWROUTE,
                Socket.AF_INET,
                RoutingTables.FIXED,
                this::route);
        for (Route route : routes) {
            tables.computeIfAbsent(route.table, table -> new ArrayList<>()).add(route);
        }
    }

    /**
     * {@return the first target that this host has no route to; -1 if it has one to each}
     *
     * @param device the index of the interface that all must leave by
     * @param gateway the router that all must go to
     * @param source the address that all must be sent from
     * @throws OtherWayException if a rule or a route may lead a target elsewhere; the message names it
     * @throws IOException if the system does not say
     */
    static long unrouted(TargetRanges ranges, int device, int gateway, int source) throws IOException {
        return new Routing(ranges, source).unrouted(device, gateway);
    }

    private List<Rule> rules() throws IOException {
        try {
            return KernelTable.read(
                    Rtnetlink.NETLINK_ROUTE,
                    RoutingTables.RTM_GETRULE,
                    RoutingTables.RTM_NEWRULE,
                    Socket.AF_INET,
                    RoutingTables.FIXED,
                    this::rule);
        } catch (SystemCallException e) {
            // A kernel without rules (CONFIG_IP_MULTIPLE_TABLES) has these two tables.
            if (e.errno() == Errno.EAFNOSUPPORT || e.errno() == Errno.EOPNOTSUPP) {
                return List.of(always(RoutingTables.RT_TABLE_LOCAL), always(RoutingTables.RT_TABLE_MAIN));
            }
            throw e;
        }
    }

    private static Rule always(int table) {
        return new Rule(0, RoutingTables.FR_ACT_TO_TBL, table, true);
    }

    private @Nullable Rule rule(ByteBuffer buffer, int message) {
        int fixed = message + NetlinkMessage.HEADER;
        boolean inverted = (buffer.getInt(fixed + RoutingTables.FLAGS) & RoutingTables.FIB_RULE_INVERT) != 0;
        if (!inverted && isForOthers(buffer, message)) {
            return null;
        }
        boolean always = !inverted
                && buffer.get(fixed + RoutingTables.DESTINATION_BITS) == 0
                && buffer.get(fixed + RoutingTables.SOURCE_BITS) == 0;
        long preference = 0;
        int table = Byte.toUnsignedInt(buffer.get(fixed + RoutingTables.TABLE));
        int at = NetlinkMessage.firstAttribute(message, RoutingTables.FIXED);
        for (; NetlinkMessage.hasAttribute(buffer, message, at); at = NetlinkMessage.nextAttribute(buffer, at)) {
            int data = at + Integer.BYTES;
            switch (NetlinkMessage.attributeType(buffer, at)) {
                case RoutingTables.FRA_PRIORITY -> preference = Integer.toUnsignedLong(buffer.getInt(data));
                case RoutingTables.FRA_TABLE -> table = buffer.getInt(data);
                case RoutingTables.FRA_SUPPRESS_PREFIXLEN -> always &= buffer.getInt(data) == -1;
                case RoutingTables.FRA_FLOW, RoutingTables.FRA_PAD, RoutingTables.FRA_PROTOCOL -> {}
                // A mark, a user, a port...: for some packets only.
                default -> always = false;
            }
        }
        return new Rule(preference, buffer.get(fixed + RoutingTables.TYPE), table, always);
    }

    /** {@return whether it is for packets that came in, for sockets of an interface, or for others than probes} */
    private boolean isForOthers(ByteBuffer buffer, int message) {
        int arrival = NetlinkMessage.find(buffer, message, RoutingTables.FIXED, RoutingTables.FRA_IIFNAME, 3);
        // What this host sends itself counts as come in by lo (net/ipv4/route.c, LOOPBACK_IFINDEX).
        boolean local = arrival == 0
                || (buffer.get(arrival) == 'l' && buffer.get(arrival + 1) == 'o' && buffer.get(arrival + 2) == 0);
        int destination =
                NetlinkMessage.find(buffer, message, RoutingTables.FIXED, RoutingTables.FRA_DST, Integer.BYTES);
        int bits = buffer.get(message + NetlinkMessage.HEADER + RoutingTables.DESTINATION_BITS);
        return !local
                || isForOtherPackets(buffer, message)
                || NetlinkMessage.find(buffer, message, RoutingTables.FIXED, RoutingTables.FRA_OIFNAME, 1) != 0
                || (destination != 0 && !ranges.meet(NetworkOrder.getInt(buffer, destination), bits));
    }

    /** Probes have one source, no class of traffic, and are ICMP; only what came out of a tunnel has its number. */
    private boolean isForOtherPackets(ByteBuffer buffer, int message) {
        int fixed = message + NetlinkMessage.HEADER;
        int from = NetlinkMessage.find(buffer, message, RoutingTables.FIXED, RoutingTables.FRA_SRC, Integer.BYTES);
        int mask = TargetRanges.mask(buffer.get(fixed + RoutingTables.SOURCE_BITS));
        int protocol = NetlinkMessage.find(buffer, message, RoutingTables.FIXED, RoutingTables.FRA_IP_PROTO, 1);
        return buffer.get(fixed + RoutingTables.CLASS) != 0
                || (from != 0 && ((NetworkOrder.getInt(buffer, from) ^ source) & mask) != 0)
                || (protocol != 0 && buffer.get(protocol) != IpVersion.V4.icmpProtocol())
                || !lacks(buffer, message, RoutingTables.FRA_TUN_ID);
    }

    private @Nullable Route route(ByteBuffer buffer, int message) {
        int fixed = message + NetlinkMessage.HEADER;
        int flags = buffer.getInt(fixed + RoutingTables.FLAGS);
        int network = address(buffer, message, RoutingTables.RTA_DST);
        int bits = Byte.toUnsignedInt(buffer.get(fixed + RoutingTables.DESTINATION_BITS));
        if (!ranges.meet(network, bits)
                || (flags & (RoutingTables.RTM_F_CLONED | RoutingTables.RTNH_F_DEAD)) != 0
                // Probes have no class of traffic.
                || buffer.get(fixed + RoutingTables.CLASS) != 0) {
            return null;
        }
        int table = number(buffer, message, RoutingTables.RTA_TABLE);
        return new Route(
                table == 0 ? Byte.toUnsignedInt(buffer.get(fixed + RoutingTables.TABLE)) : table,
                network,
                bits,
                Integer.toUnsignedLong(number(buffer, message, RoutingTables.RTA_PRIORITY)),
                buffer.get(fixed + RoutingTables.TYPE),
                number(buffer, message, RoutingTables.RTA_OIF),
                address(buffer, message, RoutingTables.RTA_GATEWAY),
                address(buffer, message, RoutingTables.RTA_PREFSRC),
                lacks(buffer, message, RoutingTables.RTA_MULTIPATH) && lacks(buffer, message, RoutingTables.RTA_ENCAP));
    }

    private static boolean lacks(ByteBuffer buffer, int message, int attribute) {
        return NetlinkMessage.find(buffer, message, RoutingTables.FIXED, attribute, 0) == 0;
    }

    private static int number(ByteBuffer buffer, int message, int attribute) {
        int at = NetlinkMessage.find(buffer, message, RoutingTables.FIXED, attribute, Integer.BYTES);
        return at == 0 ? 0 : buffer.getInt(at);
    }

    private static int address(ByteBuffer buffer, int message, int attribute) {
        int at = NetlinkMessage.find(buffer, message, RoutingTables.FIXED, attribute, Integer.BYTES);
        return at == 0 ? 0 : NetworkOrder.getInt(buffer, at);
    }

    private long unrouted(int device, int gateway) throws IOException {
        List<long[]> left = new ArrayList<>(ranges.size());
        for (int i = 0; i < ranges.size(); i++) {
            left.add(new long[] {ranges.first(i), ranges.last(i)});
        }
        for (Rule rule : rules) {
            if (left.isEmpty()) {
                break;
            }
            if (rule.action == RoutingTables.FR_ACT_TO_TBL) {
                List<Part> parts = parts(tables.getOrDefault(rule.table, List.of()));
                List<long[]> missing = parts.isEmpty() ? left : without(left, parts, device, gateway);
                left = rule.always ? missing : left;
            } else if (rule.action != RoutingTables.FR_ACT_NOP) {
                throw new OtherWayException("the rule " + rule.preference
                        + " (ip rule) may stop or divert packets to the targets; sweep by the way requester");
            }
        }
        if (isSourceNamed && unnamed >= 0) {
            int chosen = NextHop.sourceTo((int) unnamed);
            if (chosen != source) {
                throw otherSource(TargetRanges.dotted(unnamed), chosen);
            }
        }
        return left.isEmpty() ? -1 : left.get(0)[0];
    }

    /** {@return which addresses have which route in a table, in order: the longest prefix wins, then the metric} */
    private static List<Part> parts(List<Route> routes) {
        List<Route> sorted = new ArrayList<>(routes);
        sorted.sort(Comparator.comparingLong(Route::first)
                .thenComparingInt(Route::bits)
                .thenComparingLong(Route::metric));
        List<Part> parts = new ArrayList<>();
        // Networks are within each other or apart: those that are open enclose what comes.
        Deque<Route> open = new ArrayDeque<>();
        long at = 0;
        for (Route route : sorted) {
            Route outer = open.peek();
            if (outer != null && outer.network == route.network && outer.bits == route.bits) {
                continue;
            }
            at = close(open, route.first(), at, parts);
            outer = open.peek();
            if (outer != null && at < route.first()) {
                parts.add(new Part(at, route.first() - 1, outer));
            }
            at = route.first();
            open.push(route);
        }
        close(open, Long.MAX_VALUE, at, parts);
        return parts;
    }

    /** Ends the networks that end before an address; returns up to where the parts are known. */
    private static long close(Deque<Route> open, long next, long from, List<Part> parts) {
        long at = from;
        for (Route route = open.peek(); route != null && route.last() < next; route = open.peek()) {
            open.pop();
            if (at <= route.last()) {
                parts.add(new Part(at, route.last(), route));
                at = route.last() + 1;
            }
        }
        return at;
    }

    /** {@return the addresses for which the table has no route; fails if it leads one elsewhere} */
    private List<long[]> without(List<long[]> left, List<Part> parts, int device, int gateway) throws IOException {
        List<long[]> missing = new ArrayList<>();
        int begin = 0;
        for (long[] range : left) {
            long at = range[0];
            while (begin < parts.size() && parts.get(begin).last < at) {
                begin++;
            }
            for (int i = begin; at <= range[1]; i++) {
                Part part = i < parts.size() ? parts.get(i) : null;
                if (part == null || part.first > range[1]) {
                    missing.add(new long[] {at, range[1]});
                    break;
                }
                if (part.first > at) {
                    missing.add(new long[] {at, part.first - 1});
                    at = part.first;
                }
                long end = Math.min(part.last, range[1]);
                if (isOwn(part.route)) {
                    // The sweep leaves it out.
                    at = end + 1;
                    continue;
                }
                if (part.route.type == RoutingTables.RTN_THROW) {
                    missing.add(new long[] {at, end});
                } else if (!part.route.isThrough(device, gateway)) {
                    throw new OtherWayException("the route to " + TargetRanges.text(part.route.network, part.route.bits)
                            + " in table " + part.route.tableName() + " leads to " + part.route.target() + ", and "
                            + TargetRanges.dotted(ranges.sample()) + " is behind " + router(gateway, device)
                            + "; sweep them apart, or by the way requester");
                } else {
                    checkSource(part.route, at);
                }
                at = end + 1;
            }
        }
        return missing;
    }

    private boolean isOwn(Route route) {
        return route.type == RoutingTables.RTN_LOCAL
                && route.bits == Integer.SIZE
                && ranges.isOwn(Integer.toUnsignedLong(route.network));
    }

    /** The kernel chooses the same source for all routes through one router that name none. */
    private void checkSource(Route route, long first) throws OtherWayException {
        if (route.preferredSource == source) {
            isSourceNamed = true;
        } else if (route.preferredSource != 0) {
            throw otherSource(TargetRanges.text(route.network, route.bits), route.preferredSource);
        } else if (unnamed < 0) {
            unnamed = first;
        }
    }

    private OtherWayException otherSource(String target, int other) {
        return new OtherWayException(
                "the route to " + target + " has the source " + TargetRanges.dotted(other) + ", and "
                        + TargetRanges.dotted(ranges.sample()) + " is asked from " + TargetRanges.dotted(source)
                        + "; sweep them apart, or by the way requester");
    }

    private static String router(int gateway, int device) {
        String name = Integer.toString(device);
        try {
            NetworkInterface found = NetworkInterface.getByIndex(device);
            name = found == null ? name : found.getName();
        } catch (SocketException e) {
            name = "interface " + name;
        }
        return TargetRanges.dotted(gateway) + " on " + name;
    }
}
