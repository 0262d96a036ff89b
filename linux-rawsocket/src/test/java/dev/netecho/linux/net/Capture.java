// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** What tcpdump, or {@link Sniffer}, sees of ICMP echo, through its standard output in the format pcap-savefile(5). */
final class Capture implements AutoCloseable {
    static final int MAGIC_NANOSECONDS = 0xa1b23c4d;
    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;
    private static final int ETHERNET_HEADER = 14;

    /** tcpdump's own default makes its ring of a few frames of 256 KiB each: a burst does not fit. */
    static final int SNAPLEN = 2_048;

    private static final long SECONDS = 20;

    private final Process process;
    private final Thread reader;
    private final BlockingQueue<Packet> packets = new LinkedBlockingQueue<>();

    /** A captured packet; {@code icmp} is where its ICMP message begins in {@code ip}. */
    record Packet(long nanos, ByteBuffer ip, int icmp) {
        /** The sniffer hands over ARP as well, whose first octets look like the type of a reply. */
        boolean isIcmp() {
            return switch (ip.get(0) >>> 4) {
                case 4 -> ip.get(9) == 1;
                case 6 -> ip.get(6) == 58;
                default -> false;
            };
        }

        boolean isRequest() {
            return ip.get(icmp) == (isIpv6() ? (byte) 128 : 8);
        }

        boolean isReply() {
            return ip.get(icmp) == (isIpv6() ? (byte) 129 : 0);
        }

        boolean isIpv6() {
            return ip.get(0) >>> 4 == 6;
        }

        int identifier() {
            return Short.toUnsignedInt(ip.getShort(icmp + 4));
        }

        int sequence() {
            return Short.toUnsignedInt(ip.getShort(icmp + 6));
        }

        int payloadSize() {
            int total = isIpv6() ? 40 + Short.toUnsignedInt(ip.getShort(4)) : Short.toUnsignedInt(ip.getShort(2));
            return total - icmp - 8;
        }

        int hopLimit() {
            return Byte.toUnsignedInt(ip.get(isIpv6() ? 7 : 8));
        }

        int trafficClass() {
            return isIpv6() ? ip.getInt(0) >>> 20 & 0xff : Byte.toUnsignedInt(ip.get(1));
        }

        boolean dontFragment() {
            return !isIpv6() && (ip.getShort(6) & 0x4000) != 0;
        }

        InetAddress source() throws IOException {
            return isIpv6() ? address(8, 16) : address(12, 4);
        }

        InetAddress destination() throws IOException {
            return isIpv6() ? address(24, 16) : address(16, 4);
        }

        private InetAddress address(int offset, int length) throws IOException {
            byte[] bytes = new byte[length];
            ip.get(offset, bytes);
            return InetAddress.getByAddress(bytes);
        }
    }

    private Capture(Process process) throws IOException {
        this.process = process;
        // The file header comes when the socket is open: from here on nothing is missed.
        DataInputStream pcap = new DataInputStream(process.getInputStream());
        byte[] header = new byte[FILE_HEADER];
        pcap.readFully(header);
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        if (ByteBuffer.wrap(header).order(order).getInt() != MAGIC_NANOSECONDS) {
            order = ByteOrder.BIG_ENDIAN;
        }
        ByteOrder fileOrder = order;
        reader = new Thread(() -> read(pcap, fileOrder), "capture-reader");
        reader.setDaemon(true);
        reader.start();
    }

    /** Captures with tcpdump, which reads each packet at once. A packet that wakes it leaves up to 100 us later. */
    static Capture tcpdump(Namespace in, String device) throws IOException {
        return tcpdump(in, device, "--immediate-mode");
    }

    /** Captures with tcpdump, which reads when 256 KiB are full, or a second after the first packet in them. */
    static Capture patientTcpdump(Namespace in, String device) throws IOException {
        return tcpdump(in, device, "--buffer-size=8192");
    }

    private static Capture tcpdump(Namespace in, String device, String reading) throws IOException {
        Tools.require("tcpdump");
        Assumptions.assumeFalse(
                "user".equals(System.getProperty("netecho.test.namespace")),
                "tcpdump gives up its groups when it is root, which user namespaces forbid: run the tests as root");
        return start(in.inside(
                "tcpdump",
                "-Z",
                "root",
                "-i",
                device,
                "-nUw",
                "-",
                "-s",
                Integer.toString(SNAPLEN),
                reading,
                "--time-stamp-precision=nano",
                "icmp or icmp6"));
    }

    /** Captures with our own sniffer, which has no clock but runs everywhere. */
    static Capture sniffer(Namespace in) throws IOException {
        return start(in.inside(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Sniffer.class.getName()));
    }

    private static Capture start(List<String> command) throws IOException {
        Process process = Tools.builder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return new Capture(process);
        } catch (IOException e) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " ended", e);
        }
    }

    private void read(DataInputStream pcap, ByteOrder order) {
        byte[] header = new byte[RECORD_HEADER];
        try {
            while (true) {
                pcap.readFully(header);
                ByteBuffer fields = ByteBuffer.wrap(header).order(order);
                int length = fields.getInt(8);
                if (length < 0 || length > SNAPLEN) {
                    throw new IOException("a record of " + length + " bytes");
                }
                byte[] frame = new byte[length];
                pcap.readFully(frame);
                accept(fields.getInt(0) * 1_000_000_000L + fields.getInt(4), frame);
            }
        } catch (EOFException e) {
            return; // closed
        } catch (IOException e) {
            if (process.isAlive()) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void accept(long nanos, byte[] frame) {
        if (frame.length < ETHERNET_HEADER + 20) {
            return;
        }
        ByteBuffer ip = ByteBuffer.wrap(frame, ETHERNET_HEADER, frame.length - ETHERNET_HEADER)
                .slice();
        int icmp = ip.get(0) >>> 4 == 6 ? 40 : (ip.get(0) & 0xf) * 4;
        if (ip.limit() >= icmp + 8) {
            Packet packet = new Packet(nanos, ip, icmp);
            if (packet.isIcmp() && (packet.isRequest() || packet.isReply())) {
                packets.add(packet);
            }
        }
    }

    /** {@return the next packets; they must come within 20 seconds} */
    List<Packet> take(int count) throws InterruptedException {
        List<Packet> taken = new ArrayList<>();
        while (taken.size() < count) {
            Packet packet = packets.poll(SECONDS, TimeUnit.SECONDS);
            if (packet == null) {
                throw new AssertionError("seen were " + taken.size() + " packets of " + count);
            }
            taken.add(packet);
        }
        return taken;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(SECONDS, TimeUnit.SECONDS);
            reader.join(TimeUnit.SECONDS.toMillis(SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
