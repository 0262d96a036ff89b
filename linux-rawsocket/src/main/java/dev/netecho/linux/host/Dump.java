// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.NetlinkMessage;
import dev.netecho.linux.libc.Rtnetlink;
import dev.netecho.linux.libc.Socket;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * A question of netlink(7) whose answer has many messages. Each has a socket of its own, so that what is left unread of
 * one disturbs no other.
 */
public final class Dump {
    /** The whole answer was read. */
    public static final int WHOLE = 0;

    /** The reader wants no more. */
    public static final int STOPPED = -1;

    /** What was asked for changed meanwhile, or the answer is too long. */
    public static final int BROKEN = -2;

    /** The kernel puts at most so much into one read (Linux, net/netlink/af_netlink.c, netlink_dump). */
    private static final int ROOM = 32 * 1024;

    private Dump() {}

    /** Takes in the messages of an answer. */
    public interface Reader {
        /**
         * {@return whether more messages are wanted}
         *
         * @param buffer holds the message
         * @param message where it begins
         */
        boolean accept(ByteBuffer buffer, int message);
    }

    /**
     * {@return how the answer ended: {@link #WHOLE}, {@link #STOPPED}, {@link #BROKEN}, or an error number}
     *
     * @param protocol that of the socket, such as {@link Rtnetlink#NETLINK_ROUTE}
     * @param mostReads how many reads the answer may take; each has at least 4 KiB
     * @param question writes the question into a zeroed buffer
     * @param reader is given each message
     */
    public static int read(int protocol, int mostReads, Consumer<ByteBuffer> question, Reader reader) {
        int fd = LibC.socket(
                Rtnetlink.AF_NETLINK, Socket.SOCK_RAW | Socket.SOCK_CLOEXEC | Socket.SOCK_NONBLOCK, protocol);
        if (fd < 0) {
            return LibC.errno();
        }
        try (NativeMemory memory = NativeMemory.allocate(ROOM)) {
            ByteBuffer buffer = memory.buffer();
            question.accept(buffer);
            return LibC.write(fd, memory.address(), Rtnetlink.size(buffer)) < 0
                    ? LibC.errno()
                    : readAll(fd, memory, mostReads, reader);
        } finally {
            LibC.close(fd);
        }
    }

    private static int readAll(int fd, NativeMemory memory, int mostReads, Reader reader) {
        ByteBuffer buffer = memory.buffer();
        boolean consistent = true;
        for (int i = 0; i < mostReads; i++) {
            int end = (int) LibC.read(fd, memory.address(), ROOM);
            if (end <= 0) {
                return end < 0 ? LibC.errno() : BROKEN;
            }
            for (int at = 0; NetlinkMessage.isWhole(buffer, at, end); at = NetlinkMessage.next(buffer, at)) {
                consistent &= !NetlinkMessage.isInconsistent(buffer, at);
                int errno = NetlinkMessage.error(buffer, at);
                if (errno != 0) {
                    return errno;
                }
                if (NetlinkMessage.isEnd(buffer, at)) {
                    return consistent ? WHOLE : BROKEN;
                }
                if (!reader.accept(buffer, at)) {
                    return STOPPED;
                }
            }
        }
        return BROKEN;
    }
}
