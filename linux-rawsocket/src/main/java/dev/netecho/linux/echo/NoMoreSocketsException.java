// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

/**
 * An event loop has as many sockets as it may have, and all of them are in use: a shortage of the moment, as of
 * descriptors.
 */
final class NoMoreSocketsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoMoreSocketsException(int most) {
        super("all " + most
                + " sockets that an event loop may have are in use; use fewer sources of IPv6, interfaces or"
                + " marks at a time");
    }
}
