// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import dev.netecho.IpVersion;
import dev.netecho.packet.Ipv4Header;
import dev.netecho.packet.Ipv6Header;
import dev.netecho.testkit.wire.EchoPacket;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An echo request as an address of the lab received it. */
final class ReceivedEcho extends EchoPacket {
    private final int number;
    private final long nanos;
    private final Arrival arrival;

    private ReceivedEcho(EchoPacket echo, int number, long nanos, Arrival arrival) {
        super(echo);
        this.number = number;
        this.nanos = nanos;
        this.arrival = arrival;
    }

    /**
     * {@return the echo request in an IP packet, or null if it is something else or goes to no lab address}
     *
     * @param arrival the packet, handed over
     * @param nanos when it was read
     */
    static @Nullable ReceivedEcho of(Arrival arrival, long nanos) {
        EchoPacket echo = EchoPacket.of(arrival.packet());
        if (echo == null) {
            return null;
        }
        int number = number(echo.version(), ByteBuffer.wrap(arrival.packet()));
        return number == LabAddress.NONE ? null : new ReceivedEcho(echo, number, nanos, arrival);
    }

    /**
     * {@return whether an IP packet goes to a lab address and is not ICMP; nothing that the kernel itself sends does,
     * such as neighbour discovery}
     */
    static boolean isOfAnotherProtocol(byte[] packet) {
        ByteBuffer view = ByteBuffer.wrap(packet);
        if (Ipv4Header.headerLength(view, 0, packet.length) != 0) {
            return Ipv4Header.protocol(view, 0) != IpVersion.V4.icmpProtocol()
                    && number(IpVersion.V4, view) != LabAddress.NONE;
        }
        return Ipv6Header.headerLength(view, 0, packet.length) != 0
                && Ipv6Header.nextHeader(view, 0) != IpVersion.V6.icmpProtocol()
                && number(IpVersion.V6, view) != LabAddress.NONE;
    }

    private static int number(IpVersion version, ByteBuffer view) {
        return version == IpVersion.V4
                ? LabAddress.number(Ipv4Header.destination(view, 0))
                : LabAddress.number(Ipv6Header.destinationHigh(view, 0), Ipv6Header.destinationLow(view, 0));
    }

    /** {@return the destination as {@link LabAddress} counts} */
    int number() {
        return number;
    }

    /** {@return the last number of the destination, 0 to 255: the argument of most behaviours} */
    int d() {
        return number & 0xff;
    }

    long nanos() {
        return nanos;
    }

    int fragments() {
        return arrival.fragments();
    }

    /** {@return the size in bytes of its largest packet} */
    int largestPacket() {
        return arrival.largestPacket();
    }
}
