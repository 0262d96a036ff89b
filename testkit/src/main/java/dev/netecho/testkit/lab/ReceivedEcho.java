// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import dev.netecho.packet.IcmpEcho;
import dev.netecho.packet.InternetChecksum;
import dev.netecho.packet.IpVersion;
import dev.netecho.packet.Ipv4Header;
import dev.netecho.packet.Ipv6Header;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An echo request as it came out of the TUN device; immutable as long as nobody writes to {@link #packet}. */
final class ReceivedEcho {
    private static final int V4_FRAGMENT_OFFSET = 6;
    private static final int DONT_FRAGMENT = 0x4000;

    private final IpVersion version;
    private final byte[] packet;
    private final ByteBuffer view;
    private final int icmp;
    private final int number;
    private final long nanos;
    private final Arrival arrival;

    private ReceivedEcho(IpVersion version, Arrival arrival, int icmp, int number, long nanos) {
        this.version = version;
        this.packet = arrival.packet();
        this.view = ByteBuffer.wrap(this.packet);
        this.icmp = icmp;
        this.number = number;
        this.nanos = nanos;
        this.arrival = arrival;
    }

    /**
     * {@return the echo request in an IP packet, or null if it is something else or goes to no lab address}
     *
     * @param arrival the packet, handed over
     * @param nanos when it was read, as {@link System#nanoTime}
     */
    static @Nullable ReceivedEcho of(Arrival arrival, long nanos) {
        byte[] packet = arrival.packet();
        ByteBuffer view = ByteBuffer.wrap(packet);
        int length = packet.length;
        int icmp = Ipv4Header.headerLength(view, 0, length);
        if (icmp != 0) {
            boolean echo = Ipv4Header.protocol(view, 0) == IpVersion.V4.icmpProtocol()
                    && length >= icmp + IcmpEcho.HEADER_LENGTH
                    && IcmpEcho.type(view, icmp) == IpVersion.V4.echoRequestType();
            int number = LabAddress.number(Ipv4Header.destination(view, 0));
            return echo && number != LabAddress.NONE
                    ? new ReceivedEcho(IpVersion.V4, arrival, icmp, number, nanos)
                    : null;
        }
        icmp = Ipv6Header.headerLength(view, 0, length);
        if (icmp == 0
                || Ipv6Header.nextHeader(view, 0) != IpVersion.V6.icmpProtocol()
                || length < icmp + IcmpEcho.HEADER_LENGTH
                || IcmpEcho.type(view, icmp) != IpVersion.V6.echoRequestType()) {
            return null;
        }
        int number = LabAddress.number(Ipv6Header.destinationHigh(view, 0), Ipv6Header.destinationLow(view, 0));
        return number == LabAddress.NONE ? null : new ReceivedEcho(IpVersion.V6, arrival, icmp, number, nanos);
    }

    IpVersion version() {
        return version;
    }

    boolean ipv4() {
        return version == IpVersion.V4;
    }

    /** {@return the whole IP packet; for reading} */
    byte[] packet() {
        return packet;
    }

    /** {@return where the ICMP header begins: the bytes of the IP header} */
    int icmp() {
        return icmp;
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

    byte[] source() {
        return ipv4() ? Arrays.copyOfRange(packet, 12, 16) : Arrays.copyOfRange(packet, 8, 24);
    }

    byte[] destination() {
        return ipv4() ? Arrays.copyOfRange(packet, 16, 20) : Arrays.copyOfRange(packet, 24, 40);
    }

    int identifier() {
        return IcmpEcho.identifier(view, icmp);
    }

    int sequence() {
        return IcmpEcho.sequence(view, icmp);
    }

    byte[] data() {
        return Arrays.copyOfRange(packet, icmp + IcmpEcho.HEADER_LENGTH, packet.length);
    }

    int hopLimit() {
        return ipv4() ? Ipv4Header.timeToLive(view, 0) : Ipv6Header.hopLimit(view, 0);
    }

    int trafficClass() {
        return ipv4() ? Ipv4Header.typeOfService(view, 0) : Ipv6Header.trafficClass(view, 0);
    }

    /** {@return whether no router may fragment it: the flag of IPv4; always so in IPv6} */
    boolean dontFragment() {
        return !ipv4() || (view.getShort(V4_FRAGMENT_OFFSET) & DONT_FRAGMENT) != 0;
    }

    boolean checksumValid() {
        int length = packet.length - icmp;
        return ipv4()
                ? InternetChecksum.isValid(view, icmp, length)
                : InternetChecksum.ofIcmpv6(view, 0, icmp, length) == 0;
    }
}
