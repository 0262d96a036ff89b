// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.backend.ClassFolders;
import dev.netecho.backend.SendPace;
import dev.netecho.linux.echo.EchoLoops;
import dev.netecho.linux.host.HostAddresses;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.loop.EventLoopSource;
import dev.netecho.linux.loop.EventLoops;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.spi.EchoConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The options of {@link LinuxOptions}, checked. Two equal ones may share raw sockets. */
record LoopSettings(SocketSettings sockets, EventLoopSource loop, int loops) {
    /** An epoll timer fires well within this. On a busy machine it may be later, and then the rate is lower. */
    private static final long PACE_TOLERANCE_NANOS = 1_000_000;

    private static final int MOST_LOOPS = 64;
    private static final int LEAST_BUFFER = 2_048;
    private static final int LONGEST_INTERFACE = 15;
    private static final Duration LEAST_PERIOD = Duration.ofSeconds(1);

    static {
        ClassFolders.load(
                LoopSettings.class,
                EchoLoops.class,
                HostAddresses.class,
                EventLoops.class,
                SocketSettings.class,
                LibC.class);
    }

    /** By hand, as equals: what a record brings is linked at its first use (ObjectMethods), in every start. */
    @Override
    public int hashCode() {
        return 31 * (31 * sockets.hashCode() + loop.hashCode()) + loops;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LoopSettings settings
                && sockets.equals(settings.sockets)
                && loop.equals(settings.loop)
                && loops == settings.loops;
    }

    /** {@return the common pace of the loops that serve only this requester} */
    static SendPace pace(EchoConfig config) {
        return SendPace.of(config, PACE_TOLERANCE_NANOS);
    }

    static LoopSettings of(EchoConfig config) {
        int buffer = config.option(LinuxOptions.RECEIVE_BUFFER).orElse(SocketSettings.DEFAULT.receiveBuffer());
        if (buffer < LEAST_BUFFER) {
            throw new IllegalArgumentException(
                    LinuxOptions.RECEIVE_BUFFER + " is " + buffer + " bytes; it must be at least " + LEAST_BUFFER);
        }
        String name = config.option(LinuxOptions.INTERFACE).orElse("");
        if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_INTERFACE) {
            throw new IllegalArgumentException(LinuxOptions.INTERFACE + " is \"" + name
                    + "\"; an interface name has at most " + LONGEST_INTERFACE + " bytes");
        }
        int loops = config.option(LinuxOptions.EVENT_LOOPS).orElse(1);
        if (loops < 1 || loops > MOST_LOOPS) {
            throw new IllegalArgumentException(
                    LinuxOptions.EVENT_LOOPS + " is " + loops + "; it must be 1 to " + MOST_LOOPS);
        }
        Duration period =
                config.option(LinuxOptions.IDENTIFIER_PERIOD).orElse(SocketSettings.DEFAULT.identifierPeriod());
        if (!period.isZero() && period.compareTo(LEAST_PERIOD) < 0) {
            throw new IllegalArgumentException(LinuxOptions.IDENTIFIER_PERIOD + " is " + period + "; it must be "
                    + LEAST_PERIOD + " or more, or zero to renew only when hosts fall silent");
        }
        return new LoopSettings(
                new SocketSettings(
                        buffer, name, config.option(LinuxOptions.MARK).orElse(0), period),
                EventLoops.of(config),
                loops);
    }
}
