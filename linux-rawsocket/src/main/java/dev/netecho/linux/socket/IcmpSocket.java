// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import dev.netecho.IpVersion;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.Icmp;
import dev.netecho.linux.libc.IcmpFilterProgram;
import dev.netecho.linux.libc.IcmpTypeFilter;
import dev.netecho.linux.libc.Ifreq;
import dev.netecho.linux.libc.Ip;
import dev.netecho.linux.libc.Ipv6;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.Meminfo;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.SockFprog;
import dev.netecho.linux.libc.SockaddrIn;
import dev.netecho.linux.libc.SockaddrIn6;
import dev.netecho.linux.libc.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** One open ICMP socket. Owns its descriptor and a little native memory until {@link #close}. Not thread-safe. */
public final class IcmpSocket implements AutoCloseable {
    /** Identifiers of a raw socket, an aligned block so that one filter instruction knows them all. */
    public static final int RAW_IDENTIFIERS = 16;

    /** More than the largest receive buffer of a new socket holds. */
    private static final int MOST_BEFORE_FILTERS = 1 << 20;

    private static final int SCRATCH = SocketProof.ROOM;

    /** In the scratch memory, behind every result: its size, for the calls that ask for it. */
    private static final int RESULT_SIZE = 64;

    private final SocketKind kind;
    private final IpVersion version;
    private final NativeMemory scratch;
    private final int fd;
    final SocketProof proof;
    private int identifier;
    private boolean ownsIdentifiers;
    private int receiveCapacity;
    private boolean dontFragment;
    private boolean stampsArrivals;
    private boolean stampsDepartures;
    private boolean tellsExtensions;
    private boolean marks;
    private boolean closed;

    @Nullable
    private String boundInterface;

    @Nullable
    private SocketAddress boundSource;

    private IcmpSocket(SocketKind kind, IpVersion version, NativeMemory scratch, int fd) {
        this.kind = kind;
        this.version = version;
        this.scratch = scratch;
        this.fd = fd;
        this.proof = new SocketProof(kind, version, scratch, fd);
    }

    /**
     * Opens a datagram socket whose identifier no other process can take.
     *
     * @param version the family
     * @param dontFragment whether packets must not be fragmented
     * @param source the address to bind to, or null for any
     * @param settings what the operator chose
     * @return the socket
     * @throws SystemCallException if the system refuses; nothing is left open
     */
    public static IcmpSocket openDatagram(
            IpVersion version, boolean dontFragment, @Nullable SocketAddress source, SocketSettings settings)
            throws SystemCallException {
        IcmpSocket socket = create(SocketKind.DATAGRAM, version);
        try {
            // SPEC MAT-5. Ping sockets start with SO_REUSEADDR set: another process could bind the same identifier and
            // would get all replies. It is cleared before the bind, so that there is no moment without protection.
            socket.set(Socket.SOL_SOCKET, Socket.SO_REUSEADDR, 0, "SO_REUSEADDR");
            socket.configure(settings);
            if (version == IpVersion.V4) {
                socket.set(Ip.IPPROTO_IP, Ip.IP_RECVERR, 1, "IP_RECVERR");
                socket.set(Ip.IPPROTO_IP, Ip.IP_RECVTTL, 1, "IP_RECVTTL");
                socket.tellsExtensions = socket.trySet(Ip.IPPROTO_IP, Ip.IP_RECVERR_RFC4884, 1) == 0;
            } else {
                socket.set(Ipv6.IPPROTO_IPV6, Ipv6.IPV6_RECVERR, 1, "IPV6_RECVERR");
                socket.tellsExtensions = socket.trySet(Ipv6.IPPROTO_IPV6, Ipv6.IPV6_RECVERR_RFC4884, 1) == 0;
            }
            socket.switchDontFragment(dontFragment);
            socket.bind(source);
            socket.identifier = socket.boundIdentifier();
            socket.proof.prove();
            return socket;
        } catch (SystemCallException | RuntimeException | Error e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Opens a raw socket with identifiers that no other raw socket of this process has.
     *
     * @param version the family
     * @param source the address to bind to, or null for any
     * @param settings what the operator chose
     * @return the socket
     * @throws SystemCallException if the system refuses; nothing is left open
     * @throws IllegalStateException if no identifiers are left
     */
    public static IcmpSocket openRaw(IpVersion version, @Nullable SocketAddress source, SocketSettings settings)
            throws SystemCallException {
        IdentifierBlocks blocks = IdentifierBlocks.of(version);
        int first = blocks.take(new SecureRandom(), System.nanoTime());
        try {
            IcmpSocket socket = openRaw(version, first, source, settings);
            socket.ownsIdentifiers = true;
            return socket;
        } catch (SystemCallException | RuntimeException | Error e) {
            blocks.giveBackUnused(first);
            throw e;
        }
    }

    /**
     * Opens a raw socket that receives only what belongs to its identifiers.
     *
     * <p>IP(V6)_RECVERR stays off: on a raw socket it would deliver the errors of every process, and our own twice.
     *
     * @param version the family
     * @param firstIdentifier the first of {@value #RAW_IDENTIFIERS} identifiers, a multiple of that number
     * @param source the address to bind to, or null for any
     * @param settings what the operator chose
     * @return the socket
     * @throws SystemCallException if the system refuses; nothing is left open
     */
    public static IcmpSocket openRaw(
            IpVersion version, int firstIdentifier, @Nullable SocketAddress source, SocketSettings settings)
            throws SystemCallException {
        IcmpSocket socket = create(SocketKind.RAW, version);
        try {
            socket.attachFilters(firstIdentifier);
            if (source != null) {
                socket.bind(source);
            }
            socket.discardReceived();
            socket.configure(settings);
            socket.switchDontFragment(false);
            socket.identifier = firstIdentifier;
            socket.tellsExtensions = true; // it reads the whole message
            socket.proof.prove();
            return socket;
        } catch (SystemCallException | RuntimeException | Error e) {
            socket.close();
            throw e;
        }
    }

    /** {@return the source that it is bound to, with the interface index at that time; null if none} */
    public @Nullable SocketAddress boundSource() {
        return boundSource;
    }

    /** {@return the call that opens such a socket, as an operator would look it up} */
    public static String openingCall(SocketKind kind, IpVersion version) {
        return version == IpVersion.V4
                ? "socket(AF_INET, " + kind.typeName + ", IPPROTO_ICMP)"
                : "socket(AF_INET6, " + kind.typeName + ", IPPROTO_ICMPV6)";
    }

    /** Opens one that is not set up yet. */
    static IcmpSocket create(SocketKind kind, IpVersion version) throws SystemCallException {
        LibC.load();
        NativeMemory scratch = NativeMemory.allocate(SCRATCH);
        int fd = -1;
        try {
            fd = LibC.socket(
                    version == IpVersion.V4 ? Socket.AF_INET : Socket.AF_INET6,
                    // SPEC END-4. CLOEXEC: a copy of the descriptor in a child process would keep epoll reporting it
                    // after close().
                    kind.type | Socket.SOCK_NONBLOCK | Socket.SOCK_CLOEXEC,
                    version == IpVersion.V4 ? Icmp.IPPROTO_ICMP : Icmp.IPPROTO_ICMPV6);
            if (fd < 0) {
                throw new SystemCallException(openingCall(kind, version), LibC.errno());
            }
            return new IcmpSocket(kind, version, scratch, fd);
        } catch (SystemCallException | RuntimeException | Error e) {
            // No object owns the descriptor yet.
            if (fd >= 0) {
                LibC.close(fd);
            }
            scratch.close();
            throw e;
        }
    }

    /** {@return the descriptor; only {@link #close} closes it} */
    public int fd() {
        return fd;
    }

    /** {@return datagram or raw} */
    public SocketKind kind() {
        return kind;
    }

    /** {@return the family} */
    public IpVersion version() {
        return version;
    }

    /** {@return the ICMP identifier, or the first of a raw socket's block} */
    public int identifier() {
        return identifier;
    }

    /** {@return the receive buffer in bytes as the kernel counts it ("truesize"), read back after asking} */
    public int receiveCapacity() {
        return receiveCapacity;
    }

    /** {@return whether the kernel stamps packets when they arrive} */
    public boolean stampsArrivals() {
        return stampsArrivals;
    }

    /** {@return whether single packets may be stamped when they leave, see {@link SendBatch#askForDeparture}} */
    public boolean stampsDepartures() {
        return stampsDepartures;
    }

    /** {@return whether this process may mark packets} */
    public boolean marks() {
        return marks;
    }

    /** {@return whether one can tell where the extension of an ICMP error begins (RFC 4884); from Linux 5.9 on} */
    public boolean tellsExtensions() {
        return tellsExtensions;
    }

    /**
     * Changes whether the next packets may be fragmented.
     *
     * <p>Off is IP_PMTUDISC_OMIT. Like DONT it sends without DF. But with DONT, Linux keeps a router's "fragmentation
     * needed" from a datagram socket (ping_err() in net/ipv4/ping.c; measured on 6.18), and the request would time out
     * without a reason. On is PROBE: the kernel does not apply the path MTU that it has learned, so every probe leaves,
     * and the router that refuses it is named each time.
     *
     * @param wanted whether packets must not be fragmented
     * @throws SystemCallException if the system refuses
     */
    public void setDontFragment(boolean wanted) throws SystemCallException {
        if (wanted != dontFragment) {
            switchDontFragment(wanted);
        }
    }

    /** {@return the mode of the next packets} */
    public boolean isDontFragment() {
        return dontFragment;
    }

    private void switchDontFragment(boolean wanted) throws SystemCallException {
        if (version == IpVersion.V4) {
            int mode = wanted ? Ip.IP_PMTUDISC_PROBE : Ip.IP_PMTUDISC_OMIT;
            int errno = -trySet(Ip.IPPROTO_IP, Ip.IP_MTU_DISCOVER, mode);
            if (errno != 0) { // before Linux 3.14 there is no OMIT
                mode = wanted ? mode : Ip.IP_PMTUDISC_DONT;
                set(Ip.IPPROTO_IP, Ip.IP_MTU_DISCOVER, mode, "IP_MTU_DISCOVER");
            }
        } else {
            // IPv6 routers never fragment: off means that this host fragments to the path MTU once a router has
            // reported it.
            int mode = wanted ? Ip.IP_PMTUDISC_PROBE : Ip.IP_PMTUDISC_WANT;
            set(Ipv6.IPPROTO_IPV6, Ipv6.IPV6_MTU_DISCOVER, mode, "IPV6_MTU_DISCOVER");
            set(Ipv6.IPPROTO_IPV6, Ipv6.IPV6_DONTFRAG, wanted ? 1 : 0, "IPV6_DONTFRAG");
        }
        dontFragment = wanted;
    }

    /**
     * {@return how many packets were lost to this socket's full receive buffer, an unsigned counter that wraps; -1 if
     * it cannot be read}
     *
     * <p>SO_MEMINFO works on both kinds and without privileges; SO_RXQ_OVFL is never delivered on ping sockets.
     */
    public long drops() {
        return readMeminfo() ? Integer.toUnsignedLong(Meminfo.drops(scratch.buffer(), 0)) : -1;
    }

    /** {@return the bytes of the receive buffer that unread packets take; -1 if the system does not say} */
    public int queuedBytes() {
        return readMeminfo() ? Meminfo.rmemAlloc(scratch.buffer(), 0) : -1;
    }

    /**
     * {@return whether the send buffer is known to be so empty that the kernel calls the socket writable} Then EAGAIN
     * of a send is not the socket's own: sock_alloc_send_pskb (net/core/sock.c) says so where the buffer is full, and
     * EPOLLOUT comes at half of it (sock_writeable, include/net/sock.h).
     */
    public boolean hasRoomToSend() {
        return readMeminfo() && Meminfo.wmemAlloc(scratch.buffer(), 0) < Meminfo.sndbuf(scratch.buffer(), 0) >> 1;
    }

    private boolean readMeminfo() {
        return tryGet(Socket.SO_MEMINFO, Meminfo.SIZE);
    }

    private void configure(SocketSettings settings) throws SystemCallException {
        if (!settings.interfaceName().isEmpty()) {
            bindToDevice(settings.interfaceName());
        }
        if (settings.mark() != 0) {
            set(Socket.SOL_SOCKET, Socket.SO_MARK, settings.mark(), "SO_MARK");
        }
        // To set what is set already changes nothing, and needs the same privilege.
        marks = trySet(Socket.SOL_SOCKET, Socket.SO_MARK, settings.mark()) == 0;
        if (version == IpVersion.V6) {
            set(Ipv6.IPPROTO_IPV6, Ipv6.IPV6_RECVHOPLIMIT, 1, "IPV6_RECVHOPLIMIT");
        }
        // A system that cannot (qemu-user) costs accuracy, not truth: TimestampSource and the uncertainty say so.
        stampsArrivals = trySet(Socket.SOL_SOCKET, Socket.SO_TIMESTAMPNS, 1) == 0;
        // This alone stamps nothing. The stamp comes in the form of SO_TIMESTAMPNS, so not without it, and not on
        // gVisor.
        stampsDepartures = stampsArrivals
                && trySet(Socket.SOL_SOCKET, Socket.SO_TIMESTAMPING, Socket.SOF_TIMESTAMPING_OPT_TSONLY) == 0;
        enlarge(Socket.SO_RCVBUFFORCE, Socket.SO_RCVBUF, settings.receiveBuffer());
        if (get(Socket.SO_SNDBUF, "SO_SNDBUF") / 2 < settings.receiveBuffer()) {
            // Never smaller than the system has it: the largest packet must fit (ENOBUFS otherwise, for ever).
            enlarge(Socket.SO_SNDBUFFORCE, Socket.SO_SNDBUF, settings.receiveBuffer());
        }
        receiveCapacity = get(Socket.SO_RCVBUF, "SO_RCVBUF");
    }

    /** The FORCE form needs CAP_NET_ADMIN and may exceed rmem_max; the plain one is silently cut to it. */
    private void enlarge(int forced, int plain, int bytes) {
        if (trySet(Socket.SOL_SOCKET, forced, bytes) < 0) {
            // The result is read back and respected, so a refusal costs speed, not truth.
            trySet(Socket.SOL_SOCKET, plain, bytes);
        }
    }

    /** {@return whether it is bound to an interface} */
    public boolean isBoundToInterface() {
        return boundInterface != null;
    }

    /**
     * {@return whether the interface that it is bound to is gone, or has another name} The kernel binds to the index
     * (socket(7), SO_BINDTODEVICE), and only a privileged process may bind anew. So this socket sends by the old
     * interface, or not at all, whatever interface has the name now.
     */
    public boolean hasLostInterface() {
        String wanted = boundInterface;
        if (wanted == null) {
            return false;
        }
        if (!tryGet(Socket.SO_BINDTODEVICE, Ifreq.IFNAMSIZ)) {
            return LibC.errno() == Errno.ENODEV;
        }
        String current = Ifreq.name(scratch.buffer());
        if (current.equals(wanted)) {
            return false;
        }
        // An interface may have several names (ip-link(8), altname); the kernel tells the first one.
        int index = interfaceIndex(wanted);
        return index >= 0 && index != interfaceIndex(current);
    }

    /** {@return the index of the interface with a name; 0 if there is none, -1 if the system does not say} */
    private int interfaceIndex(String name) {
        ByteBuffer buffer = scratch.buffer();
        for (int at = 0; at < Ifreq.SIZE; at += Long.BYTES) {
            buffer.putLong(at, 0);
        }
        Ifreq.putName(buffer, name);
        if (LibC.ioctl(fd, Ifreq.SIOCGIFINDEX, scratch.address()) == 0) {
            return Ifreq.index(buffer);
        }
        return LibC.errno() == Errno.ENODEV ? 0 : -1;
    }

    private void bindToDevice(String name) throws SystemCallException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= Ifreq.IFNAMSIZ) {
            // No interface has such a name, and the kernel would take its beginning for another's.
            throw new SystemCallException("setsockopt(SO_BINDTODEVICE, \"" + name + "\")", Errno.ENODEV);
        }
        scratch.buffer().put(0, bytes);
        if (LibC.setsockopt(fd, Socket.SOL_SOCKET, Socket.SO_BINDTODEVICE, scratch.address(), bytes.length) < 0) {
            throw new SystemCallException("setsockopt(SO_BINDTODEVICE, \"" + name + "\")", LibC.errno());
        }
        boundInterface = name;
    }

    private void bind(@Nullable SocketAddress source) throws SystemCallException {
        ByteBuffer buffer = scratch.buffer();
        SocketAddress from = source == null ? SocketAddress.any(version) : source;
        int size = from.put(buffer, 0, 0);
        if (LibC.bind(fd, scratch.address(), size) < 0) {
            throw new SystemCallException("bind(" + from + ", 0)", LibC.errno());
        }
        boundSource = source;
    }

    private int boundIdentifier() throws SystemCallException {
        ByteBuffer buffer = scratch.buffer();
        buffer.putInt(RESULT_SIZE, SockaddrIn6.SIZE);
        if (LibC.getsockname(fd, scratch.address(), scratch.address() + RESULT_SIZE) < 0) {
            throw new SystemCallException("getsockname", LibC.errno());
        }
        return version == IpVersion.V4 ? SockaddrIn.port(buffer, 0) : SockaddrIn6.port(buffer, 0);
    }

    private void attachFilters(int firstIdentifier) throws SystemCallException {
        // Types first: fewer packets come in before the second filter is set.
        boolean four = version == IpVersion.V4;
        if (four) {
            IcmpTypeFilter.putIcmpFilter(scratch.buffer(), 0);
        } else {
            IcmpTypeFilter.putIcmp6Filter(scratch.buffer(), 0);
        }
        int size = four ? IcmpTypeFilter.ICMP_FILTER_SIZE : IcmpTypeFilter.ICMP6_FILTER_SIZE;
        int level = four ? Icmp.SOL_RAW : Icmp.IPPROTO_ICMPV6;
        int option = four ? Icmp.ICMP_FILTER : Icmp.ICMP6_FILTER;
        if (LibC.setsockopt(fd, level, option, scratch.address(), size) < 0) {
            throw new SystemCallException("setsockopt(" + (four ? "ICMP_FILTER" : "ICMP6_FILTER") + ")", LibC.errno());
        }
        int mask = 0xffff & -RAW_IDENTIFIERS;
        try (NativeMemory program = SockFprog.allocate(
                four ? IcmpFilterProgram.v4(firstIdentifier, mask) : IcmpFilterProgram.v6(firstIdentifier, mask))) {
            if (LibC.setsockopt(fd, Socket.SOL_SOCKET, Socket.SO_ATTACH_FILTER, program.address(), SockFprog.SIZE)
                    < 0) {
                throw new SystemCallException("setsockopt(SO_ATTACH_FILTER)", LibC.errno());
            }
        }
    }

    /**
     * Packets that came between socket(2) and the filters belong to others: this socket has sent nothing yet. Bounded
     * by the buffer.
     */
    private void discardReceived() {
        int discarded = 0;
        while (discarded < MOST_BEFORE_FILTERS && LibC.read(fd, scratch.address(), SCRATCH) >= 0) {
            discarded++;
        }
    }

    /** {@return the error with which this process is denied sendmmsg(2) as such; 0 if it is not} */
    public int deniedSending() {
        return proof.deniedSending();
    }

    private void set(int level, int option, int value, String name) throws SystemCallException {
        int errno = -trySet(level, option, value);
        if (errno > 0) {
            throw new SystemCallException("setsockopt(" + name + ", " + value + ")", errno);
        }
    }

    /** {@return 0, or the error number as a negative} */
    private int trySet(int level, int option, int value) {
        scratch.buffer().putInt(0, value);
        return LibC.setsockopt(fd, level, option, scratch.address(), Integer.BYTES) < 0 ? -LibC.errno() : 0;
    }

    private int get(int option, String name) throws SystemCallException {
        if (!tryGet(option, Integer.BYTES)) {
            throw new SystemCallException("getsockopt(" + name + ")", LibC.errno());
        }
        return scratch.buffer().getInt(0);
    }

    /** {@return whether an option's value is now at the beginning of the scratch memory} */
    private boolean tryGet(int option, int size) {
        scratch.buffer().putInt(RESULT_SIZE, size);
        return LibC.getsockopt(fd, Socket.SOL_SOCKET, option, scratch.address(), scratch.address() + RESULT_SIZE) >= 0;
    }

    /** Closes the descriptor and frees the memory; a second call does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LibC.close(fd);
            scratch.close();
            if (ownsIdentifiers) {
                IdentifierBlocks.of(version).giveBack(identifier, System.nanoTime());
            }
        }
    }

    @Override
    public String toString() {
        return kind + " " + version + " identifier " + identifier + " receive buffer " + receiveCapacity
                + (closed ? " closed" : "");
    }
}
