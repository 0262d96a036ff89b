// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.windows.win32.WineVersion;
import java.util.Optional;

/**
 * Which options this system does not silently ignore; what it ignores is not claimed.
 *
 * @param sourceAddress whether a request leaves from the source that it names
 * @param dontFragment whether IP_FLAG_DF is obeyed
 * @param trafficClass whether Tos is sent
 */
record HostTraits(boolean sourceAddress, boolean dontFragment, boolean trafficClass) {
    /** Windows Vista and newer: "Tos: currently silently ignored" (IP_OPTION_INFORMATION, Microsoft's documentation). */
    static final HostTraits WINDOWS = new HostTraits(true, true, false);

    /** {@return the traits of Windows, or of a version of Wine} */
    static HostTraits of(Optional<WineVersion> wine) {
        // Wine sends Tos, takes the source since 10.14, and knows no don't-fragment (nsiproxy.sys/icmp_echo.c).
        return wine.map(version -> new HostTraits(version.isAtLeast(10, 14), false, true))
                .orElse(WINDOWS);
    }

    /** {@return these, with the traffic class if an operator says that it works} */
    HostTraits withTrafficClass(boolean alsoTrafficClass) {
        return new HostTraits(sourceAddress, dontFragment, trafficClass || alsoTrafficClass);
    }
}
