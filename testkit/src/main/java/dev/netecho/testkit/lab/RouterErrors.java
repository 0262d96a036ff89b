// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import dev.netecho.IpVersion;
import dev.netecho.packet.IcmpTypes;
import dev.netecho.testkit.wire.PacketBuilder;
import java.nio.ByteBuffer;

/** ICMP errors about a request, as routers and others on the way send them (RFC 792, RFC 4443). */
final class RouterErrors {
    private static final int V4_HOST_UNREACHABLE = 1;
    private static final int V6_ADDRESS_UNREACHABLE = 3;
    private static final int PORT_UNREACHABLE_V4 = 3;
    private static final int PORT_UNREACHABLE_V6 = 4;
    private static final int FRAGMENTATION_NEEDED = 4;
    private static final int MTU_STEP = 10;
    private static final int FARTHEST = 256;
    private static final int REDIRECT_CODES = 4;
    private static final int ND_HOP_LIMIT = 255;
    private static final byte ND_REDIRECTED_HEADER = 4;

    private RouterErrors() {}

    /** {@return an error from the first router that quotes the request as received, not yet built} */
    static PacketBuilder error(ReceivedEcho echo, int type, int code) {
        return new PacketBuilder(echo.version(), echo.destination(), echo.source())
                .source(routerAddress(echo, 1))
                .type(type)
                .code(code)
                .body(Quote.of(echo));
    }

    /** {@return 3/1 of IPv4, 1/3 of IPv6} */
    static PacketBuilder hostUnreachable(ReceivedEcho echo) {
        return unreachable(echo, echo.ipv4() ? V4_HOST_UNREACHABLE : V6_ADDRESS_UNREACHABLE);
    }

    static PacketBuilder unreachable(ReceivedEcho echo, int code) {
        return error(
                echo, pick(echo, IcmpTypes.V4_DESTINATION_UNREACHABLE, IcmpTypes.V6_DESTINATION_UNREACHABLE), code);
    }

    static PacketBuilder timeExceeded(ReceivedEcho echo, int code) {
        return error(echo, pick(echo, IcmpTypes.V4_TIME_EXCEEDED, IcmpTypes.V6_TIME_EXCEEDED), code);
    }

    /** {@return code d about the first byte after the fixed IP header} */
    static PacketBuilder parameterProblem(ReceivedEcho echo) {
        int pointer = echo.version().minimumHeaderLength();
        return error(echo, pick(echo, IcmpTypes.V4_PARAMETER_PROBLEM, IcmpTypes.V6_PARAMETER_PROBLEM), echo.d())
                .rest(echo.ipv4() ? pointer << 24 : pointer);
    }

    /** {@return "fragmentation needed" (RFC 1191) or "packet too big", with ten times d as the MTU} */
    static PacketBuilder tooBig(ReceivedEcho echo) {
        PacketBuilder error = echo.ipv4()
                ? error(echo, IcmpTypes.V4_DESTINATION_UNREACHABLE, FRAGMENTATION_NEEDED)
                : error(echo, IcmpTypes.V6_PACKET_TOO_BIG, 0);
        return error.rest(mtu(echo));
    }

    /** {@return the same; the d of IPv6 that is all ones has an MTU that is all ones} */
    static PacketBuilder tooBigForAny(ReceivedEcho echo) {
        return !echo.ipv4() && echo.d() == 0xff ? tooBig(echo).rest(0xffff_ffff) : tooBig(echo);
    }

    static void unreachableByOther(ReceivedEcho echo, Outbox out) {
        out.now(hostUnreachable(echo).source(Replies.other(echo, echo.d())));
    }

    static void hopsAway(ReceivedEcho echo, Outbox out) {
        if (echo.hopLimit() < echo.d()) {
            out.now(timeExceeded(echo, 0).source(routerAddress(echo, echo.hopLimit())));
        } else {
            out.now(Replies.reply(echo).hopLimit(Math.min(FARTHEST - echo.d(), FARTHEST - 1)));
        }
    }

    static void labelledHopsAway(ReceivedEcho echo, Outbox out) {
        int hop = echo.hopLimit();
        if (hop < echo.d()) {
            out.now(extended(echo, Quote.extended(echo, hop)).source(routerAddress(echo, hop)));
        } else {
            out.now(Replies.reply(echo));
        }
    }

