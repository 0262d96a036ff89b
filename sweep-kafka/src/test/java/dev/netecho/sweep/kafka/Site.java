// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Packet;
import dev.netecho.linux.libc.Socket;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A namespace for a worker, with a way to the broker and to the hosts 198.18.32.0/22. This process answers for two
 * thirds of them, and keeps a ledger.
 *
 * <pre>
 *   the worker's namespace                this namespace
 *   sk0  10.99.N.2/30 ------------------- skN  10.99.N.1/30, behind it 10.99.0.1 and the hosts
 * </pre>
 */
final class Site implements AutoCloseable {
    private static final int ROOM = 2_048;
    private static final int HARDWARE_ADDRESS = 6;
    private static final int IP = 14;
    private static final int ICMP = IP + 20;
    private static final int HOSTS = 0xc6122000;
    private static final int MASK = 0xfffffc00;

    private final Process holder;
    private final NativeMemory memory = NativeMemory.allocate(ROOM);
    private final int fd;
    private final Thread thread;
    private final BitSet asked = new BitSet();
    private final BitSet replied = new BitSet();
    private final List<Process> workers = new ArrayList<>();
    private volatile boolean closed;

    Site(int number) throws Exception {
        holder = Commands.builder(List.of("unshare", "-n", "sh", "-c", "echo ready; exec cat"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (holder.getInputStream().read() != 'r') {
            throw new AssertionError("unshare -n could not make a network namespace");
        }
        String near = "10.99." + number + ".1";
        Commands.sh("echo 0 > /proc/sys/net/ipv4/ip_forward; ip link add sk" + number
                + " type veth peer name sk0 netns " + holder.pid() + "; ip addr add " + near + "/30 dev sk" + number
                + "; ip link set sk" + number + " up");
        Commands.run(inside(List.of(
                "sh",
                "-ec",
                "ip link set lo up; ip addr add 10.99." + number + ".2/30 dev sk0; ip link set sk0 up; ip route add "
                        + Broker.ADDRESS + " via " + near + "; ip route add 198.18.32.0/22 via " + near)));
        LibC.load();
        fd = LibC.socket(Packet.AF_PACKET, Socket.SOCK_RAW | Socket.SOCK_CLOEXEC | Socket.SOCK_NONBLOCK, 0);
        Packet.putAddress(
                memory.buffer(),
                Packet.ETH_P_IP,
                NetworkInterface.getByName("sk" + number).getIndex());
        if (fd < 0 || LibC.bind(fd, memory.address(), Packet.ADDRESS_SIZE) < 0) {
            throw new AssertionError("packet socket: " + Errno.describe(LibC.errno()));
        }
        thread = new Thread(this::serve, "site-" + number);
        thread.setDaemon(true);
        thread.start();
    }

    static boolean isAlive(int host) {
        return host % 3 != 0;
    }

    private List<String> inside(List<String> command) {
        List<String> whole = new ArrayList<>(List.of("nsenter", "-t", Long.toString(holder.pid()), "-n", "--"));
        whole.addAll(command);
        return whole;
    }

    /** {@return a new worker in this namespace} */
    Process worker(Broker broker, String location, String name, Path log) throws Exception {
        Process worker = Commands.builder(
                        inside(Commands.java(64, WorkerProgram.class.getName(), broker.server(), location, name)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        workers.add(worker);
        return worker;
    }

    /** {@return who was asked here; host 0 is 198.18.32.0} */
    synchronized BitSet asked() {
        return (BitSet) asked.clone();
    }

    /** {@return who replied here} */
    synchronized BitSet replied() {
        return (BitSet) replied.clone();
    }

    private void serve() {
        while (!closed) {
            int length = (int) LibC.read(fd, memory.address(), ROOM);
            if (length <= 0) {
                LockSupport.parkNanos(200_000);
                continue;
            }
            byte[] frame = new byte[length];
            memory.buffer().get(0, frame);
            if (length > ICMP + 8 && frame[IP] == 0x45 && frame[IP + 9] == 1 && frame[ICMP] == 8) {
                int destination = ByteBuffer.wrap(frame).getInt(IP + 16);
                if ((destination & MASK) == HOSTS) {
                    take(frame, destination & ~MASK);
                }
            }
        }
    }

    private synchronized void take(byte[] frame, int host) {
        asked.set(host);
        if (!isAlive(host)) {
            return;
        }
        replied.set(host);
        byte[] reply = frame.clone();
        System.arraycopy(frame, 0, reply, HARDWARE_ADDRESS, HARDWARE_ADDRESS);
        System.arraycopy(frame, HARDWARE_ADDRESS, reply, 0, HARDWARE_ADDRESS);
        System.arraycopy(frame, IP + 12, reply, IP + 16, 4);
        System.arraycopy(frame, IP + 16, reply, IP + 12, 4);
        reply[ICMP] = 0;
        // RFC 1624: type 8 became 0.
        ByteBuffer octets = ByteBuffer.wrap(reply);
        int sum = (octets.getShort(ICMP + 2) & 0xffff) + 0x0800;
        octets.putShort(ICMP + 2, (short) (sum + (sum >> 16)));
        memory.buffer().put(0, reply);
        var unused = LibC.write(fd, memory.address(), reply.length);
    }

    @Override
    public void close() {
        for (Process worker : workers) {
            Commands.end(worker);
        }
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LibC.close(fd);
        memory.close();
        Commands.end(holder);
    }
}
