// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import dev.netecho.IpVersion;
import dev.netecho.linux.libc.Mmsghdr;
import dev.netecho.linux.libc.Msghdr;
import dev.netecho.linux.libc.SockaddrIn6;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;

/** Plays the kernel that fills message 0 of a batch. */
public final class Kernel {
    private Kernel() {}

    /**
     * Fills the first message of a batch.
     *
     * @param batch a {@link ReceiveBatch} or an {@link ErrorQueue}
     * @param from the address in its name
     * @param data what was received; what does not fit is cut off, as the kernel does it
     * @param control the control data; cut off likewise
     * @param truncated whether the kernel says that the data was cut off
     */
    public static void fill(Object batch, SocketAddress from, byte[] data, byte[] control, boolean truncated) {
        MessageVector messages = messages(batch);
        ByteBuffer buffer = messages.buffer;
        int header = messages.header(0);
        from.put(buffer, messages.name(0), 0);
        Msghdr.setNamelen(buffer, header, from.version() == IpVersion.V4 ? 16 : SockaddrIn6.SIZE);
        int length = Math.min(data.length, messages.dataRoom);
        buffer.put(messages.data(0), data, 0, length);
        Mmsghdr.setMsgLen(buffer, header, length);
        int controlLength = Math.min(control.length, messages.controlRoom);
        buffer.put(messages.control(0), control, 0, controlLength);
        Msghdr.setControllen(buffer, header, controlLength);
        Msghdr.setFlags(buffer, header, truncated ? 0x20 : 0);
    }

    /** Writes a control length that no kernel writes. */
    public static void lie(Object batch, long controlLength, int messageLength) {
        MessageVector messages = messages(batch);
        Msghdr.setControllen(messages.buffer, messages.header(0), controlLength);
        Mmsghdr.setMsgLen(messages.buffer, messages.header(0), messageLength);
    }

    private static MessageVector messages(Object batch) {
        try {
            Field field = batch.getClass().getDeclaredField("messages");
            field.setAccessible(true);
            return (MessageVector) field.get(batch);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