    /** {@return "time exceeded" with an extended quote and its length} */
    static PacketBuilder extended(ReceivedEcho echo, byte[] quote) {
        return timeExceeded(echo, 0).rest(Quote.extendedLength(echo)).body(quote);
    }

    /** {@return the same with the defect that the plan says} */
    static PacketBuilder extendedWrongly(ReceivedEcho echo) {
        return switch (echo.d()) {
            case 5 -> extended(echo, Quote.extendedWrongly(echo)).rest(Quote.lengthField(echo, 1_000));
            case 6 -> extended(echo, Quote.extendedWrongly(echo)).rest(Quote.lengthField(echo, 64));
            case 7 -> extended(echo, Quote.extendedUnchecked(echo)).rest(0);
            default -> extended(echo, Quote.extendedWrongly(echo));
        };
    }

    static void narrow(ReceivedEcho echo, Outbox out) {
        boolean stuck = echo.dontFragment() && echo.largestPacket() > mtu(echo);
        out.now(stuck ? tooBig(echo) : Replies.reply(echo));
    }

    static void sourceQuench(ReceivedEcho echo, Outbox out) {
        if (echo.ipv4()) {
            out.now(error(echo, IcmpTypes.V4_SOURCE_QUENCH, echo.d()));
        }
        out.after(Replies.RIGHT_ONE_MILLIS, Replies.reply(echo));
    }

    static void redirect(ReceivedEcho echo, Outbox out) {
        out.now(
                echo.ipv4()
                        ? error(echo, IcmpTypes.V4_REDIRECT, echo.d() % REDIRECT_CODES)
                                .rest(ByteBuffer.wrap(LabAddress.bytes(IpVersion.V4, router(2)))
                                        .getInt())
                        : neighbourRedirect(echo));
        out.after(Replies.RIGHT_ONE_MILLIS, Replies.reply(echo));
    }

    static void errorThenReply(ReceivedEcho echo, Outbox out) {
        out.now(hostUnreachable(echo));
        out.after(Replies.RIGHT_ONE_MILLIS, Replies.reply(echo));
    }

    static void replyThenError(ReceivedEcho echo, Outbox out) {
        out.now(Replies.reply(echo));
        out.after(Replies.RIGHT_ONE_MILLIS, hostUnreachable(echo));
    }

    static void twoErrors(ReceivedEcho echo, Outbox out) {
        out.now(hostUnreachable(echo));
        out.after(
                Replies.RIGHT_ONE_MILLIS,
                unreachable(echo, pick(echo, PORT_UNREACHABLE_V4, PORT_UNREACHABLE_V6))
                        .source(routerAddress(echo, 2)));
    }

    /** Sends an error that quotes a request that was not sent, and later the answer. */
    static void misquote(ReceivedEcho echo, Outbox out, byte[] quote) {
        out.now(hostUnreachable(echo).body(quote));
        out.after(Replies.RIGHT_ONE_MILLIS, Replies.reply(echo));
    }

    /** {@return the number of the router at this hop, 1 to 255} */
    static int router(int hop) {
        return LabPlan.ROUTERS.first() + hop;
    }

    private static byte[] routerAddress(ReceivedEcho echo, int hop) {
        return LabAddress.bytes(echo.version(), router(hop));
    }

    private static int mtu(ReceivedEcho echo) {
        return echo.d() * MTU_STEP;
    }

    /** RFC 4861, section 4.5: from a link-local address, about target and destination, with the redirected header. */
    private static PacketBuilder neighbourRedirect(ReceivedEcho echo) {
        byte[] linkLocal = new byte[16];
        linkLocal[0] = (byte) 0xfe;
        linkLocal[1] = (byte) 0x80;
        linkLocal[15] = 1;
        byte[] quote = Quote.of(echo);
        int units = (quote.length + 2 * Long.BYTES - 1) / Long.BYTES;
        ByteBuffer body = ByteBuffer.allocate(2 * linkLocal.length + units * Long.BYTES);
        body.put(linkLocal).put(echo.destination());
        body.put(ND_REDIRECTED_HEADER).put((byte) units);
        body.put(2 * linkLocal.length + Long.BYTES, quote);
        return new PacketBuilder(echo.version(), linkLocal, echo.source())
                .hopLimit(ND_HOP_LIMIT)
                .type(IcmpTypes.V6_REDIRECT)
                .body(body.array());
    }

    private static int pick(ReceivedEcho echo, int ipv4, int ipv6) {
        return echo.ipv4() ? ipv4 : ipv6;
    }
}
