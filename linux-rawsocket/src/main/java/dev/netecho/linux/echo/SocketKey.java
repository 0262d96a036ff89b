// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.linux.host.HostAddresses;
import dev.netecho.linux.socket.SocketAddress;
import dev.netecho.linux.socket.SocketKind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which requests may share a socket.
 *
 * @param version the family
 * @param dontFragment a datagram socket has one mode for all its packets (no control message sets it for IPv4, and the
 *     mode that leaves DF off hides ICMP 3/4); a raw socket is switched between batches, so this is false there
 * @param boundSource the source a datagram socket of IPv6 is bound to, because the kernel checks the source of
 *     IPV6_PKTINFO there and then ignores it; null where a control message does, or any source is right
 */
record SocketKey(
        IpVersion version, boolean dontFragment, @Nullable SocketAddress boundSource) {
    static final SocketKey V4 = new SocketKey(IpVersion.V4, false, null);
    static final SocketKey V6 = new SocketKey(IpVersion.V6, false, null);
    private static final SocketKey V4_DONT_FRAGMENT = new SocketKey(IpVersion.V4, true, null);
    private static final SocketKey V6_DONT_FRAGMENT = new SocketKey(IpVersion.V6, true, null);

    /** By hand, as equals: what a record brings is linked at its first use (ObjectMethods), in every start. */
    @Override
    public int hashCode() {
        return 31 * Objects.hashCode(boundSource) + (version == IpVersion.V4 ? 2 : 0) + (dontFragment ? 1 : 0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SocketKey key
                && version == key.version
                && dontFragment == key.dontFragment
                && Objects.equals(boundSource, key.boundSource);
    }

    static SocketKey of(EchoRequest request, SocketKind kind, HostAddresses addresses) {
        boolean four = request.version() == IpVersion.V4;
        if (kind == SocketKind.RAW) {
            return four ? V4 : V6;
        }
        boolean whole = request.options().dontFragment();
        if (four) {
            return whole ? V4_DONT_FRAGMENT : V4;
        }
        SocketAddress source = addresses.source(request);
        if (source == null) {
            return whole ? V6_DONT_FRAGMENT : V6;
        }
        return new SocketKey(IpVersion.V6, whole, source);
    }
}
