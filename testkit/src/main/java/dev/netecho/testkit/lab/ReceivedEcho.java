// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import dev.netecho.packet.Ipv4Header;
import dev.netecho.packet.Ipv6Header;
import dev.netecho.testkit.wire.EchoPacket;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An echo request as it came to an address of the lab. */
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
        ByteBuffer view = ByteBuffer.wrap(arrival.packet());
        int number = echo.ipv4()
                ? LabAddress.number(Ipv4Header.destination(view, 0))
                : LabAddress.number(Ipv6Header.destinationHigh(view, 0), Ipv6Header.destinationLow(view, 0));
        return number == LabAddress.NONE ? null : new ReceivedEcho(echo, number, nanos, arrival);
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

    /** {@return the bytes of the largest packet that it came in} */
    int largestPacket() {
        return arrival.largestPacket();
    }
}
