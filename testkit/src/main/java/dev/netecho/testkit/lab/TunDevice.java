// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import com.sun.jna.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A network interface whose other end is this object. IP packets that the kernel routes to it are read here, and
 * packets written here arrive as if from the wire.
 *
 * <p>Documentation/networking/tuntap.rst of the kernel. Not thread-safe.
 */
final class TunDevice implements AutoCloseable {
    /** The largest IPv6 packet: its header and the largest value of its length field; more than IPv4's 65,535. */
    static final int LARGEST_PACKET = 40 + 65_535;

    // linux/if_tun.h, for every architecture whose ioctl numbers have the generic layout.
    private static final long TUNSETIFF = 0x400454caL;
    private static final short IFF_TUN = 1;
    private static final short IFF_NO_PI = 0x1000;

    // netdevice(7): struct ifreq begins with the name; flags and index follow at 16.
    private static final long SIOCGIFINDEX = 0x8933L;
    private static final int IFREQ_SIZE = 40;
    private static final int IFREQ_UNION = 16;

    private final int fd;
    private final int index;
    private final Memory in = new Memory(LARGEST_PACKET);
    private final Memory out = new Memory(LARGEST_PACKET);
    private final ByteBuffer inBytes = in.getByteBuffer(0, in.size());
    private final ByteBuffer outBytes = out.getByteBuffer(0, out.size());

    private TunDevice(int fd, int index) {
        this.fd = fd;
        this.index = index;
    }

    /** Creates the interface, which goes away when the device is closed. */
    static TunDevice open(String name) throws LabUnavailableException {
        int fd = LibC.check(
                LibC.open("/dev/net/tun", LibC.O_RDWR | LibC.O_NONBLOCK | LibC.O_CLOEXEC), "opening /dev/net/tun");
        try {
            return new TunDevice(fd, attach(fd, name));
        } catch (LabUnavailableException | RuntimeException e) {
            LibC.close(fd);
            throw e;
        }
    }

    private static int attach(int fd, String name) throws LabUnavailableException {
        try (Memory ifreq = new Memory(IFREQ_SIZE)) {
            ifreq.clear();
            ByteBuffer bytes = ifreq.getByteBuffer(0, IFREQ_SIZE).order(ByteOrder.nativeOrder());
            bytes.put(0, name.getBytes(StandardCharsets.US_ASCII));
            bytes.putShort(IFREQ_UNION, (short) (IFF_TUN | IFF_NO_PI));
            LibC.check(LibC.ioctl(fd, TUNSETIFF, LibC.address(ifreq)), "creating the TUN interface " + name);
            int socket = LibC.check(LibC.socket(LibC.AF_INET, LibC.SOCK_DGRAM | LibC.O_CLOEXEC, 0), "socket");
            try {
                bytes.putInt(IFREQ_UNION, 0);
                LibC.check(LibC.ioctl(socket, SIOCGIFINDEX, LibC.address(ifreq)), "finding the interface " + name);
            } finally {
                LibC.close(socket);
            }
            return bytes.getInt(IFREQ_UNION);
        }
    }

    int fd() {
        return fd;
    }

    /** {@return the index of the interface, netdevice(7)} */
    int index() {
        return index;
    }

    /** {@return a copy of the next packet, or an array of length 0 if none waits} */
    byte[] read() {
        long length = LibC.read(fd, LibC.address(in), LARGEST_PACKET);
        if (length < 0) {
            int errno = LibC.errno();
            if (errno != LibC.EAGAIN && errno != LibC.EINTR) {
                throw new IllegalStateException("reading the TUN device failed with errno " + errno);
            }
            length = 0;
        }
        byte[] packet = new byte[(int) length];
        inBytes.get(0, packet);
        return packet;
    }

    /** {@return whether the kernel took the packet; not, for instance, while the interface is down} */
    boolean write(byte[] packet) {
        outBytes.put(0, packet);
        return LibC.write(fd, LibC.address(out), packet.length) == packet.length;
    }

    @Override
    public void close() {
        LibC.close(fd);
        in.close();
        out.close();
    }
}
