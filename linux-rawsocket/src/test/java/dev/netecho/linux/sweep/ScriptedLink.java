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

    /** 198.18.30.253, another address of it. */
    static final int SECOND_ROUTER = 0xc6121efd;

    /** The first address of 198.18.32.0/22. */
    static final int LARGE = 0xc6122000;

    /** Given, not asked for: Java lists an interface without addresses only once it has a link-local one. */
    private static final int FAR_INDEX = 0x5001;

    /** Iproute2 obeys an index of the peer only where both are given. */
    private static final int NEAR_INDEX = 0x5000;

    private static final byte[] FAR_ADDRESS = {2, 0, 0, 0, 0, 0x76};

    /** Another link, by which answers may come back. */
    private static final int OTHER_FAR_INDEX = 0x5003;

    private static final int OTHER_NEAR_INDEX = 0x5002;

    /** All that arrives (if_ether.h), ARP too. */
    private static final int ETH_P_ALL = 3;

    private static final int ETHER_TYPE_ARP = 0x0806;
    private static final int ARP = 42;
    private static final int ARP_SENDER = 22;
    private static final int ARP_SENDER_IP = 28;
    private static final int ARP_TARGET = 32;
    private static final int ARP_TARGET_IP = 38;

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
    private int otherFd = -1;
    private volatile byte[] address = FAR_ADDRESS;
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

        /** {@return all of it} */
        byte[] octets() {
            return octets.clone();
        }

        /** {@return the address that is asked} */
        int destination() {
            return ByteBuffer.wrap(octets).getInt(IP + 16);
        }

        /** {@return the same request for another address} */
        Frame to(int destination) {
            byte[] other = octets.clone();
            ByteBuffer.wrap(other).putInt(IP + 16, destination);
            return new Frame(other);
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

        /** {@return a redirect (RFC 792) of the router for who was asked, which the kernel believes} */
        Frame redirect(int newRouter) {
            int quoted = 28;
            ByteBuffer redirect = ByteBuffer.allocate(DATA + quoted);
            redirect.put(reply().octets, 0, DATA);
            redirect.putShort(IP + 2, (short) (20 + 8 + quoted));
            redirect.putInt(IP + 12, ROUTER);
            redirect.put(ICMP, (byte) 5).put(ICMP + 1, (byte) 1);
            redirect.putInt(ICMP + 4, newRouter);
            redirect.put(octets, IP, quoted);
            // The kernel asks no socket about its own echo replies (net/ipv4/icmp.c, icmp_err).
            redirect.put(DATA + 20, (byte) 0);
            putChecksum(redirect, IP, IP + 10, 20);
            putChecksum(redirect, ICMP, ICMP + 2, 8 + quoted);
            return new Frame(redirect.array());
        }

        private static void putChecksum(ByteBuffer buffer, int from, int at, int length) {
            buffer.putShort(at, (short) 0);
            int sum = 0;
            for (int i = 0; i < length; i += 2) {
                sum += Short.toUnsignedInt(buffer.getShort(from + i));
            }
            sum = (sum & 0xffff) + (sum >>> 16);
            buffer.putShort(at, (short) ~(sum + (sum >>> 16)));
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

    ScriptedLink(Script script) {
        this.script = script;
        run("ip link add sw0 index " + NEAR_INDEX + " type veth peer name sw1 index " + FAR_INDEX + " address "
                + text(FAR_ADDRESS) + "; ip addr add 198.18.30.1/24 dev sw0; ip link set sw1 up; ip link set sw0 up");
        routes();
        LibC.load();
        fd = openSocket(ETH_P_ALL, FAR_INDEX);
        thread = new Thread(this::serve, "scripted-link");
        thread.setDaemon(true);
        thread.start();
    }

    private int openSocket(int protocol, int index) {
        int opened = LibC.socket(Packet.AF_PACKET, Socket.SOCK_RAW | Socket.SOCK_CLOEXEC | Socket.SOCK_NONBLOCK, 0);
        Packet.putAddress(memory.buffer(), protocol, index);
        if (opened < 0 || LibC.bind(opened, memory.address(), Packet.ADDRESS_SIZE) < 0) {
            throw new AssertionError("packet socket: " + Errno.describe(LibC.errno()));
        }
        return opened;
    }

    /** What the script sends from now on arrives by another link. Before the first request. */
    void answerByAnotherLink() {
        run("ip link add sw2 index " + OTHER_NEAR_INDEX + " type veth peer name sw3 index " + OTHER_FAR_INDEX
                + "; ip link set sw3 up; ip link set sw2 up");
        otherFd = openSocket(0, OTHER_FAR_INDEX);
    }

    /** The kernel learns the router's address by ARP, as it does everywhere. */
    void learnRouter() {
        run("ip neigh replace 198.18.30.254 lladdr " + text(address) + " dev sw0 nud stale");
    }

    /** The router gets another hardware address, and tells nobody. */
    void moveRouterSilently() {
        address = new byte[] {2, 0, 0, 0, 0, 0x78};
    }

    /** Nobody has the router's address any more. */
    void leave() {
        address = new byte[HARDWARE_ADDRESS];
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
            if (length < ARP) {
                LockSupport.parkNanos(50_000);
                continue;
            }
            byte[] octets = new byte[length];
            memory.buffer().get(0, octets);
            int etherType = ByteBuffer.wrap(octets).getShort(ETHERNET - 2);
            if (etherType != Packet.ETH_P_IP || length < DATA) {
                if (etherType == ETHER_TYPE_ARP) {
                    answerArp(octets);
                }
                continue;
            }
            Frame frame = new Frame(octets);
            boolean isForUs = ByteBuffer.wrap(octets, 0, HARDWARE_ADDRESS).equals(ByteBuffer.wrap(address));
            if (isForUs && octets[IP] == 0x45 && octets[IP + 9] == 1 && octets[ICMP] == 8) {
                script.take(this, frame);
            }
        }
    }

    /** RFC 826: answers a request for the router's address that is sent to it, or to everybody. */
    private void answerArp(byte[] request) {
        boolean toAll = request[0] == -1;
        boolean toUs = ByteBuffer.wrap(request, 0, HARDWARE_ADDRESS).equals(ByteBuffer.wrap(address));
        ByteBuffer asked = ByteBuffer.wrap(request);
        boolean isGone = address[0] == 0;
        if (isGone
                || !(toAll || toUs)
                || asked.getShort(ETHERNET + 6) != 1
                || (asked.getInt(ARP_TARGET_IP) & -4) != (ROUTER & -4)) {
            return;
        }
        byte[] reply = request.clone();
        System.arraycopy(request, HARDWARE_ADDRESS, reply, 0, HARDWARE_ADDRESS);
        System.arraycopy(address, 0, reply, HARDWARE_ADDRESS, HARDWARE_ADDRESS);
        reply[ETHERNET + 7] = 2;
        System.arraycopy(address, 0, reply, ARP_SENDER, HARDWARE_ADDRESS);
        System.arraycopy(request, ARP_TARGET_IP, reply, ARP_SENDER_IP, 4);
        System.arraycopy(request, ARP_SENDER, reply, ARP_TARGET, HARDWARE_ADDRESS + 4);
        memory.buffer().put(0, reply);
        var unused = LibC.write(fd, memory.address(), reply.length);
    }

    /** {@return the report of a sweep that this link carries} */
    SweepReport report(Sweep.Builder sweep) throws EchoUnavailableException, IOException {
        return sweep.start().report().join();
    }

    /** {@return the socket of the far end, which the link closes} */
    int socket() {
        return fd;
    }

    /** Adds a route of this namespace. */
    void addRoute(String route) {
        run("ip route add " + route);
    }

    /** Sends a frame to the sweeping end; only for the script. */
    void send(Frame frame) {
        memory.buffer().put(0, frame.octets);
        // A link that is down refuses it.
        var unused = LibC.write(otherFd < 0 ? fd : otherFd, memory.address(), frame.octets.length);
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
        if (otherFd >= 0) {
            LibC.close(otherFd);
            run("ip link del sw2");
        }
        run("ip link del sw0");
    }
}
