// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.Rtnetlink;

/** The IPv4 addresses of this host, asked of rtnetlink(7): Java does not tell their scopes. */
final class Ipv4Addresses {
    /** The first address of global scope ends the answer, and rules are few. */
    private static final int MOST_READS = 64;

    private Ipv4Addresses() {}

    /**
     * {@return whether the kernel finds an address to send from for every IPv4 destination} It takes one of global
     * scope from any interface (inet_select_addr in net/ipv4/devinet.c), but not one of another VRF, so that with VRFs
     * nothing is sure. False too if the kernel does not tell.
     */
    static boolean haveGlobalThroughout() {
        int end = Dump.read(
                Rtnetlink.NETLINK_ROUTE,
                MOST_READS,
                Rtnetlink::putAddressesQuestion,
                (buffer, at) -> !Rtnetlink.isGlobalAddress(buffer, at));
        return end == Dump.STOPPED && !mayBeOfVrf();
    }

    /** {@return whether this host has VRFs, or does not tell} The kernel adds a rule with the first one. */
    static boolean mayBeOfVrf() {
        int end = Dump.read(
                Rtnetlink.NETLINK_ROUTE,
                MOST_READS,
                Rtnetlink::putRulesQuestion,
                (buffer, at) -> !Rtnetlink.isVrfRule(buffer, at));
        return switch (end) {
            // The last two: a kernel without rules.
            case Dump.WHOLE, Errno.EOPNOTSUPP, Errno.EAFNOSUPPORT -> false;
            default -> true;
        };
    }
}
