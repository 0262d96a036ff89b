// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.windows.win32.WineVersion;
import java.util.Optional;

/**
 * What this system does with the options of a request; what it ignores is not claimed.
 *
 * @param sourceAddress whether a request leaves from the source that it names
 * @param dontFragment whether IP_FLAG_DF is obeyed
 * @param trafficClass whether Tos is sent
 * @param mostPendingCalls how many calls it lets be pending at a time
 */
record HostTraits(boolean sourceAddress, boolean dontFragment, boolean trafficClass, int mostPendingCalls) {
    /**
     * Windows Vista and newer: "Tos: currently silently ignored" (IP_OPTION_INFORMATION, Microsoft's documentation).
     */
    static final HostTraits WINDOWS = new HostTraits(true, true, false, Integer.MAX_VALUE);

    /**
     * Wine fails requests beyond 256 for all processes of a prefix (MAX_HANDLES of nsiproxy.sys); this leaves room for
     * others.
     */
    private static final int WINE_PENDING_CALLS = 200;

    /** {@return the traits of Windows, or of a version of Wine} */
    static HostTraits of(Optional<WineVersion> wine) {
        // Wine sends Tos, takes the source since 10.14, and knows no don't-fragment (nsiproxy.sys/icmp_echo.c).
        return wine.map(version -> new HostTraits(version.isAtLeast(10, 14), false, true, WINE_PENDING_CALLS))
                .orElse(WINDOWS);
    }

    /** {@return these, with the traffic class if an operator says that it works} */
    HostTraits withTrafficClass(boolean alsoTrafficClass) {
        return new HostTraits(sourceAddress, dontFragment, trafficClass || alsoTrafficClass, mostPendingCalls);
    }
}
