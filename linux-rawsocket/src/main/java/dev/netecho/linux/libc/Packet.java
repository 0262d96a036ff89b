// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import dev.netecho.packet.NetworkOrder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * packet(7), and the receive ring of Linux 3.2 and newer, TPACKET_V3 (Documentation/networking/packet_mmap.rst): blocks
 * that the kernel fills with packets and then gives to the reader.
 *
 * <pre>
 * block                              packet in it
 *  8 block_status       u32           0 tp_next_offset u32
 * 12 num_pkts           u32           4 tp_sec         u32, CLOCK_REALTIME
 * 16 offset_to_first    u32           8 tp_nsec        u32
 *                                    12 tp_snaplen     u32
 *                                    26 tp_net         u16, where the IP header begins
 * </pre>
 */
public final class Packet {
    public static final int AF_PACKET = 17;
    public static final int SOL_PACKET = 263;
    public static final int PACKET_RX_RING = 5;
    public static final int PACKET_STATISTICS = 6;
    public static final int PACKET_VERSION = 10;
    public static final int PACKET_QDISC_BYPASS = 20;
    public static final int TPACKET_V3 = 2;
    public static final int ETH_P_IP = 0x0800;
    public static final int ETH_P_ARP = 0x0806;

    /** The size of {@code tpacket_req3}, of {@code sockaddr_ll} and of {@code tpacket_stats_v3}. */
    public static final int RING_REQUEST_SIZE = 28;

    public static final int ADDRESS_SIZE = 20;
    public static final int STATISTICS_SIZE = 12;

    static final int TP_STATUS_KERNEL = 0;
    static final int TP_STATUS_USER = 1;
    static final int BLOCK_STATUS = 8;
    static final int BLOCK_PACKETS = 12;
    static final int BLOCK_FIRST = 16;
    static final int NEXT_OFFSET = 0;
    static final int SECONDS = 4;
    static final int NANOSECONDS = 8;
    static final int SNAPLEN = 12;
    static final int MAC = 24;
    static final int NET = 26;
    static final int STATISTICS_DROPS = 4;
    static final int LL_PROTOCOL = 2;
    static final int LL_INTERFACE = 4;

    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private Packet() {}

    /** {@return a protocol as the third argument of socket(2) takes it, in network order} */
    public static int protocol(int etherType) {
        return Short.toUnsignedInt(Short.reverseBytes((short) etherType));
    }

    /** Writes a {@code sockaddr_ll} at the start of a zeroed buffer. */
    public static void putAddress(ByteBuffer buffer, int etherType, int interfaceIndex) {
        buffer.putShort(0, (short) AF_PACKET);
        NetworkOrder.putShort(buffer, LL_PROTOCOL, etherType);
        buffer.putInt(LL_INTERFACE, interfaceIndex);
    }

    /** Writes a {@code tpacket_req3} at the start of a zeroed buffer; a block is given away after the milliseconds. */
    public static void putRing(ByteBuffer buffer, int blockSize, int blocks, int frameSize, int milliseconds) {
        buffer.putInt(0, blockSize);
        buffer.putInt(4, blocks);
        buffer.putInt(8, frameSize);
        buffer.putInt(12, blockSize / frameSize * blocks);
        buffer.putInt(16, milliseconds);
    }

    /** {@return packets that found no room since the last question} */
    public static int drops(ByteBuffer statistics) {
        return statistics.getInt(STATISTICS_DROPS);
    }

    /** {@return whether the reader has a block; all that the kernel wrote before can be read then} */
    public static boolean isGiven(ByteBuffer ring, int block) {
        return ((int) INTS.getAcquire(ring, block + BLOCK_STATUS) & TP_STATUS_USER) != 0;
    }

    /** Gives a block back to the kernel, after everything that was read. */
    public static void giveBack(ByteBuffer ring, int block) {
        INTS.setRelease(ring, block + BLOCK_STATUS, TP_STATUS_KERNEL);
    }

    public static int packets(ByteBuffer ring, int block) {
        return ring.getInt(block + BLOCK_PACKETS);
    }

    /** {@return where the first packet of a block is} */
    public static int first(ByteBuffer ring, int block) {
        return block + ring.getInt(block + BLOCK_FIRST);
    }

    /** {@return where the packet after another is} */
    public static int next(ByteBuffer ring, int packet) {
        return packet + ring.getInt(packet + NEXT_OFFSET);
    }

    /** {@return where the IP header of a packet begins} */
    public static int network(ByteBuffer ring, int packet) {
        return packet + Short.toUnsignedInt(ring.getShort(packet + NET));
    }

    /** {@return how many bytes there are from the IP header on} */
    public static int length(ByteBuffer ring, int packet) {
        int link = Short.toUnsignedInt(ring.getShort(packet + NET)) - Short.toUnsignedInt(ring.getShort(packet + MAC));
        return ring.getInt(packet + SNAPLEN) - link;
    }

    /** {@return when the kernel got a packet, in nanoseconds of CLOCK_REALTIME} */
    public static long nanos(ByteBuffer ring, int packet) {
        return Integer.toUnsignedLong(ring.getInt(packet + SECONDS)) * 1_000_000_000L
                + Integer.toUnsignedLong(ring.getInt(packet + NANOSECONDS));
    }
}
