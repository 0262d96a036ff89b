// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.IpVersion;
import dev.netecho.packet.IcmpTypes;
import dev.netecho.testkit.wire.EchoPacket;
import dev.netecho.testkit.wire.PacketBuilder;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;

/**
 * An echo request as a simulated host receives it, and the way to answer it. Answers may come at any time and any
 * number of times. Only the thread that called {@link SimulatedHost#answer} uses it, during that call.
 */
public final class SimulatedEcho {
    // RFC 1812, section 4.3.2.3: the error as a whole has at most 576 bytes; RFC 4443, section 2.4 (c): 1280.
    private static final int V4_LONGEST_QUOTE = 576 - 28;
    private static final int V6_LONGEST_QUOTE = 1_280 - 48;

    private static final Duration LONGEST = Duration.ofDays(100 * 365);

    private final EchoPacket echo;
    private final long number;
    private final long nanos;
    private final PacketNetwork.PacketSink answers;

    SimulatedEcho(EchoPacket echo, long number, long nanos, PacketNetwork.PacketSink answers) {
        this.echo = echo;
        this.number = number;
        this.nanos = nanos;
        this.answers = answers;
    }

    /** {@return its destination} */
    public InetAddress destination() {
        return Matcher.address(echo.destination());
    }

    /** {@return its source} */
    public InetAddress source() {
        return Matcher.address(echo.source());
    }

    /** {@return its number among the requests to its destination, from 1} */
    public long number() {
        return number;
    }

    /** {@return how long the clock had run when it arrived} */
    public Duration elapsed() {
        return Duration.ofNanos(nanos);
    }

    /** {@return the hop limit (IPv4: TTL) that it was sent with, 0 to 255} */
    public int hopLimit() {
        return echo.hopLimit();
    }

    /** {@return the traffic class (IPv4: TOS) that it was sent with, 0 to 255} */
    public int trafficClass() {
        return echo.trafficClass();
    }

    /** {@return whether no router may fragment it; always so in IPv6} */
    public boolean dontFragment() {
        return echo.dontFragment();
    }

    /** {@return a copy of its data} */
    public byte[] data() {
        return echo.data();
    }

    /**
     * Sends the correct answer.
     *
     * @param after how long after the request, zero or more
     */
    public void reply(Duration after) {
        send(replyPacket(), after);
    }

    /**
     * Answers with other data.
     *
     * @param data at most 65,500 bytes
     * @param after how long after the request, zero or more
     */
    public void reply(byte[] data, Duration after) {
        send(replyPacket().body(data.clone()), after);
    }

    /**
     * Sends an answer from another host, which must not count.
     *
     * @param impostor who, of the destination's family
     * @param after how long after the request, zero or more
     */
    public void replyFrom(InetAddress impostor, Duration after) {
        send(replyPacket().source(sameFamily(impostor)), after);
    }

    /**
     * A router sends an ICMP error that quotes the request.
     *
     * @param router who, of the destination's family
     * @param type ICMP type, 0 to 255, such as 3 of RFC 792 or 1 of RFC 4443
     * @param code ICMP code, 0 to 255
     * @param after how long after the request, zero or more
     */
    public void error(InetAddress router, int type, int code, Duration after) {
        send(errorPacket(router, type, code), after);
    }

    /**
     * A router says that the packet is too big: 3/4 of RFC 792 and RFC 1191, type 2 of RFC 4443.
     *
     * @param router who, of the destination's family
     * @param nextHopMtu what fits, 0 to 65,535 bytes; 0 says nothing
     * @param after how long after the request, zero or more
     */
    public void tooBig(InetAddress router, int nextHopMtu, Duration after) {
        PacketBuilder error = echo.ipv4()
                ? errorPacket(router, IcmpTypes.V4_DESTINATION_UNREACHABLE, 4)
                : errorPacket(router, IcmpTypes.V6_PACKET_TOO_BIG, 0);
        send(error.rest(inRange("next-hop MTU", nextHopMtu, 0xffff)), after);
    }

    private PacketBuilder replyPacket() {
        return new PacketBuilder(echo.version(), echo.destination(), echo.source())
                .type(echo.version().echoReplyType())
                .echo(echo.identifier(), echo.sequence())
                .body(echo.data());
    }

    private PacketBuilder errorPacket(InetAddress router, int type, int code) {
        byte[] packet = echo.packet();
        int longest = echo.version() == IpVersion.V4 ? V4_LONGEST_QUOTE : V6_LONGEST_QUOTE;
        return new PacketBuilder(echo.version(), sameFamily(router), echo.source())
                .type(inRange("ICMP type", type, 255))
                .code(inRange("ICMP code", code, 255))
                .body(Arrays.copyOf(packet, Math.min(packet.length, longest)));
    }

    private void send(PacketBuilder packet, Duration after) {
        if (after.isNegative()) {
            throw new IllegalArgumentException("an answer " + after + " after the request would come before it");
        }
        if (after.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "an answer after " + after + " never comes; it must be at most 100 years");
        }
        answers.at(nanos + after.toNanos(), packet.build());
    }

    private byte[] sameFamily(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != echo.source().length) {
            throw new IllegalArgumentException(address.getHostAddress() + " is not of the family of "
                    + destination().getHostAddress());
        }
        return bytes;
    }

    private static int inRange(String what, int value, int most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException(what + " is " + value + "; it must be 0 to " + most);
        }
        return value;
    }
}
