// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import dev.netecho.linux.libc.Iovec;
import dev.netecho.linux.libc.Mmsghdr;
import dev.netecho.linux.libc.Msghdr;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.SockaddrIn6;
import java.nio.ByteBuffer;

/**
 * The native memory of sendmmsg(2) and recvmmsg(2), laid out once: every message has a header, one iovec, a socket
 * address, control data and packet data of fixed room.
 *
 * <pre>
 * [mmsghdr x count][iovec x count][address x count][control x count][data x count]
 * </pre>
 */
final class MessageVector implements AutoCloseable {
    private static final int NAME_ROOM = 32;

    final int count;
    final int controlRoom;
    final int dataRoom;
    final ByteBuffer buffer;
    private final NativeMemory memory;
    private final int iovecs;
    private final int names;
    private final int controls;
    private final int data;

    MessageVector(int count, int controlRoom, int dataRoom) {
        this.count = count;
        this.controlRoom = controlRoom;
        this.dataRoom = dataRoom;
        this.iovecs = count * Mmsghdr.SIZE;
        this.names = iovecs + count * Iovec.SIZE;
        this.controls = names + count * NAME_ROOM;
        this.data = controls + count * controlRoom;
        this.memory = NativeMemory.allocate(data + count * dataRoom);
        try {
            this.buffer = memory.buffer();
            putAddresses();
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    private void putAddresses() {
        for (int i = 0; i < count; i++) {
            Iovec.put(buffer, iovec(i), memory.address() + data(i), dataRoom);
            Mmsghdr.init(
                    buffer,
                    header(i),
                    memory.address() + name(i),
                    SockaddrIn6.SIZE,
                    memory.address() + iovec(i),
                    1,
                    memory.address() + control(i),
                    controlRoom);
        }
    }

    int header(int i) {
        return i * Mmsghdr.SIZE;
    }

    long headerAddress(int i) {
        return memory.address() + header(i);
    }

    int iovec(int i) {
        return iovecs + i * Iovec.SIZE;
    }

    int name(int i) {
        return names + i * NAME_ROOM;
    }

    int control(int i) {
        return controls + i * controlRoom;
    }

    int data(int i) {
        return data + i * dataRoom;
    }

    /** The kernel overwrites both lengths of every message it has filled. */
    void renew(int filled) {
        for (int i = 0; i < filled; i++) {
            Msghdr.setNamelen(buffer, header(i), SockaddrIn6.SIZE);
            Msghdr.setControllen(buffer, header(i), controlRoom);
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
