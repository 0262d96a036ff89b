// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Addresses that are no hosts of a network: a range that is wider than they are does not mean them. */
final class SpecialAddresses {
    /**
     * Never asked: several hosts would answer, none could, or the address says nothing without a zone.
     *
     * <p>Unspecified and broadcast (RFC 1122, section 3.2.1.3), multicast (RFC 5771, RFC 4291), link-local (RFC 4007).
     */
    static final RangeSet NO_HOST = set("0.0.0.0", "255.255.255.255", "224.0.0.0/4", "::", "ff00::/8", "fe80::/10");

    /** Asked if a range lies within one of them: "this network", loopback, reserved (RFC 6890). */
    static final RangeSet BY_NAME_ONLY = set("0.0.0.0/8", "127.0.0.0/8", "240.0.0.0/4", "::1");

    private SpecialAddresses() {}

    private static RangeSet set(String... ranges) {
        return RangeSet.of(Arrays.stream(ranges).map(AddressRange::parse).collect(Collectors.toList()));
    }
}
