// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoRequest;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Socket;
import dev.netecho.linux.socket.SocketAddress;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The addresses of the private namespace's loopback interface, and the switch that silences them. */
final class Loopback {
    static final InetAddress V4 = address("127.0.0.1");
    static final InetAddress V6 = address("::1");

    /** A second IPv6 address, which {@link #addIpv6} puts on the interface. */
    static final InetAddress SECOND_V6 = address("fd00:6e65::9");

    private static final Path SILENT_V4 = Path.of("/proc/sys/net/ipv4/icmp_echo_ignore_all");
    private static final Path SILENT_V6 = Path.of("/proc/sys/net/ipv6/icmp/echo_ignore_all");

    // netdevice(7); struct in6_ifreq is the address, the length of its prefix and the index of the interface.
    private static final int SIOCSIFADDR = 0x8916;
    private static final int SIOCGIFINDEX = 0x8933;

    private Loopback() {}

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(literal + " is not a literal address", e);
        }
    }

    static InetAddress address(boolean ipv6) {
        return ipv6 ? V6 : V4;
    }

    /** {@return 127.1.0.1 and so on, one of 65,000 addresses} */
    static InetAddress numbered(int number) {
        return address("127.1." + number / 250 + "." + (1 + number % 250));
    }

    static EchoRequest request(InetAddress destination, Duration timeout) {
        return EchoRequest.newBuilder(destination).timeout(timeout).build();
    }

    /** Puts the second address on the interface if it is not there, and waits until it can be used. */
    static void addIpv6() {
        int fd = LibC.socket(Socket.AF_INET6, Socket.SOCK_DGRAM | Socket.SOCK_CLOEXEC, 0);
        try (NativeMemory ifreq = NativeMemory.allocate(64)) {
            ifreq.buffer().put(0, "lo".getBytes(StandardCharsets.US_ASCII));
            check(LibC.ioctl(fd, SIOCGIFINDEX, ifreq.address()), "SIOCGIFINDEX");
            int index = ifreq.buffer().getInt(16);
            ifreq.buffer().put(0, SECOND_V6.getAddress());
            ifreq.buffer().putInt(16, 128);
            ifreq.buffer().putInt(20, index);
            if (LibC.ioctl(fd, SIOCSIFADDR, ifreq.address()) < 0 && LibC.errno() != EEXIST) {
                throw new AssertionError("SIOCSIFADDR: " + Errno.describe(LibC.errno()));
            }
            // A new address is tentative for a moment, and cannot be a source as long as that lasts.
            int length = SocketAddress.of(SECOND_V6).put(ifreq.buffer(), 0, 0);
            Await.until("the address is in use", () -> LibC.bind(fd, ifreq.address(), length) == 0);
        } finally {
            LibC.close(fd);
        }
        awaitUsable(SECOND_V6);
    }

    /** The kernel takes an address of IPv6 into use a moment after the call that adds it. */
    private static void awaitUsable(InetAddress address) {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!canBind(address)) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError(address + " does not come into use");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** By hand: the first socket of java.net that is closed leaves one of the JDK's own descriptors open for good. */
    private static boolean canBind(InetAddress address) {
        int fd = LibC.socket(Socket.AF_INET6, Socket.SOCK_DGRAM | Socket.SOCK_CLOEXEC, 0);
        try (NativeMemory name = NativeMemory.allocate(64)) {
            int size = SocketAddress.of(address).put(name.buffer(), 0, 0);
            return LibC.bind(fd, name.address(), size) == 0;
        } finally {
            LibC.close(fd);
        }
    }

    private static final int EEXIST = 17;

    private static void check(int result, String call) {
        if (result < 0) {
            throw new AssertionError(call + ": " + Errno.describe(LibC.errno()));
        }
    }

    /** Lets the kernel answer no echo request of either family until it is closed. Raw sockets still see them. */
    static Silence silence() {
        return new Silence(true);
    }

    /** Lets the kernel answer no echo request of IPv6 until it is closed, while it still answers those of IPv4. */
    static Silence silenceOfIpv6() {
        return new Silence(false);
    }

    /** The kernel's silence. */
    static final class Silence implements AutoCloseable {
        private Silence(boolean ipv4) {
            write(SILENT_V4, ipv4 ? "1" : "0");
            write(SILENT_V6, "1");
        }

        @Override
        public void close() {
            write(SILENT_V4, "0");
            write(SILENT_V6, "0");
        }
    }

    static void write(Path setting, String value) {
        try {
            Files.writeString(setting, value);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write \"" + value + "\" to " + setting, e);
        }
    }

    /** Reads a file below /proc in one read, because those of /proc/sys answer the first one only. */
    static String read(Path file) {
        try (InputStream in = new FileInputStream(file.toFile())) {
            byte[] bytes = new byte[1 << 16];
            int length = Math.max(0, in.read(bytes));
            return new String(bytes, 0, length, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
