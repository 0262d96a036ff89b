// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import dev.netecho.IpVersion;
import dev.netecho.packet.Ipv4Header;
import dev.netecho.packet.Ipv6Header;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reassembles the fragments of requests (RFC 791, section 3.2; RFC 8200, section 4.5).
 *
 * <p>For a friendly sender: it does not look for overlaps, and drops the oldest of many incomplete packets.
 */
final class Reassembler {
    private static final int UNFINISHED = 64;
    private static final int FRAGMENT = 44;
    private static final int UNIT = 8;
    private static final int V4_FLAGS = 6;
    private static final int V4_MORE = 0x2000;
    private static final int V6_NEXT_HEADER = 6;
    private static final int V6_MORE = 1;

    private final Map<ByteBuffer, Partial> partials = new LinkedHashMap<>();

    /** {@return the packet if it is whole, or the one that it completes; null if more fragments are to come} */
    @Nullable
    Arrival offer(byte[] packet) {
        ByteBuffer view = ByteBuffer.wrap(packet);
        int header = Ipv4Header.headerLength(view, 0, packet.length);
        if (header != 0) {
            int flags = view.getShort(V4_FLAGS) & 0xffff;
            int offset = (flags & 0x1fff) * UNIT;
            if (offset == 0 && (flags & V4_MORE) == 0) {
                return new Arrival(packet, 1, packet.length);
            }
            return add(key(packet, 12, 20, 4, 6), packet, header, header, offset, (flags & V4_MORE) == 0);
        }
        header = Ipv6Header.headerLength(view, 0, packet.length);
        if (header != 0 && Ipv6Header.nextHeader(view, 0) == FRAGMENT && packet.length >= header + UNIT) {
            int field = view.getShort(header + 2) & 0xffff;
            byte nextHeader = packet[header];
            byte[] identification = key(packet, UNIT, header, header + Integer.BYTES, header + UNIT);
            packet[V6_NEXT_HEADER] = nextHeader;
            return add(identification, packet, header, header + UNIT, field & ~0x7, (field & V6_MORE) == 0);
        }
        return new Arrival(packet, 1, packet.length);
    }

    private @Nullable Arrival add(byte[] key, byte[] packet, int header, int data, int offset, boolean last) {
        ByteBuffer name = ByteBuffer.wrap(key);
        Partial partial = partials.computeIfAbsent(name, absent -> new Partial());
        partial.add(packet, header, data, offset, last);
        if (partial.received == partial.total) {
            partials.remove(name);
            return partial.whole();
        }
        if (partials.size() > UNFINISHED) {
            partials.remove(partials.keySet().iterator().next());
        }
        return null;
    }

    private static byte[] key(byte[] packet, int addresses, int end, int identification, int identificationEnd) {
        byte[] key = Arrays.copyOfRange(packet, addresses, end + identificationEnd - identification);
        System.arraycopy(packet, identification, key, end - addresses, identificationEnd - identification);
        return key;
    }

    private static final class Partial {
        private static final int UNKNOWN = -1;

        private byte[] header = {};
        private byte[] data = {};
        private int received;
        private int total = UNKNOWN;
        private int fragments;
        private int largestPacket;

        void add(byte[] packet, int headerLength, int dataOffset, int offset, boolean last) {
            int length = packet.length - dataOffset;
            if (offset == 0) {
                header = Arrays.copyOf(packet, headerLength);
            }
            if (data.length < offset + length) {
                data = Arrays.copyOf(data, Math.max(offset + length, 2 * data.length));
            }
            System.arraycopy(packet, dataOffset, data, offset, length);
            received += length;
            fragments++;
            largestPacket = Math.max(largestPacket, packet.length);
            if (last) {
                total = offset + length;
            }
        }

        Arrival whole() {
            byte[] packet = Arrays.copyOf(header, header.length + total);
            System.arraycopy(data, 0, packet, header.length, total);
            ByteBuffer view = ByteBuffer.wrap(packet);
            if (header.length == IpVersion.V6.minimumHeaderLength() && (header[0] >> 4) == 6) {
                view.putShort(4, (short) total);
            } else {
                view.putShort(2, (short) packet.length);
                view.putShort(V4_FLAGS, (short) (view.getShort(V4_FLAGS) & ~V4_MORE));
            }
            return new Arrival(packet, fragments, largestPacket);
        }
    }
}
