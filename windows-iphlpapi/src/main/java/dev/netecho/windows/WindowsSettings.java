// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.EchoOption;
import dev.netecho.backend.ClassFolders;
import dev.netecho.spi.EchoConfig;
import dev.netecho.windows.win32.IpOptionInformation;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The options of {@link WindowsOptions}, checked.
 *
 * @param longestWaitMillis 1,000 to {@value #LONGEST_MILLIS}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and copied on the way in
record WindowsSettings(
        int maxPendingCalls, int longestWaitMillis, long drainNanos, boolean trafficClass, byte[] ipOptions) {
    /** The system does not keep a timeout below about a second (the JDK's Inet4AddressImpl.c). */
    static final int SHORTEST_MILLIS = 1_000;

    /** Some versions refuse 0x7fffffff and -1, or take them for something else. */
    static final int LONGEST_MILLIS = 0x7fff_fffe;

    private static final int DEFAULT_PENDING_CALLS = 4_096;
    private static final int MOST_PENDING_CALLS = 65_535;
    private static final Duration DEFAULT_DRAIN = Duration.ofSeconds(5);
    private static final Duration LONGEST_DRAIN = Duration.ofDays(1);

    static {
        ClassFolders.load(WindowsSettings.class, IpOptionInformation.class);
    }

    static WindowsSettings of(EchoConfig config) {
        int pendingCalls = config.option(WindowsOptions.MAX_PENDING_CALLS).orElse(DEFAULT_PENDING_CALLS);
        if (pendingCalls < 1 || pendingCalls > MOST_PENDING_CALLS) {
            throw refused(WindowsOptions.MAX_PENDING_CALLS, pendingCalls, "it must be 1 to " + MOST_PENDING_CALLS);
        }
        Duration wait = config.option(WindowsOptions.LONGEST_WAIT).orElse(Duration.ofMillis(LONGEST_MILLIS));
        if (wait.compareTo(Duration.ofMillis(SHORTEST_MILLIS)) < 0) {
            throw refused(WindowsOptions.LONGEST_WAIT, wait, "it must be at least one second");
        }
        Duration drain = config.option(WindowsOptions.DRAIN_TIMEOUT).orElse(DEFAULT_DRAIN);
        if (drain.isNegative() || drain.compareTo(LONGEST_DRAIN) > 0) {
            throw refused(WindowsOptions.DRAIN_TIMEOUT, drain, "it must be zero to a day");
        }
        byte[] options =
                config.option(WindowsOptions.IP_OPTIONS).orElse(new byte[0]).clone();
        if (options.length > IpOptionInformation.MAX_OPTIONS_SIZE) {
            throw refused(
                    WindowsOptions.IP_OPTIONS,
                    options.length + " bytes",
                    "an IPv4 header has room for " + IpOptionInformation.MAX_OPTIONS_SIZE);
        }
        long waitMillis = wait.compareTo(Duration.ofMillis(LONGEST_MILLIS)) > 0 ? LONGEST_MILLIS : wait.toMillis();
        return new WindowsSettings(
                pendingCalls,
                (int) waitMillis,
                drain.toNanos(),
                config.option(WindowsOptions.TRAFFIC_CLASS).orElse(false),
                options);
    }

    /** {@return the system's timeout for a request: rounded up, so that the system never ends it first} */
    int systemTimeoutMillis(long timeoutNanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + 1;
        return (int) Math.max(SHORTEST_MILLIS, Math.min(millis, longestWaitMillis));
    }

    private static IllegalArgumentException refused(EchoOption<?> option, Object value, String allowed) {
        return new IllegalArgumentException(option + " is " + value + "; " + allowed);
    }
}
