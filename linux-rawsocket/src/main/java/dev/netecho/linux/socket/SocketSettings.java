// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may choose for the sockets.
 *
 * @param receiveBuffer bytes to ask for with {@code SO_RCVBUFFORCE} or {@code SO_RCVBUF}
 * @param interfaceName the interface to bind to with {@code SO_BINDTODEVICE}; empty for none
 * @param mark {@code SO_MARK}; 0 for none
 * @param identifierPeriod how long a socket sends before one with a new identifier replaces it; zero for ever
 */
public record SocketSettings(int receiveBuffer, String interfaceName, int mark, Duration identifierPeriod) {
    /** 4 MiB, no interface, no mark, one minute. */
    public static final SocketSettings DEFAULT = new SocketSettings(4 << 20, "", 0, Duration.ofMinutes(1));

    /** By hand, as equals: what a record brings is linked at its first use (ObjectMethods), in every start. */
    @Override
    public int hashCode() {
        return 31 * (31 * (31 * receiveBuffer + interfaceName.hashCode()) + mark) + identifierPeriod.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SocketSettings settings
                && receiveBuffer == settings.receiveBuffer
                && interfaceName.equals(settings.interfaceName)
                && mark == settings.mark
                && identifierPeriod.equals(settings.identifierPeriod);
    }

    /** {@return {@link #identifierPeriod} in nanoseconds; {@link Long#MAX_VALUE} for ever} */
    public long identifierPeriodNanos() {
        return identifierPeriod.isZero() || identifierPeriod.compareTo(LONGEST) > 0
                ? Long.MAX_VALUE
                : identifierPeriod.toNanos();
    }

    private static final Duration LONGEST = Duration.ofDays(1000);
}
