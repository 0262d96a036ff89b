// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

import org.jspecify.annotations.NullMarked;

/** ICMP echo over Linux datagram (ping) and raw sockets. */
@NullMarked
module dev.netecho.linux {
    requires transitive dev.netecho;
    requires static transitive org.jspecify;
    requires org.slf4j;

    // Optional: JDK 22 and newer need it only where native access is not granted to this module.
    requires static com.sun.jna;

    // Optional: only those who lend an event-loop group of Netty need it, and then they require Netty themselves. Were
    // it transitive, nobody could compile against this module without Netty: "module not found".
    requires static io.netty.transport;
    requires static io.netty.common;
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.unix.common;

    exports dev.netecho.linux;
    exports dev.netecho.linux.netty;

    // If JNA is used, it binds native methods of this package by reflection.
    opens dev.netecho.linux.libc to
            com.sun.jna;

    provides dev.netecho.spi.EchoRequesterProvider with
            dev.netecho.linux.LinuxDatagramProvider,
            dev.netecho.linux.LinuxRawProvider;
    provides dev.netecho.sweep.SweepWayProvider with
            dev.netecho.linux.LinuxPacketSweep;
}
