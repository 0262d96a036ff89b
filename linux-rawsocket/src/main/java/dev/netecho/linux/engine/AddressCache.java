// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.engine;

import dev.netecho.linux.socket.SocketAddress;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the numbers of source addresses by object, for an agent that has a few and sends from them again and again:
 * {@link InetAddress#getAddress} makes a copy each time. A fixed number of entries, each overwritten by the next
 * address that falls on it, so that one who makes an object for each target has its numbers read anew. Not thread-safe.
 */
final class AddressCache {
    private static final int SIZE = 4096;

    private final @Nullable InetAddress[] keys = new InetAddress[SIZE];
    private final @Nullable SocketAddress[] values = new SocketAddress[SIZE];

    private final LinkScopes scopes;

    AddressCache(LinkScopes scopes) {
        this.scopes = scopes;
    }

    /** Forgets all numbers: some scopes have changed. */
    void clear() {
        Arrays.fill(keys, null);
        Arrays.fill(values, null);
    }

    @SuppressWarnings("ReferenceEquality") // equals() of an Inet6Address ignores its scope
    SocketAddress of(InetAddress address) {
        int at = System.identityHashCode(address) & (SIZE - 1);
        SocketAddress known = values[at];
        if (known != null && keys[at] == address) {
            return known;
        }
        SocketAddress made = SocketAddress.of(address);
        made = made.withScope(scopes.of(address, made.scopeId()));
        keys[at] = address;
        values[at] = made;
        return made;
    }
}
