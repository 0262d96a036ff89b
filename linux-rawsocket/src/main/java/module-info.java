// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

import org.jspecify.annotations.NullMarked;

/** ICMP echo over Linux datagram (ping) and raw sockets. */
@NullMarked
module dev.netecho.linux {
    requires transitive dev.netecho;
    requires static transitive org.jspecify;
    requires org.slf4j;
    requires com.sun.jna;
    requires transitive io.netty.transport;
    requires io.netty.common;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;

    exports dev.netecho.linux;

    // JNA binds the native methods of this package by reflection.
    opens dev.netecho.linux.libc to
            com.sun.jna;

    provides dev.netecho.spi.EchoRequesterProvider with
            dev.netecho.linux.LinuxDatagramProvider,
            dev.netecho.linux.LinuxRawProvider;
}
