// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import com.sun.jna.Memory;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Sets interfaces, addresses and routes of this network namespace: rtnetlink(7), without the program ip(8). */
final class Netlink implements AutoCloseable {
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_DELROUTE = 25;
    private static final int NLMSG_ERROR = 2;
    private static final int NLM_F_REQUEST_ACK = 0x5;
    private static final int NLM_F_REPLACE_CREATE = 0x500;

    private static final int NLMSG_HEADER = 16;
    private static final int NLMSG_TYPE = 4;
    private static final int BUFFER = 4_096;

    private static final int IFF_UP = 1;
    private static final short IFLA_MTU = 4;
    private static final short IFLA_TXQLEN = 13;
    private static final short IFA_ADDRESS = 1;
    private static final short IFA_LOCAL = 2;
    // No duplicate address detection: there is no other host, and a tentative address cannot be a source.
    private static final byte IFA_F_NODAD = 2;
    private static final short RTA_DST = 1;
    private static final short RTA_OIF = 4;
    private static final short RTA_PREFSRC = 7;
    private static final byte RT_TABLE_MAIN = (byte) 254;
    private static final byte RTPROT_STATIC = 4;
    private static final byte RT_SCOPE_LINK = (byte) 253;
    private static final byte RTN_UNICAST = 1;

    private final int fd;
    private final Memory memory = new Memory(BUFFER);
    private final ByteBuffer bytes = memory.getByteBuffer(0, BUFFER).order(ByteOrder.nativeOrder());
    private int sequence;

    private Netlink(int fd) {
        this.fd = fd;
    }

    static Netlink open() throws LabUnavailableException {
        return new Netlink(LibC.check(
                LibC.socket(LibC.AF_NETLINK, LibC.SOCK_RAW | LibC.O_CLOEXEC, 0), "opening a netlink socket"));
    }

    /** Brings an interface up and leaves all else as it is. */
    void up(int index) throws LabUnavailableException {
        begin(RTM_NEWLINK, 0);
        link(index);
        commit("bringing interface " + index + " up");
    }

    /** Brings an interface up with an MTU in bytes and a transmit queue in packets. */
    void up(int index, int mtu, int queueLength) throws LabUnavailableException {
        begin(RTM_NEWLINK, 0);
        link(index);
        attribute(IFLA_MTU, mtu);
        attribute(IFLA_TXQLEN, queueLength);
        commit("bringing interface " + index + " up");
    }

    /** Gives an interface an address, with a prefix of the full length. */
    void address(int index, InetAddress address) throws LabUnavailableException {
        byte[] raw = address.getAddress();
        begin(RTM_NEWADDR, NLM_F_REPLACE_CREATE);
        bytes.put(family(address))
                .put((byte) (raw.length * Byte.SIZE))
                .put(IFA_F_NODAD)
                .put((byte) 0);
        bytes.putInt(index);
        attribute(IFA_LOCAL, raw);
        attribute(IFA_ADDRESS, raw);
        commit("adding the address " + address.getHostAddress());
    }

    /** Routes a prefix to an interface; {@code source} is what unbound sockets send from. */
    void route(int index, InetAddress prefix, int prefixLength, InetAddress source) throws LabUnavailableException {
        begin(RTM_NEWROUTE, NLM_F_REPLACE_CREATE);
        routeTo(index, prefix, prefixLength);
        attribute(RTA_PREFSRC, source.getAddress());
        commit("adding the route to " + prefix.getHostAddress() + "/" + prefixLength);
    }

    /** Removes the route to a prefix, and with it what the kernel has learned about paths there. */
    void removeRoute(int index, InetAddress prefix, int prefixLength) throws LabUnavailableException {
        begin(RTM_DELROUTE, 0);
        routeTo(index, prefix, prefixLength);
        commit("removing the route to " + prefix.getHostAddress() + "/" + prefixLength);
    }

    private void routeTo(int index, InetAddress prefix, int prefixLength) {
        bytes.put(family(prefix)).put((byte) prefixLength).put((byte) 0).put((byte) 0);
        bytes.put(RT_TABLE_MAIN).put(RTPROT_STATIC);
        bytes.put(prefix instanceof Inet4Address ? RT_SCOPE_LINK : 0).put(RTN_UNICAST);
        bytes.putInt(0);
        attribute(RTA_DST, prefix.getAddress());
        attribute(RTA_OIF, index);
    }

    private void begin(int type, int flags) {
        sequence++;
        bytes.clear();
        bytes.putInt(0).putShort((short) type).putShort((short) (NLM_F_REQUEST_ACK | flags));
        bytes.putInt(sequence).putInt(0);
    }

    private void link(int index) {
        bytes.putInt(0).putInt(index).putInt(IFF_UP).putInt(IFF_UP);
    }

    private void attribute(short type, int value) {
        bytes.putShort((short) (2 * Short.BYTES + Integer.BYTES)).putShort(type).putInt(value);
    }

    // Addresses have 4 or 16 bytes, so they are aligned to four, as rtnetlink(3) requires.
    private void attribute(short type, byte[] value) {
        bytes.putShort((short) (2 * Short.BYTES + value.length)).putShort(type).put(value);
    }

    private void commit(String what) throws LabUnavailableException {
        bytes.putInt(0, bytes.position());
        LibC.check((int) LibC.write(fd, LibC.address(memory), bytes.position()), what);
        LibC.check((int) LibC.read(fd, LibC.address(memory), BUFFER), what);
        int error = bytes.getInt(NLMSG_HEADER);
        if (bytes.getShort(NLMSG_TYPE) != NLMSG_ERROR || error != 0) {
            throw LabUnavailableException.systemCall(what, -error);
        }
    }

    private static byte family(InetAddress address) {
        return (byte) (address instanceof Inet4Address ? LibC.AF_INET : LibC.AF_INET6);
    }

    @Override
    public void close() {
        LibC.close(fd);
        memory.close();
    }
}
