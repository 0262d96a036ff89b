// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.fuzz.Packets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Control messages as the kernel writes them (cmsg(3), ip(7), ipv6(7), socket(7)), and what a plain reader makes of any
 * bytes.
 */
public final class Control {
    /** {@return one control message, padded} */
    public static byte[] message(int level, int type, byte[] data) {
        byte[] header = ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putLong(16L + data.length)
                .putInt(level)
                .putInt(type)
                .array();
        return Packets.join(header, data, new byte[-data.length & 7]);
    }

    /** {@return a stamp: SCM_TIMESTAMPNS} */
    public static byte[] stamp(long seconds, long nanos) {
        return message(
                1,
                35,
                ByteBuffer.allocate(16)
                        .order(ByteOrder.nativeOrder())
                        .putLong(seconds)
                        .putLong(nanos)
                        .array());
    }

    /** {@return a hop limit: IP_TTL or IPV6_HOPLIMIT} */
    public static byte[] hopLimit(boolean ipv6, int value) {
        byte[] number = ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
        return message(ipv6 ? 41 : 0, ipv6 ? 52 : 2, number);
    }

    /** {@return an entry of the error queue with its offender: struct sock_extended_err and a sockaddr behind it} */
    public static byte[] error(boolean ipv6, int origin, int type, int code, int info, byte[] offender) {
        ByteBuffer entry = ByteBuffer.allocate(16 + (ipv6 ? 28 : 16)).order(ByteOrder.nativeOrder());
        entry.putInt(113).put((byte) origin).put((byte) type).put((byte) code).put((byte) 0);
        entry.putInt(info).putInt(0).putShort((short) (ipv6 ? 10 : 2)).putShort((short) 0);
        if (ipv6) {
            entry.putInt(0);
        }
        entry.put(offender);
        return message(ipv6 ? 41 : 0, ipv6 ? 25 : 11, entry.array());
    }

    /** A control message that a reader has found. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Found(int level, int type, byte[] data) {}

    /** {@return the whole messages at the beginning of control data, up to the first that lies about its length} */
    public static List<Found> read(byte[] control) {
        List<Found> all = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(control).order(ByteOrder.nativeOrder());
        long at = 0;
        while (at + 16 <= control.length) {
            long length = in.getLong((int) at);
            if (length < 16 || length > control.length - at) {
                break;
            }
            byte[] data = Arrays.copyOfRange(control, (int) at + 16, (int) (at + length));
            all.add(new Found(in.getInt((int) at + 8), in.getInt((int) at + 12), data));
            at += (length + 7) / 8 * 8;
        }
        return all;
    }

    private Control() {}
}
