// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

import org.jspecify.annotations.NullMarked;

/**
 * ICMP echo over Linux datagram (ping) and raw sockets.
 */
@NullMarked
module dev.netecho.linux {
    requires transitive dev.netecho;
    requires static transitive org.jspecify;
    requires org.slf4j;
    requires com.sun.jna;
    requires transitive io.netty.transport;
    requires io.netty.transport.classes.epoll;
}
