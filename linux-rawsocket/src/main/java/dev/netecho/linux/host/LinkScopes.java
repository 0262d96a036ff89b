// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

import dev.netecho.EchoRequest;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The indexes that the interfaces of link-local scopes have now (SPEC REQ-4). Not thread-safe.
 *
 * <p>An {@link Inet6Address} keeps the name of its interface and the index of that moment; the kernel knows indexes
 * only, and may have given this one to another interface since. So the name is looked up once, and again after any
 * change of the host's links. A scope that was given as a number has no name and stays as it is.
 */
final class LinkScopes {
    /** Some hosts keep creating interface names. Forgetting one costs a look-up. */
    private static final int MOST = 1024;

    /** An index that no interface has, so that the kernel refuses it. */
    private static final int GONE = Integer.MAX_VALUE;

    private final Netlink netlink;
    private final Map<String, Integer> current = new HashMap<>();

    LinkScopes(Netlink netlink) {
        this.netlink = netlink;
    }

    /** {@return the index of the interface that a request goes out by; 0 if its destination is not link-local} */
    int ofDestination(EchoRequest request) {
        int known = request.destinationScope();
        return known == 0 ? 0 : of(request.destination(), known);
    }

    /** {@return the index to use for an address whose object has this one} */
    int of(InetAddress address, int known) {
        String name = known == 0 ? "" : name(address);
        if (name.isEmpty()) {
            return known;
        }
        Integer index = current.get(name);
        if (index != null) {
            return index;
        }
        int found = netlink.indexOf(name);
        if (found < 0) {
            return known; // unknown
        }
        return put(name, found == 0 ? GONE : found);
    }

    private int put(String name, int index) {
        if (current.size() >= MOST) {
            current.clear();
        }
        current.put(name, index);
        return index;
    }

    /** The links of this host may have changed. */
    void forget() {
        current.clear();
    }

    /**
     * {@return whether an interface that a refused request names has another index now, so that it is worth another
     * try}
     */
    boolean haveChanged(EchoRequest request, int errno) {
        return switch (errno) {
            // ENETUNREACH: the destination's alone; ENODEV and EINVAL: the source's, or both; EADDRNOTAVAIL: of
            // bind(2).
            case Errno.ENODEV, Errno.EINVAL, Errno.ENETUNREACH, Errno.EADDRNOTAVAIL ->
                hasChanged(request.destination())
                        || request.source().map(this::hasChanged).orElse(false);
            default -> false;
        };
    }

    private boolean hasChanged(InetAddress address) {
        String name = address.isLinkLocalAddress() ? name(address) : "";
        if (name.isEmpty()) {
            return false;
        }
        int index = netlink.indexOf(name);
        if (index <= 0 || index == of(address, ((Inet6Address) address).getScopeId())) {
            return false;
        }
        put(name, index);
        return true;
    }

    /**
     * {@return whether the interface of a source has been recreated since a socket was bound to that source} Not if it
     * is gone: the socket then sends nothing, and its refusal is right.
     */
    static boolean isRemade(@Nullable SocketAddress bound, @Nullable SocketAddress current) {
        return bound != null && current != null && current.scopeId() != bound.scopeId() && current.scopeId() != GONE;
    }

    /** {@return whether a request names an interface for its link-local destination that this host does not have} */
    boolean lacksDestination(EchoRequest request) {
        int index = ofDestination(request);
        return index != 0 && netlink.lacksInterface(index);
    }

    private static String name(InetAddress address) {
        NetworkInterface named = address instanceof Inet6Address six ? six.getScopedInterface() : null;
        return named == null ? "" : named.getName();
    }
}
