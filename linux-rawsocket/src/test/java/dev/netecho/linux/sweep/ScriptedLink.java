// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import dev.netecho.EchoUnavailableException;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Packet;
import dev.netecho.linux.libc.Socket;
import dev.netecho.sweep.Sweep;
import dev.netecho.sweep.SweepReport;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A link of this namespace whose other end is a script: it gets every echo request, and sends any frame.
 *
 * <pre>
 *   sw0  198.18.30.1/24 ------- sw1  no address; the router 198.18.30.254, behind it 198.18.31.0/24 and 198.18.32.0/22
 * </pre>
 */
final class ScriptedLink implements AutoCloseable {
    static final int ROUTER = 0xc6121efe;

    private static final int ROOM = 2_048;
    private static final int ETHERNET = 14;
    private static final int HARDWARE_ADDRESS = 6;
    private static final int IP = ETHERNET;
    private static final int ICMP = ETHERNET + 20;
    private static final int DATA = ICMP + 8;

    private final NativeMemory memory = NativeMemory.allocate(ROOM);
    private final Script script;
    private final int fd;
    private final Thread thread;
    private volatile byte[] address;
    private volatile boolean closed;

    /** What the far end does with an echo request, on a thread of its own. */
    interface Script {
        void take(ScriptedLink link, Frame request);
    }

    /** A frame with an IPv4 packet without options in it. */
    static final class Frame {
        private final byte[] octets;

        Frame(byte[] octets) {
            this.octets = octets;
        }

        /** {@return the last octet of the destination} */
        int host() {
            return octets[IP + 19] & 0xff;
        }

        /** {@return the echo reply to this request} */
        Frame reply() {
            byte[] reply = octets.clone();
            System.arraycopy(octets, 0, reply, HARDWARE_ADDRESS, HARDWARE_ADDRESS);
            System.arraycopy(octets, HARDWARE_ADDRESS, reply, 0, HARDWARE_ADDRESS);
            System.arraycopy(octets, IP + 12, reply, IP + 16, 4);
            System.arraycopy(octets, IP + 16, reply, IP + 12, 4);
            reply[ICMP] = 0;
            return new Frame(reply);
        }

        /** {@return the same with a bit changed} */
        Frame flipped(int offset) {
            byte[] changed = octets.clone();
            changed[offset] ^= 1;
            return new Frame(changed);
        }

        Frame flippedToken() {
            return flipped(DATA + 3);
        }

        Frame flippedStamp() {
            return flipped(DATA + 15);
        }

        Frame flippedSequence() {
            return flipped(ICMP + 7);
        }

        Frame flippedIdentifier() {
            return flipped(ICMP + 5);
        }

        /** {@return the same reply from the neighbour of who was asked} */
        Frame flippedSource() {
            return flipped(IP + 15);
        }

        /** {@return the error 3/1 of the router, with the first bytes of this request} */
        Frame unreachable(int quoted) {
            ByteBuffer error = ByteBuffer.allocate(DATA + quoted);
            error.put(reply().octets, 0, DATA);
            error.putShort(IP + 2, (short) (20 + 8 + quoted));
            error.putInt(IP + 12, ROUTER);
            error.put(ICMP, (byte) 3).put(ICMP + 1, (byte) 1);
            error.putInt(ICMP + 4, 0);
            error.put(octets, IP, quoted);
            return new Frame(error.array());
        }
    }

    ScriptedLink(Script script) throws IOException {
        this.script = script;
        run("ip link add sw0 type veth peer name sw1; ip addr add 198.18.30.1/24 dev sw0;"
                + " ip link set sw1 up; ip link set sw0 up");
        NetworkInterface far = NetworkInterface.getByName("sw1");
        address = far.getHardwareAddress();
        routes();
        LibC.load();
        fd = LibC.socket(Packet.AF_PACKET, Socket.SOCK_RAW | Socket.SOCK_CLOEXEC | Socket.SOCK_NONBLOCK, 0);
        Packet.putAddress(memory.buffer(), Packet.ETH_P_IP, far.getIndex());
        if (fd < 0 || LibC.bind(fd, memory.address(), Packet.ADDRESS_SIZE) < 0) {
            throw new AssertionError("packet socket: " + Errno.describe(LibC.errno()));
        }
        thread = new Thread(this::serve, "scripted-link");
        thread.setDaemon(true);
        thread.start();
    }

    /** Makes the way to the router, which vanishes when the link goes down. */
    void routes() {
        run("ip neigh replace 198.18.30.254 lladdr " + text(address) + " dev sw0 nud permanent;"
                + " ip route replace 198.18.31.0/24 via 198.18.30.254;"
                + " ip route replace 198.18.32.0/22 via 198.18.30.254");
    }

    /** The router gets another hardware address; the old one is nobody's. */
    void moveRouter() {
        address = new byte[] {2, 0, 0, 0, 0, 0x77};
        run("ip link set sw1 address " + text(address));
        routes();
    }

    static void run(String commands) {
        try {
            Process process = new ProcessBuilder(List.of("sh", "-ec", "PATH=$PATH:/usr/sbin:/sbin; " + commands))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(commands + " failed: " + output);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(commands, e);
        }
    }

    private static String text(byte[] address) {
        StringBuilder text = new StringBuilder();
        for (byte octet : address) {
            text.append(text.length() == 0 ? "" : ":")
                    .append(Character.forDigit(octet >> 4 & 15, 16))
                    .append(Character.forDigit(octet & 15, 16));
        }
        return text.toString();
    }

    private void serve() {
        while (!closed) {
            int length = (int) LibC.read(fd, memory.address(), ROOM);
            if (length < DATA) {
                LockSupport.parkNanos(50_000);
                continue;
            }
            byte[] octets = new byte[length];
            memory.buffer().get(0, octets);
            Frame frame = new Frame(octets);
            boolean isForUs = ByteBuffer.wrap(octets, 0, HARDWARE_ADDRESS).equals(ByteBuffer.wrap(address));
            if (isForUs && octets[IP] == 0x45 && octets[IP + 9] == 1 && octets[ICMP] == 8) {
                script.take(this, frame);
            }
        }
    }

    /** {@return the report of a sweep that this link carries} */
    SweepReport report(Sweep.Builder sweep) throws EchoUnavailableException, IOException {
        return sweep.start().report().join();
    }

    /** Adds a route of this namespace. */
    void addRoute(String route) {
        run("ip route add " + route);
    }

    /** Sends a frame to the sweeping end; only for the script. */
    void send(Frame frame) {
        memory.buffer().put(0, frame.octets);
        // A link that is down refuses it.
        var unused = LibC.write(fd, memory.address(), frame.octets.length);
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LibC.close(fd);
        memory.close();
        run("ip link del sw0");
    }
}
