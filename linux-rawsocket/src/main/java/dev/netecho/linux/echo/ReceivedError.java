// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.IcmpErrorKind;
import dev.netecho.IcmpExtension;
import dev.netecho.IpVersion;
import dev.netecho.linux.socket.ErrorQueue;
import dev.netecho.linux.socket.ReceiveBatch;
import dev.netecho.linux.socket.SocketAddress;
import dev.netecho.packet.IcmpExtensions;
import dev.netecho.packet.IcmpTypes;
import dev.netecho.packet.QuotedEcho;
import java.nio.ByteBuffer;
import java.util.List;
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
    private IpVersion version = IpVersion.V4;
    private @Nullable ByteBuffer buffer;
    private int offset;
    private int length;

    /** Whether the message begins with what was quoted, and where the system says that the extension begins. */
    private boolean headless;

    private int extensionOffset;

    /** Who sent it; null if the kernel does not say. */
    @Nullable
    SocketAddress offender;

    /**
     * Takes it from a packet that a raw socket has read, whose quote is decoded, and whose ICMP message has this range.
     */
    void ofPacket(ReceiveBatch packet, QuotedEcho quote, IpVersion family, int messageOffset, int messageLength) {
        boolean four = family == IpVersion.V4;
        of(family, quote.type(), quote.code(), quote.nextHopMtu());
        message(packet.isTruncated() ? null : packet.buffer(), messageOffset, messageLength);
        headless = false;
        stamp = packet.stamp();
        offender = packet.source(family);
        destinationHigh = four ? 0 : quote.ipv6DestinationHigh();
        destinationLow = four ? Integer.toUnsignedLong(quote.ipv4Destination()) : quote.ipv6DestinationLow();
    }

    /** Takes it from an entry of the error queue. */
    void ofEntry(ErrorQueue entry, IpVersion family) {
        of(family, entry.type(), entry.code(), entry.info());
        message(entry.isTruncated() ? null : entry.buffer(), entry.quoteOffset(), entry.quoteLength());
        headless = true;
        extensionOffset = entry.extensionOffset();
        stamp = entry.stamp();
        offender = entry.offender();
        destinationHigh = entry.destinationHigh(family);
        destinationLow = entry.destinationLow(family);
    }

    private void message(@Nullable ByteBuffer whole, int newOffset, int newLength) {
        buffer = whole;
        offset = newOffset;
        length = newLength;
    }

    private void of(IpVersion family, int newType, int newCode, int info) {
        version = family;
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

    /** {@return what the router added (SPEC ERR-6)} Valid until the next packet is read. */
    List<IcmpExtension> extensions() {
        if (buffer == null) {
            return List.of(); // cut
        }
        return headless
                ? IcmpExtensions.ofQuote(buffer, offset, length, version, type, extensionOffset)
                : IcmpExtensions.ofError(buffer, offset, length, version);
    }

    /** {@return whether the packet that it quotes went to the destination of the request in a slot} */
    boolean quotesDestination(InFlight inFlight, int slot) {
        return inFlight.slots().isDestination(slot, destinationHigh, destinationLow);
    }
}
