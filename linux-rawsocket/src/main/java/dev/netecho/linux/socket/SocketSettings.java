// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

/**
 * What an operator may choose for the sockets.
 *
 * @param receiveBuffer bytes to ask for with {@code SO_RCVBUFFORCE} or {@code SO_RCVBUF}
 * @param interfaceName the interface to bind to with {@code SO_BINDTODEVICE}; empty for none
 * @param mark {@code SO_MARK}; 0 for none
 */
public record SocketSettings(int receiveBuffer, String interfaceName, int mark) {
    /** 4 MiB, no interface, no mark. */
    public static final SocketSettings DEFAULT = new SocketSettings(4 << 20, "", 0);
}
