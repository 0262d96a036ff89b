// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import dev.netecho.linux.libc.Socket;

/** The two ways Linux offers to send an ICMP echo request. */
public enum SocketKind {
    /** The "ping socket" of icmp(7): needs only {@code ping_group_range}; the kernel owns the identifier. */
    DATAGRAM(Socket.SOCK_DGRAM, "SOCK_DGRAM"),
    /** raw(7): needs CAP_NET_RAW; the library handles identifier, checksum and filters. */
    RAW(Socket.SOCK_RAW, "SOCK_RAW");

    final int type;
    final String typeName;

    SocketKind(int type, String typeName) {
        this.type = type;
        this.typeName = typeName;
    }
}
