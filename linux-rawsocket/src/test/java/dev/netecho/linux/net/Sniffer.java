// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Socket;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Run in a namespace of its own as a process of its own: writes every frame of every Ethernet interface there to its
 * standard output, in the format of tcpdump, until its reader is gone. The stamps are 0. Only root may enlarge its
 * receive buffer, so no more than some 200 frames may come at once.
 *
 * <p>For user namespaces: tcpdump gives up its groups when it is root, which they forbid (user_namespaces(7)).
 */
final class Sniffer {
    /** packet(7); ETH_P_ALL in network order. */
    private static final int AF_PACKET = 17;

    private static final int SOCK_RAW = 3;
    private static final int ETH_P_ALL = 0x0300;
    private static final int RECORD_HEADER = 16;
    private static final int FILE_HEADER = 24;

    private Sniffer() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        LibC.load();
        int fd = LibC.socket(AF_PACKET, SOCK_RAW | Socket.SOCK_CLOEXEC, ETH_P_ALL);
        if (fd < 0) {
            throw new IOException("socket(AF_PACKET): " + Errno.describe(LibC.errno()));
        }
        try (NativeMemory memory = NativeMemory.allocate(Capture.SNAPLEN);
                OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out))) {
            ByteBuffer header = ByteBuffer.allocate(FILE_HEADER).order(ByteOrder.LITTLE_ENDIAN);
            out.write(header.putInt(0, Capture.MAGIC_NANOSECONDS).array());
            out.flush();
            copy(fd, memory, out);
        } finally {
            LibC.close(fd);
        }
    }

    /** Ends with an exception when the reader has gone. */
    private static void copy(int fd, NativeMemory memory, OutputStream out) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(RECORD_HEADER).order(ByteOrder.LITTLE_ENDIAN);
        byte[] frame = new byte[Capture.SNAPLEN];
        for (long length = read(fd, memory); length >= 0; length = read(fd, memory)) {
            memory.buffer().get(0, frame, 0, (int) length);
            header.putInt(8, (int) length).putInt(12, (int) length);
            out.write(header.array());
            out.write(frame, 0, (int) length);
            out.flush();
        }
        throw new IOException("read: " + Errno.describe(LibC.errno()));
    }

    private static long read(int fd, NativeMemory memory) {
        return LibC.read(fd, memory.address(), Capture.SNAPLEN);
    }
}
