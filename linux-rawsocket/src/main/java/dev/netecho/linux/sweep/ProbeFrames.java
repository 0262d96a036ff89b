// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import dev.netecho.IpVersion;
import dev.netecho.linux.libc.Iovec;
import dev.netecho.linux.libc.Mmsghdr;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Packet;
import dev.netecho.packet.DefaultPayload;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.packet.NetworkOrder;
import dev.netecho.sweep.SweepProbes;
import java.nio.ByteBuffer;

/**
 * The frames of a batch, in native memory: all alike but for destination, sequence number, token, stamp and checksums.
 * Not thread-safe.
 */
final class ProbeFrames implements AutoCloseable {
    /** As that of ping(8): token, stamp, and a pattern. */
    static final int PAYLOAD = 56;

    static final int TOKEN = 0;
    static final int STAMP = 8;

    private static final int HARDWARE_ADDRESS = 6;
    private static final int ETHERNET = 14;
    private static final int ETHER_TYPE = 12;
    private static final int IP_HEADER = 20;
    private static final int IP_CHECKSUM = 10;
    private static final int IP_SOURCE = 12;
    private static final int IP_DESTINATION = 16;
    private static final int ICMP = ETHERNET + IP_HEADER;
    private static final int DATA = ICMP + IcmpEcho.HEADER_LENGTH;
    private static final int FRAME = DATA + PAYLOAD;
    private static final int ROOM = 128;
    private static final int TIME_TO_LIVE = 64;

    private static final int IOVECS = SweepProbes.MOST * Mmsghdr.SIZE;
    private static final int FRAMES = IOVECS + SweepProbes.MOST * Iovec.SIZE;

    private final NativeMemory memory;
    private final ByteBuffer buffer;
    private int headerSum;
    private int icmpSum;

    ProbeFrames() {
        memory = NativeMemory.allocate(FRAMES + SweepProbes.MOST * ROOM);
        buffer = memory.buffer();
        for (int i = 0; i < SweepProbes.MOST; i++) {
            int iovec = IOVECS + i * Iovec.SIZE;
            Iovec.put(buffer, iovec, memory.address() + frame(i), FRAME);
            Mmsghdr.init(buffer, i * Mmsghdr.SIZE, 0, 0, memory.address() + iovec, 1, 0, 0);
        }
    }

    private static int frame(int i) {
        return FRAMES + i * ROOM;
    }

    /** {@return the address of the array of {@link Mmsghdr}} */
    long address() {
        return memory.address();
    }

    /** Writes what all probes share. */
    void prepare(NextHop hop, int identifier) {
        for (int i = 0; i < SweepProbes.MOST; i++) {
            int frame = frame(i);
            putHardwareAddress(frame, hop.gatewayAddress());
            putHardwareAddress(frame + HARDWARE_ADDRESS, hop.ownAddress());
            NetworkOrder.putShort(buffer, frame + ETHER_TYPE, Packet.ETH_P_IP);
            int ip = frame + ETHERNET;
            NetworkOrder.putShort(buffer, ip, 0x4500); // version 4, five words, no class
            NetworkOrder.putShort(buffer, ip + 2, FRAME - ETHERNET);
            // No identification, don't fragment (RFC 6864, section 4.1).
            NetworkOrder.putInt(buffer, ip + 4, 0x4000);
            buffer.put(ip + 8, (byte) TIME_TO_LIVE);
            buffer.put(ip + 9, (byte) IpVersion.V4.icmpProtocol());
            NetworkOrder.putShort(buffer, ip + IP_CHECKSUM, 0);
            NetworkOrder.putInt(buffer, ip + IP_SOURCE, hop.source());
            NetworkOrder.putInt(buffer, ip + IP_DESTINATION, 0);
            IcmpEcho.putRequest(buffer, frame + ICMP, IpVersion.V4, identifier, 0);
            DefaultPayload.put(buffer, frame + DATA, PAYLOAD, 0);
            NetworkOrder.putLong(buffer, frame + DATA + STAMP, 0);
        }
        headerSum = sum(frame(0) + ETHERNET, IP_HEADER);
        icmpSum = sum(frame(0) + ICMP, FRAME - ICMP);
    }

    private void putHardwareAddress(int offset, long address) {
        NetworkOrder.putShort(buffer, offset, (int) (address >>> Integer.SIZE));
        NetworkOrder.putInt(buffer, offset + Short.BYTES, (int) address);
    }

    /** Writes what is its own of one probe. */
    void put(int i, int destination, int sequence, long token, long stamp) {
        int frame = frame(i);
        NetworkOrder.putInt(buffer, frame + ETHERNET + IP_DESTINATION, destination);
        NetworkOrder.putShort(buffer, frame + ETHERNET + IP_CHECKSUM, complement(headerSum + words(destination)));
        NetworkOrder.putShort(buffer, frame + ICMP + IcmpEcho.SEQUENCE_OFFSET, sequence);
        NetworkOrder.putLong(buffer, frame + DATA + TOKEN, token);
        NetworkOrder.putLong(buffer, frame + DATA + STAMP, stamp);
        int sum = icmpSum + sequence + words(token) + words(stamp);
        NetworkOrder.putShort(buffer, frame + ICMP + IcmpEcho.CHECKSUM_OFFSET, complement(sum));
    }

    private int sum(int offset, int length) {
        int sum = 0;
        for (int i = 0; i < length; i += Short.BYTES) {
            sum += NetworkOrder.getUnsignedShort(buffer, offset + i);
        }
        return sum;
    }

    private static int words(int number) {
        return (number >>> 16) + (number & 0xffff);
    }

    private static int words(long number) {
        return words((int) (number >>> 32)) + words((int) number);
    }

    /** RFC 1071. The sum of some dozen words has 22 bits at most. */
    private static int complement(int sum) {
        int folded = (sum & 0xffff) + (sum >>> 16);
        return ~((folded & 0xffff) + (folded >>> 16)) & 0xffff;
    }

    @Override
    public void close() {
        memory.close();
    }
}
