// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.IcmpErrorKind;
import dev.netecho.IpVersion;
import dev.netecho.linux.socket.ErrorQueue;
import dev.netecho.linux.socket.ReceiveBatch;
import dev.netecho.linux.socket.SocketAddress;
import dev.netecho.packet.IcmpTypes;
import dev.netecho.packet.QuotedEcho;
import org.jspecify.annotations.Nullable;

/** An ICMP error, wherever it was read. One object serves all errors of a loop. */
final class ReceivedError {
    private IcmpErrorKind kind = IcmpErrorKind.OTHER;
    private boolean failure;
    int type;
    int code;
    long stamp;
    private int mtu;
    private long destinationHigh;
    private long destinationLow;

    /** Who sent it; null if the kernel does not say. */
    @Nullable
    SocketAddress offender;

    /** Takes it from a packet that a raw socket has read, whose quote is decoded. */
    void ofPacket(ReceiveBatch packet, QuotedEcho quote, IpVersion version) {
        boolean four = version == IpVersion.V4;
        of(version, quote.type(), quote.code(), quote.nextHopMtu());
        stamp = packet.stamp();
        offender = packet.source(version);
        destinationHigh = four ? 0 : quote.ipv6DestinationHigh();
        destinationLow = four ? Integer.toUnsignedLong(quote.ipv4Destination()) : quote.ipv6DestinationLow();
    }

    /** Takes it from an entry of the error queue. */
    void ofEntry(ErrorQueue entry, IpVersion version) {
        of(version, entry.type(), entry.code(), entry.info());
        stamp = entry.stamp();
        offender = entry.offender();
        destinationHigh = entry.destinationHigh(version);
        destinationLow = entry.destinationLow(version);
    }

    private void of(IpVersion version, int newType, int newCode, int info) {
        type = newType;
        code = newCode;
        kind = version == IpVersion.V4 ? IcmpErrorKind.ofIcmpv4(type, code) : IcmpErrorKind.ofIcmpv6(type, code);
        boolean namesMtu = kind == IcmpErrorKind.FRAGMENTATION_NEEDED || kind == IcmpErrorKind.PACKET_TOO_BIG;
        mtu = namesMtu ? info : 0;
        failure = !IcmpTypes.isRedirect(version, type) && kind != IcmpErrorKind.SOURCE_QUENCH;
    }

    IcmpErrorKind kind() {
        return kind;
    }

    /** {@return whether it may end a request} SPEC ERR-2: after the others the answer still comes. */
    boolean isFailure() {
        return failure;
    }

    /** {@return the MTU of the next hop; 0 if it names none} */
    int mtu() {
        return mtu;
    }

    /** {@return whether the packet that it quotes went to the destination of the request in a slot} */
    boolean quotesDestination(InFlight inFlight, int slot) {
        return inFlight.slots().isDestination(slot, destinationHigh, destinationLow);
    }
}
