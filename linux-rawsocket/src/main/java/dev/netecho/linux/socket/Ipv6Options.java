// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import dev.netecho.IpVersion;
import dev.netecho.linux.libc.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the system does with the hop limit and the traffic class in the control data of an IPv6 packet. */
public enum Ipv6Options {
    /** It obeys them. */
    OBEYED,
    /** It ignores them. */
    IGNORED,
    /** It had no descriptor or memory to find out. */
    UNKNOWN;

    private static final Logger LOG = LoggerFactory.getLogger(Ipv6Options.class);

    /** The kernel does not change under a process. */
    private static volatile Ipv6Options ofDatagrams = UNKNOWN;

    /**
     * {@return what it does with those of a kind of socket}
     *
     * <p>Datagram sockets obey from Linux 5.18 on; before, they ignore all control data without a word (SPEC REQ-1;
     * measured on 5.10). So one packet with a hop limit of 256 is sent to ::1: what reads it refuses it with EINVAL.
     *
     * @param kind datagram or raw; raw sockets always obey
     */
    public static Ipv6Options of(SocketKind kind) {
        if (kind == SocketKind.RAW) {
            return OBEYED;
        }
        if (ofDatagrams == UNKNOWN) {
            // A socket of its own: an old kernel sends the packet, and its reply must not count as unmatched.
            try (IcmpSocket socket = IcmpSocket.create(SocketKind.DATAGRAM, IpVersion.V6)) {
                ofDatagrams = switch (socket.proof.sendImpossibleHopLimit()) {
                    case Errno.EINVAL -> OBEYED;
                    // Control data is read before a route is looked up.
                    case 0, Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.EADDRNOTAVAIL -> IGNORED;
                    default -> UNKNOWN;
                };
            } catch (SystemCallException e) {
                LOG.debug("it is not known whether the kernel obeys the hop limits of IPv6 packets", e);
            }
        }
        return ofDatagrams;
    }
}
