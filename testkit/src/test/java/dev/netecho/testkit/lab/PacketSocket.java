// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import com.sun.jna.Memory;
import dev.netecho.IpVersion;
import dev.netecho.testkit.wire.PacketBuilder;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Sends and receives whole IP packets on the lab's interface, past every rule of the kernel's own ICMP: packet(7). */
final class PacketSocket implements AutoCloseable {
    static final int IDENTIFIER = 0x1234;
    static final int SEQUENCE = 0x0507;

    private static final int MARKER = 0x7a7a;
    private static final int SOURCE = 1;
    private static final int SOCKADDR_LL = 20;
    private static final short ETH_P_ALL = 0x0300;

    private final int fd;
    private final Memory memory = new Memory(1 << 17);
    private final ByteBuffer bytes = SocketCalls.bytes(memory);

    private PacketSocket(int fd) {
        this.fd = fd;
    }

    static PacketSocket open() throws SocketException {
        int type = LibC.SOCK_DGRAM | LibC.O_CLOEXEC | LibC.O_NONBLOCK;
        int fd = SocketCalls.check(LibC.socket(SocketCalls.AF_PACKET, type, ETH_P_ALL), "socket");
        PacketSocket socket = new PacketSocket(fd);
        socket.bytes.putShort(0, (short) SocketCalls.AF_PACKET);
        socket.bytes.putShort(2, ETH_P_ALL);
        socket.bytes.putInt(4, NetworkInterface.getByName(Lab.INTERFACE).getIndex());
        SocketCalls.check(SocketCalls.bind(fd, LibC.address(socket.memory), SOCKADDR_LL), "bind");
        return socket;
    }

    /** {@return an echo request with data 0, 1, 2, ... to an address of the lab} */
    static PacketBuilder request(IpVersion version, byte[] destination, int dataLength) {
        byte[] data = new byte[dataLength];
        for (int i = 0; i < dataLength; i++) {
            data[i] = (byte) i;
        }
        return new PacketBuilder(version, LabAddress.bytes(version, SOURCE), destination)
                .type(version.echoRequestType())
                .echo(IDENTIFIER, SEQUENCE)
                .body(data);
    }

    static byte[] address(IpVersion version, LabPlan row, int d) {
        return (version == IpVersion.V4 ? row.ipv4(d) : row.ipv6(d)).getAddress();
    }

    void send(byte[] packet) {
        bytes.put(0, packet);
        SocketCalls.check(LibC.write(fd, LibC.address(memory), packet.length), "write");
    }

    /** Sends a request of 56 data bytes and returns what came of it within 60 ms. */
    List<SeenPacket> exchange(IpVersion version, LabPlan row, int d) {
        return exchange(
                version, 15, request(version, address(version, row, d), 56).build());
    }

    /**
     * Sends requests and then one to a host that answers 4 {@code markerD} ms later; returns what came before that
     * answer.
     *
     * <p>So nothing is waited for that may not come, and what comes in time is there.
     */
    List<SeenPacket> exchange(IpVersion version, int markerD, byte[]... requests) {
        drain();
        long sent = System.nanoTime();
        for (byte[] request : requests) {
            send(request);
        }
        send(request(version, address(version, LabPlan.DELAYED, markerD), 0)
                .echo(MARKER, SEQUENCE)
                .build());
        List<SeenPacket> seen = new ArrayList<>();
        long deadline = sent + TimeUnit.SECONDS.toNanos(10);
        while (SocketCalls.awaitReadable(fd, deadline - System.nanoTime())) {
            SeenPacket packet = read(version, sent);
            if (packet == null) {
                continue;
            }
            if (packet.isReply() && packet.identifier() == MARKER) {
                return seen;
            }
            seen.add(packet);
        }
        throw new AssertionError("the marker was not answered within 10 s; seen: " + seen);
    }

    private void drain() {
        long length;
        do {
            length = LibC.read(fd, LibC.address(memory), memory.size());
        } while (length >= 0);
    }

    /** {@return the next packet to our side, or null for any other} */
    private SeenPacket read(IpVersion version, long sent) {
        int length = (int) LibC.read(fd, LibC.address(memory), memory.size());
        if (length < version.minimumHeaderLength()) {
            return null;
        }
        byte[] packet = new byte[length];
        bytes.get(0, packet);
        boolean ipv4 = packet[0] >> 4 == 4;
        byte[] destination = Arrays.copyOfRange(packet, ipv4 ? 16 : 24, ipv4 ? 20 : 40);
        if (ipv4 != (version == IpVersion.V4) || !Arrays.equals(destination, LabAddress.bytes(version, SOURCE))) {
            return null;
        }
        return new SeenPacket(version, packet, System.nanoTime() - sent);
    }

    @Override
    public void close() {
        LibC.close(fd);
        memory.close();
    }
}
