// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import dev.netecho.IpVersion;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.packet.InternetChecksum;
import dev.netecho.packet.QuotedEcho;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** An IP packet that came out of the lab, and how long after the request. */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record SeenPacket(IpVersion version, byte[] packet, long nanos) {
    private ByteBuffer view() {
        return ByteBuffer.wrap(packet);
    }

    int header() {
        return version.minimumHeaderLength();
    }

    int icmpLength() {
        return packet.length - header();
    }

    int type() {
        return packet[header()] & 0xff;
    }

    int code() {
        return packet[header() + 1] & 0xff;
    }

    int rest() {
        return view().getInt(header() + 4);
    }

    int identifier() {
        return IcmpEcho.identifier(view(), header());
    }

    int sequence() {
        return IcmpEcho.sequence(view(), header());
    }

    int hopLimit() {
        return packet[version == IpVersion.V4 ? 8 : 7] & 0xff;
    }

    byte[] source() {
        return version == IpVersion.V4 ? Arrays.copyOfRange(packet, 12, 16) : Arrays.copyOfRange(packet, 8, 24);
    }

    byte[] body() {
        return Arrays.copyOfRange(packet, header() + IcmpEcho.HEADER_LENGTH, packet.length);
    }

    long millis() {
        return nanos / 1_000_000;
    }

    boolean isReply() {
        return IcmpEcho.isReply(view(), header(), icmpLength(), version);
    }

    boolean checksumValid() {
        return version == IpVersion.V4
                ? InternetChecksum.isValid(view(), header(), icmpLength())
                : InternetChecksum.ofIcmpv6(view(), 0, header(), icmpLength()) == 0;
    }

    /** {@return the request that this error quotes, as the library's own reader finds it} */
    QuotedEcho quote() {
        QuotedEcho quoted = new QuotedEcho();
        quoted.decodeError(view(), header(), icmpLength(), version);
        return quoted;
    }
}
