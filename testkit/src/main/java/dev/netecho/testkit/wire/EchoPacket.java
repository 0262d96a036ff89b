// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.wire;

import dev.netecho.IpVersion;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.packet.InternetChecksum;
import dev.netecho.packet.Ipv4Header;
import dev.netecho.packet.Ipv6Header;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An echo request in a whole IP packet; immutable unless its {@link #packet} is changed. */
public class EchoPacket {
    private static final int V4_FRAGMENT_OFFSET = 6;
    private static final int DONT_FRAGMENT = 0x4000;

    private final IpVersion version;
    private final byte[] packet;
    private final ByteBuffer view;
    private final int icmp;

    private EchoPacket(IpVersion version, byte[] packet, int icmp) {
        this.version = version;
        this.packet = packet;
        this.view = ByteBuffer.wrap(packet);
        this.icmp = icmp;
    }

    /** The same packet, for classes that know more of it. */
    protected EchoPacket(EchoPacket other) {
        this(other.version, other.packet, other.icmp);
    }

    /**
     * {@return the echo request in an IP packet, or null if it is something else}
     *
     * @param packet the packet, handed over
     */
    public static @Nullable EchoPacket of(byte[] packet) {
        ByteBuffer view = ByteBuffer.wrap(packet);
        int header = Ipv4Header.headerLength(view, 0, packet.length);
        if (header != 0) {
            return of(IpVersion.V4, Ipv4Header.protocol(view, 0), packet, header);
        }
        header = Ipv6Header.headerLength(view, 0, packet.length);
        return header == 0 ? null : of(IpVersion.V6, Ipv6Header.nextHeader(view, 0), packet, header);
    }

    private static @Nullable EchoPacket of(IpVersion version, int protocol, byte[] packet, int icmp) {
        boolean echo = protocol == version.icmpProtocol()
                && packet.length >= icmp + IcmpEcho.HEADER_LENGTH
                && IcmpEcho.type(ByteBuffer.wrap(packet), icmp) == version.echoRequestType();
        return echo ? new EchoPacket(version, packet, icmp) : null;
    }

    /** {@return the IP version} */
    public IpVersion version() {
        return version;
    }

    /** {@return whether it is IPv4} */
    public boolean ipv4() {
        return version == IpVersion.V4;
    }

    /** {@return the whole IP packet; for reading} */
    public byte[] packet() {
        return packet;
    }

    /** {@return where the ICMP header begins: the bytes of the IP header} */
    public int icmp() {
        return icmp;
    }

    /** {@return the sender, 4 or 16 bytes} */
    public byte[] source() {
        return ipv4() ? Arrays.copyOfRange(packet, 12, 16) : Arrays.copyOfRange(packet, 8, 24);
    }

    /** {@return the destination, 4 or 16 bytes} */
    public byte[] destination() {
        return ipv4() ? Arrays.copyOfRange(packet, 16, 20) : Arrays.copyOfRange(packet, 24, 40);
    }

    /** {@return the identifier, 0 to 65535} */
    public int identifier() {
        return IcmpEcho.identifier(view, icmp);
    }

    /** {@return the sequence number, 0 to 65535} */
    public int sequence() {
        return IcmpEcho.sequence(view, icmp);
    }

    /** {@return a copy of the data} */
    public byte[] data() {
        return Arrays.copyOfRange(packet, icmp + IcmpEcho.HEADER_LENGTH, packet.length);
    }

    /** {@return hop limit or time to live, 0 to 255} */
    public int hopLimit() {
        return ipv4() ? Ipv4Header.timeToLive(view, 0) : Ipv6Header.hopLimit(view, 0);
    }

    /** {@return traffic class or type of service, 0 to 255} */
    public int trafficClass() {
        return ipv4() ? Ipv4Header.typeOfService(view, 0) : Ipv6Header.trafficClass(view, 0);
    }

    /** {@return whether no router may fragment it: the flag of IPv4; always so in IPv6} */
    public boolean dontFragment() {
        return !ipv4() || (view.getShort(V4_FRAGMENT_OFFSET) & DONT_FRAGMENT) != 0;
    }

    /** {@return whether the ICMP checksum is right} */
    public boolean checksumValid() {
        int length = packet.length - icmp;
        return ipv4()
                ? InternetChecksum.isValid(view, icmp, length)
                : InternetChecksum.ofIcmpv6(view, 0, icmp, length) == 0;
    }
}
