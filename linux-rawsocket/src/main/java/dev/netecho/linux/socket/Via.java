// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import dev.netecho.EchoOptions;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * By what a request asks to be routed instead of what its requester says: a socket has one interface and one mark for
 * all its packets.
 *
 * @param interfaceName the interface to bind to; null for that of the requester
 * @param mark the mark; empty for that of the requester
 */
public record Via(@Nullable String interfaceName, OptionalInt mark) {
    /** As the requester says. */
    public static final Via REQUESTER = new Via(null, OptionalInt.empty());

    /**
     * {@return what a request asks for; {@link #REQUESTER} itself if that is nothing}
     *
     * @param options those of the request
     */
    public static Via of(EchoOptions options) {
        boolean plain = options.interfaceName().isEmpty() && options.mark().isEmpty();
        return plain ? REQUESTER : new Via(options.interfaceName().orElse(null), options.mark());
    }

    /**
     * {@return the settings of a socket for such requests}
     *
     * @param requester those of the requester
     */
    public SocketSettings of(SocketSettings requester) {
        return new SocketSettings(
                requester.receiveBuffer(),
                interfaceName == null ? requester.interfaceName() : interfaceName,
                mark.orElse(requester.mark()),
                requester.identifierPeriod());
    }

    /** By hand, as equals: what a record brings is linked at its first use (ObjectMethods), in every start. */
    @Override
    public int hashCode() {
        return 31 * Objects.hashCode(interfaceName) + mark.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Via via && Objects.equals(interfaceName, via.interfaceName) && mark.equals(via.mark);
    }
}
