// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import com.sun.jna.Memory;
import dev.netecho.IpVersion;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connected ping socket of the kernel (icmp(7)): what comes through it has passed the whole stack. */
final class PingSocket implements AutoCloseable {
    private static final int SOCKADDR_IN6 = 28;

    private final IpVersion version;
    private final int fd;
    private final Memory memory = new Memory(1 << 17);
    private final ByteBuffer bytes = SocketCalls.bytes(memory);
    private byte @Nullable [] read;

    PingSocket(IpVersion version, byte[] destination) {
        boolean ipv4 = version == IpVersion.V4;
        int family = ipv4 ? LibC.AF_INET : LibC.AF_INET6;
        int protocol = ipv4 ? SocketCalls.IPPROTO_ICMP : SocketCalls.IPPROTO_ICMPV6;
        this.version = version;
        this.fd = SocketCalls.check(
                LibC.socket(family, LibC.SOCK_DGRAM | LibC.O_CLOEXEC | LibC.O_NONBLOCK, protocol), "socket");
        memory.clear();
        bytes.putShort(0, (short) family);
        bytes.put(ipv4 ? 4 : 8, destination);
        SocketCalls.check(SocketCalls.connect(fd, LibC.address(memory), ipv4 ? 16 : SOCKADDR_IN6), "connect");
    }

    void send(int sequence, int dataLength) {
        byte[] message = new byte[8 + dataLength];
        message[0] = (byte) version.echoRequestType();
        message[6] = (byte) (sequence >> 8);
        message[7] = (byte) sequence;
        Arrays.fill(message, 8, message.length, (byte) 'n');
        bytes.put(0, message);
        if (LibC.write(fd, LibC.address(memory), message.length) < 0) {
            // An ICMP error about an earlier request fails the next call, and that one alone: ip(7).
            SocketCalls.check(LibC.write(fd, LibC.address(memory), message.length), "write");
        }
    }

    /**
     * {@return whether an ICMP message comes within a tenth of a second} {@link #receive} then returns it. An ICMP
     * error wakes the socket too, and fails the read.
     */
    boolean isAnsweredSoon() {
        if (SocketCalls.awaitReadable(fd, TimeUnit.MILLISECONDS.toNanos(100))) {
            int length = (int) LibC.read(fd, LibC.address(memory), memory.size());
            read = length < 0 ? null : message(length);
        }
        return read != null;
    }

    /** {@return the ICMP message that comes within ten seconds} */
    byte[] receive() {
        byte[] before = read;
        if (before != null) {
            read = null;
            return before;
        }
        if (!SocketCalls.awaitReadable(fd, TimeUnit.SECONDS.toNanos(10))) {
            throw new AssertionError("nothing came within 10 s");
        }
        return message(SocketCalls.check(LibC.read(fd, LibC.address(memory), memory.size()), "read"));
    }

    private byte[] message(int length) {
        byte[] message = new byte[length];
        bytes.get(0, message);
        return message;
    }

    @Override
    public void close() {
        LibC.close(fd);
        memory.close();
    }
}
