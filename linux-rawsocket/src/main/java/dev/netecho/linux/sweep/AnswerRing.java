// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import dev.netecho.linux.libc.IcmpFilterProgram;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Packet;
import dev.netecho.linux.libc.SockFprog;
import dev.netecho.linux.libc.Socket;
import dev.netecho.linux.socket.SystemCallException;
import java.nio.ByteBuffer;

/**
 * A packet socket that the kernel fills with the answers to one identifier, by any link, in memory that both share.
 * Owns its descriptor and the mapping until {@link #close}. Not thread-safe.
 */
final class AnswerRing implements AutoCloseable {
    /** An answer takes about 160 bytes: 100,000 find room, a tenth of a second at a million a second. */
    static final int BLOCKS = 64;

    static final int BLOCK = 256 * 1024;
    private static final int FRAME = 2_048;
    private static final int SCRATCH = 64;

    /** A block that is not full is given to the reader after this time. */
    private static final int RETIRE_MILLIS = 1;

    private final int fd;
    private final int size;
    private final int blockSize;
    private final NativeMemory scratch = NativeMemory.allocate(SCRATCH);
    private long address = -1;
    private final ByteBuffer buffer;
    private int block;
    private boolean closed;

    AnswerRing(int identifier, int blockSize, int blocks) throws SystemCallException {
        this.blockSize = blockSize;
        size = blockSize * blocks;
        // Protocol 0: nothing arrives before bind(2), when filter and ring are in place.
        fd = LibC.socket(Packet.AF_PACKET, Socket.SOCK_DGRAM | Socket.SOCK_CLOEXEC, 0);
        try {
            require("socket(AF_PACKET, SOCK_DGRAM)", fd);
            try (NativeMemory program = SockFprog.allocate(IcmpFilterProgram.v4OnLink(identifier))) {
                require(
                        "setsockopt(SO_ATTACH_FILTER)",
                        LibC.setsockopt(
                                fd, Socket.SOL_SOCKET, Socket.SO_ATTACH_FILTER, program.address(), SockFprog.SIZE));
            }
            scratch.buffer().putInt(0, Packet.TPACKET_V3);
            set(Packet.PACKET_VERSION, Integer.BYTES, "PACKET_VERSION");
            Packet.putRing(scratch.buffer(), blockSize, blocks, FRAME, RETIRE_MILLIS);
            set(Packet.PACKET_RX_RING, Packet.RING_REQUEST_SIZE, "PACKET_RX_RING");
            address = LibC.mmap(fd, size);
            require("mmap(PACKET_RX_RING)", address == -1 ? -1 : 0);
            buffer = LibC.buffer(address, size);
            clear();
            // Interface 0, all of them: the network decides by which link an answer comes back.
            Packet.putAddress(scratch.buffer(), Packet.ETH_P_IP, 0);
            require("bind(AF_PACKET)", LibC.bind(fd, scratch.address(), Packet.ADDRESS_SIZE));
        } catch (SystemCallException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private static void require(String call, int result) throws SystemCallException {
        if (result < 0) {
            throw new SystemCallException(call, LibC.errno());
        }
    }

    private void set(int option, int length, String name) throws SystemCallException {
        require("setsockopt(" + name + ")", LibC.setsockopt(fd, Packet.SOL_PACKET, option, scratch.address(), length));
        clear();
    }

    private void clear() {
        for (int i = 0; i < SCRATCH; i++) {
            scratch.buffer().put(i, (byte) 0);
        }
    }

    /** {@return the memory; what is read from it is valid until {@link #giveBack}} */
    ByteBuffer buffer() {
        return buffer;
    }

    /** {@return where the next block begins that the kernel has given; -1 if there is none} */
    int taken() {
        return Packet.isGiven(buffer, block) ? block : -1;
    }

    /** Gives the block of {@link #taken} back to the kernel. */
    void giveBack() {
        Packet.giveBack(buffer, block);
        block = block + blockSize == size ? 0 : block + blockSize;
    }

    /** {@return whether packets found no room since the last question, or the kernel does not say} */
    boolean hasDropped() {
        scratch.buffer().putInt(Packet.STATISTICS_SIZE, Packet.STATISTICS_SIZE);
        int result = LibC.getsockopt(
                fd,
                Packet.SOL_PACKET,
                Packet.PACKET_STATISTICS,
                scratch.address(),
                scratch.address() + Packet.STATISTICS_SIZE);
        return result < 0 || Packet.drops(scratch.buffer()) != 0;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (address != -1) {
            LibC.munmap(address, size);
        }
        if (fd >= 0) {
            LibC.close(fd);
        }
        scratch.close();
    }
}
