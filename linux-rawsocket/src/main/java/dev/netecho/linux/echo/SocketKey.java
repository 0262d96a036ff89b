// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.linux.host.HostAddresses;
import dev.netecho.linux.socket.SocketAddress;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.Via;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which requests may share a socket.
 *
 * @param version the family
 * @param dontFragment a datagram socket has one mode for all its packets (no control message sets it for IPv4, and the
 *     mode that leaves DF off hides ICMP 3/4); a raw socket is switched between batches, so this is false there
 * @param boundSource the source a datagram socket of IPv6 is bound to, because the kernel checks the source of
 *     IPV6_PKTINFO there and then ignores it. A raw socket is bound to a link-local source: otherwise the packet may
 *     leave by another link, one of several that lead there. Null where a control message does, or any source is right
 * @param via the interface and the mark that the request asks for
 */
record SocketKey(
        IpVersion version, boolean dontFragment, @Nullable SocketAddress boundSource, Via via) {
    static final SocketKey V4 = new SocketKey(IpVersion.V4, false, null, Via.REQUESTER);
    static final SocketKey V6 = new SocketKey(IpVersion.V6, false, null, Via.REQUESTER);
    private static final SocketKey V4_DONT_FRAGMENT = new SocketKey(IpVersion.V4, true, null, Via.REQUESTER);
    private static final SocketKey V6_DONT_FRAGMENT = new SocketKey(IpVersion.V6, true, null, Via.REQUESTER);

    /** By hand, as equals: what a record brings is linked at its first use (ObjectMethods), in every start. */
    @Override
    public int hashCode() {
        return 31 * (31 * Objects.hashCode(boundSource) + via.hashCode())
                + (version == IpVersion.V4 ? 2 : 0)
                + (dontFragment ? 1 : 0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SocketKey key
                && version == key.version
                && dontFragment == key.dontFragment
                && Objects.equals(boundSource, key.boundSource)
                && via.equals(key.via);
    }

    /** {@link Via#of} gives the very constant where nothing is asked for. */
    @SuppressWarnings("ReferenceEquality")
    static SocketKey of(EchoRequest request, SocketKind kind, HostAddresses addresses) {
        boolean four = request.version() == IpVersion.V4;
        boolean raw = kind == SocketKind.RAW;
        boolean whole = !raw && request.options().dontFragment();
        SocketAddress source = four ? null : addresses.source(request);
        if (raw && source != null && !source.isIpv6LinkLocal()) {
            source = null;
        }
        Via via = Via.of(request.options());
        if (source != null || via != Via.REQUESTER) {
            return new SocketKey(request.version(), whole, source, via);
        }
        return four ? (whole ? V4_DONT_FRAGMENT : V4) : whole ? V6_DONT_FRAGMENT : V6;
    }

    /** {@return whether there may be any number of such keys, so that idle queues make room for others} */
    boolean isOneOfMany() {
        return boundSource != null || !via.equals(Via.REQUESTER);
    }
}
