// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import dev.netecho.linux.libc.Iovec;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.Mmsghdr;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Packet;
import dev.netecho.linux.libc.Socket;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.packet.NetworkOrder;
import java.nio.ByteBuffer;

/**
 * Asks the router for its hardware address (RFC 826). The kernel hears the answer, and keeps it and its time with the
 * neighbour. Frames past the kernel would never make it ask. Not thread-safe.
 */
final class RouterQuestion implements AutoCloseable {
    private static final long EVERYBODY = 0xffff_ffff_ffffL;
    private static final int FRAME = Mmsghdr.SIZE + Iovec.SIZE;
    private static final int ETHERNET = 14;
    private static final int LENGTH = ETHERNET + 28;

    private final NativeMemory memory = NativeMemory.allocate(FRAME + LENGTH);
    private final ByteBuffer buffer = memory.buffer();
    private final int fd;

    /** Takes a socket of its own: where probes fill a buffer, there has to be room for a question. */
    RouterQuestion(int interfaceIndex) throws SystemCallException {
        try {
            fd = LibC.socket(Packet.AF_PACKET, Socket.SOCK_RAW | Socket.SOCK_CLOEXEC, 0);
            if (fd < 0) {
                throw new SystemCallException("socket(AF_PACKET, SOCK_RAW)", LibC.errno());
            }
            Packet.putAddress(buffer, 0, interfaceIndex);
            if (LibC.bind(fd, memory.address(), Packet.ADDRESS_SIZE) < 0) {
                int errno = LibC.errno();
                LibC.close(fd);
                throw new SystemCallException("bind(AF_PACKET)", errno);
            }
        } catch (SystemCallException e) {
            memory.close();
            throw e;
        }
        Iovec.put(buffer, Mmsghdr.SIZE, memory.address() + FRAME, LENGTH);
        Mmsghdr.init(buffer, 0, 0, 0, memory.address() + Mmsghdr.SIZE, 1, 0, 0);
        NetworkOrder.putShort(buffer, FRAME + 12, Packet.ETH_P_ARP);
        NetworkOrder.putShort(buffer, FRAME + ETHERNET, 1); // Ethernet
        NetworkOrder.putShort(buffer, FRAME + ETHERNET + 2, Packet.ETH_P_IP);
        // The lengths of both addresses.
        NetworkOrder.putShort(buffer, FRAME + ETHERNET + 4, 0x0604);
        NetworkOrder.putShort(buffer, FRAME + ETHERNET + 6, 1); // a request
    }

    /** Asks the router at the address that is known, as the kernel does (RFC 1122, 2.3.2.1), or everybody. */
    void ask(NextHop hop, boolean everybody) {
        putHardwareAddress(FRAME, everybody ? EVERYBODY : hop.gatewayAddress());
        putHardwareAddress(FRAME + 6, hop.ownAddress());
        putHardwareAddress(FRAME + ETHERNET + 8, hop.ownAddress());
        NetworkOrder.putInt(buffer, FRAME + ETHERNET + 14, hop.linkSource());
        NetworkOrder.putInt(buffer, FRAME + ETHERNET + 24, hop.gateway());
        // Not sent, it is a question without an answer.
        LibC.sendmmsg(fd, memory.address(), 1, Socket.MSG_DONTWAIT);
    }

    private void putHardwareAddress(int offset, long address) {
        NetworkOrder.putShort(buffer, offset, (int) (address >>> Integer.SIZE));
        NetworkOrder.putInt(buffer, offset + Short.BYTES, (int) address);
    }

    @Override
    public void close() {
        LibC.close(fd);
        memory.close();
    }
}
