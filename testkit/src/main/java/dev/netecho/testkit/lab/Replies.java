// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

/** Echo replies, right ones and almost right ones. */
final class Replies {
    private Replies() {}

    /** {@return the reply that a host sends, not yet built} */
    static PacketBuilder reply(ReceivedEcho echo) {
        return new PacketBuilder(echo.version(), echo.destination(), echo.source())
                .type(echo.version().echoReplyType())
                .echo(echo.identifier(), echo.sequence())
                .body(echo.data());
    }
}
