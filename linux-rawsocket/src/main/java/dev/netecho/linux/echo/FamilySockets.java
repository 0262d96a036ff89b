// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.IpVersion;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.Ipv6Options;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.linux.socket.SystemCallException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first sockets of a loop: one of each family that the system allows.
 *
 * @param sockets at least one, open
 * @param versions their families, and one that was only short of descriptors or memory: it is opened on demand
 * @param ipv6Options whether the system obeys the hop limit and the traffic class of an IPv6 request
 * @param shortfall why the other family, or its options, are missing; empty if nothing is
 */
record FamilySockets(
        Map<SocketKey, IcmpSocket> sockets, Set<IpVersion> versions, boolean ipv6Options, String shortfall) {
    private static final Logger LOG = LoggerFactory.getLogger(FamilySockets.class);

    private static final String NO_IPV6_OPTIONS =
            "this kernel ignores the hop limit and traffic class of a packet on IPv6 datagram sockets (Linux obeys "
                    + "them from 5.18 on); linux-raw has both";

    /** Nothing is promised that may be ignored (SPEC REQ-1). */
    private static final String UNKNOWN_IPV6_OPTIONS =
            "the system had no descriptor or memory left to find out whether it obeys the hop limit and traffic class "
                    + "of an IPv6 packet; open the requester again";

    /**
     * Opens them.
     *
     * @throws SystemCallException if neither family can be used: the reason of IPv4
     */
    static FamilySockets open(String name, SocketKind kind, SocketSettings settings) throws SystemCallException {
        Map<SocketKey, IcmpSocket> sockets = new LinkedHashMap<>();
        Set<IpVersion> versions = EnumSet.noneOf(IpVersion.class);
        String shortfall = "";
        try {
            SystemCallException failure = null;
            for (SocketKey key : List.of(SocketKey.V4, SocketKey.V6)) {
                try {
                    sockets.put(key, SocketSet.openSocket(kind, key, settings));
                    versions.add(key.version());
                } catch (SystemCallException e) { // SPEC PRO-4: the other one may still be used
                    LOG.debug("{}: {} is not available", name, key.version(), e);
                    failure = failure == null ? e : failure;
                    // A shortage passes: it must not cost a family for the life of the requester.
                    if (Errno.isShortage(e.errno())) {
                        versions.add(key.version());
                    } else {
                        shortfall = String.valueOf(e.getMessage());
                    }
                }
            }
            if (sockets.isEmpty() && failure != null) {
                throw failure;
            }
            boolean six = versions.contains(IpVersion.V6);
            Ipv6Options options = six ? Ipv6Options.of(kind) : Ipv6Options.OBEYED;
            if (options != Ipv6Options.OBEYED) {
                String why = options == Ipv6Options.IGNORED ? NO_IPV6_OPTIONS : UNKNOWN_IPV6_OPTIONS;
                shortfall = shortfall.isEmpty() ? why : shortfall + "; " + why;
            }
            return new FamilySockets(sockets, versions, options == Ipv6Options.OBEYED, shortfall);
        } catch (SystemCallException | RuntimeException | Error e) {
            sockets.values().forEach(IcmpSocket::close);
            throw e;
        }
    }
}
