// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import dev.netecho.IpVersion;
import dev.netecho.linux.libc.Cmsghdr;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.Icmp;
import dev.netecho.linux.libc.IcmpFilterProgram;
import dev.netecho.linux.libc.IcmpTypeFilter;
import dev.netecho.linux.libc.Ifreq;
import dev.netecho.linux.libc.Iovec;
import dev.netecho.linux.libc.Ip;
import dev.netecho.linux.libc.Ipv6;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.Meminfo;
import dev.netecho.linux.libc.Mmsghdr;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.SockFprog;
import dev.netecho.linux.libc.SockaddrIn;
import dev.netecho.linux.libc.SockaddrIn6;
import dev.netecho.linux.libc.Socket;
import dev.netecho.packet.IcmpEcho;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One open ICMP socket. Owns its descriptor and a little native memory until {@link #close}. Not thread-safe. */
public final class IcmpSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IcmpSocket.class);

    /** Identifiers of a raw socket, an aligned block so that one filter instruction knows them all. */
    public static final int RAW_IDENTIFIERS = 16;

    private static final int SCRATCH = 256;

    /** Where the message is whose header begins at 0. */
    private static final int SCRATCH_IOVEC = Mmsghdr.SIZE;

    private static final int SCRATCH_DATA = SCRATCH_IOVEC + Iovec.SIZE;

    private static final int SCRATCH_ADDRESS = 160;
    private static final int SCRATCH_CONTROL = 192;

    private static final SocketAddress LOOPBACK_6 = new SocketAddress(IpVersion.V6, 0, 1, 0);

    /** The kernel does not change under a process. */
    private static volatile Obeys datagramsObey = Obeys.UNKNOWN;

    /** More than the largest receive buffer of a new socket holds. */
    private static final int MOST_BEFORE_FILTERS = 1 << 20;

    private final SocketKind kind;
    private final IpVersion version;
    private final NativeMemory scratch;
    private final int fd;
    private int identifier;
    private int receiveCapacity;
    private boolean dontFragment;
    private boolean stampsArrivals;
    private boolean stampsDepartures;
    private boolean closed;
    private boolean boundToInterface;

    @Nullable
    private SocketAddress boundSource;

    private IcmpSocket(SocketKind kind, IpVersion version, NativeMemory scratch, int fd) {
        this.kind = kind;
        this.version = version;
        this.scratch = scratch;
        this.fd = fd;
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
            } else {
                socket.set(Ipv6.IPPROTO_IPV6, Ipv6.IPV6_RECVERR, 1, "IPV6_RECVERR");
            }
            socket.setDontFragment(dontFragment, true);
            socket.bind(source);
            socket.identifier = socket.boundIdentifier();
            socket.prove();
            return socket;
        } catch (SystemCallException | RuntimeException | Error e) {
            socket.close();
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
     * @param settings what the operator chose
     * @return the socket
     * @throws SystemCallException if the system refuses; nothing is left open
     */
    public static IcmpSocket openRaw(IpVersion version, int firstIdentifier, SocketSettings settings)
            throws SystemCallException {
        IcmpSocket socket = create(SocketKind.RAW, version);
        try {
            socket.attachFilters(firstIdentifier);
            socket.discardReceived();
            socket.configure(settings);
            socket.setDontFragment(false, true);
            socket.identifier = firstIdentifier;
            socket.prove();
            return socket;
        } catch (SystemCallException | RuntimeException | Error e) {
            socket.close();
            throw e;
        }
    }

    /**
     * {@return whether the system obeys the hop limit and the traffic class in the control data of an IPv6 packet}
     *
     * <p>Datagram sockets do from Linux 5.18 on; before, they ignore all control data without a word (SPEC REQ-1;
     * measured on 5.10). So one packet with a hop limit of 256 is sent to ::1: what reads it refuses it with EINVAL.
     *
     * @param kind datagram or raw; raw sockets always obey
     */
    public static Obeys obeysIpv6Options(SocketKind kind) {
        if (kind == SocketKind.RAW) {
            return Obeys.YES;
        }
        if (datagramsObey == Obeys.UNKNOWN) {
            // A socket of its own: an old kernel sends the packet, and its reply must not count as unmatched.
            try (IcmpSocket socket = create(SocketKind.DATAGRAM, IpVersion.V6)) {
                datagramsObey = switch (socket.sendImpossibleHopLimit()) {
                    case Errno.EINVAL -> Obeys.YES;
                    // Control data is read before a route is looked up.
                    case 0, Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.EADDRNOTAVAIL -> Obeys.NO;
                    default -> Obeys.UNKNOWN;
                };
            } catch (SystemCallException e) {
                LOG.debug("it is not known whether the kernel obeys the hop limits of IPv6 packets", e);
            }
        }
        return datagramsObey;
    }

    /** Whether a system obeys something. */
    public enum Obeys {
        /** It does. */
        YES,
        /** It ignores it. */
        NO,
        /** The system had no descriptor or memory to find out. */
        UNKNOWN
    }

    private int sendImpossibleHopLimit() {
        ByteBuffer buffer = scratch.buffer();
        long address = scratch.address();
        putMessage(IcmpEcho.HEADER_LENGTH);
        IcmpEcho.putRequest(buffer, SCRATCH_DATA, version, 0, 0);
        int size = LOOPBACK_6.put(buffer, SCRATCH_ADDRESS, 0);
        int end = Cmsghdr.append(buffer, SCRATCH_CONTROL, Ipv6.IPPROTO_IPV6, Ipv6.IPV6_HOPLIMIT, 256);
        Mmsghdr.init(
                buffer,
                0,
                address + SCRATCH_ADDRESS,
                size,
                address + SCRATCH_IOVEC,
                1,
                address + SCRATCH_CONTROL,
                end - SCRATCH_CONTROL);
        return LibC.sendmmsg(fd, address, 1, Socket.MSG_DONTWAIT) < 0 ? LibC.errno() : 0;
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

    private static IcmpSocket create(SocketKind kind, IpVersion version) throws SystemCallException {
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
        setDontFragment(wanted, wanted != dontFragment);
    }

    /** {@return the mode of the next packets} */
    public boolean isDontFragment() {
        return dontFragment;
    }

    private void setDontFragment(boolean wanted, boolean force) throws SystemCallException {
        if (!force) {
            return;
        }
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

    private boolean readMeminfo() {
        scratch.buffer().putInt(Meminfo.SIZE, Meminfo.SIZE);
        return LibC.getsockopt(
                        fd, Socket.SOL_SOCKET, Socket.SO_MEMINFO, scratch.address(), scratch.address() + Meminfo.SIZE)
                >= 0;
    }

    private void configure(SocketSettings settings) throws SystemCallException {
        if (!settings.interfaceName().isEmpty()) {
            bindToDevice(settings.interfaceName());
        }
        if (settings.mark() != 0) {
            set(Socket.SOL_SOCKET, Socket.SO_MARK, settings.mark(), "SO_MARK");
        }
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
        enlarge(Socket.SO_SNDBUFFORCE, Socket.SO_SNDBUF, settings.receiveBuffer());
        receiveCapacity = get(Socket.SO_RCVBUF, "SO_RCVBUF");
    }

    /** The FORCE form needs CAP_NET_ADMIN and may exceed rmem_max; the plain one is silently cut to it. */
    private void enlarge(int forced, int plain, int bytes) {
        if (trySet(Socket.SOL_SOCKET, forced, bytes) < 0) {
            // The result is read back and respected, so a refusal costs speed, not truth.
            trySet(Socket.SOL_SOCKET, plain, bytes);
        }
    }

    /**
     * {@return whether it is bound to an interface that is gone} It sends nothing any more, even if there is a new
     * interface with that name: the kernel binds to the index (socket(7), SO_BINDTODEVICE), and only a privileged
     * process may bind anew. Asked for the name, the kernel then says ENODEV.
     */
    public boolean hasLostInterface() {
        scratch.buffer().putInt(Ifreq.IFNAMSIZ, Ifreq.IFNAMSIZ);
        return boundToInterface
                && LibC.getsockopt(
                                fd,
                                Socket.SOL_SOCKET,
                                Socket.SO_BINDTODEVICE,
                                scratch.address(),
                                scratch.address() + Ifreq.IFNAMSIZ)
                        < 0
                && LibC.errno() == Errno.ENODEV;
    }

    private void bindToDevice(String name) throws SystemCallException {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        scratch.buffer().put(0, bytes);
        if (LibC.setsockopt(fd, Socket.SOL_SOCKET, Socket.SO_BINDTODEVICE, scratch.address(), bytes.length) < 0) {
            throw new SystemCallException("setsockopt(SO_BINDTODEVICE, \"" + name + "\")", LibC.errno());
        }
        boundToInterface = true;
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
        int lengthAt = 64;
        buffer.putInt(lengthAt, SockaddrIn6.SIZE);
        if (LibC.getsockname(fd, scratch.address(), scratch.address() + lengthAt) < 0) {
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

    /**
     * Tries the calls that every request needs: a system-call filter or a security module may deny any one of them. No
     * packet leaves and no route is needed.
     */
    private void prove() throws SystemCallException {
        int errno = deniedSending();
        if (errno != 0) {
            throw new SystemCallException("sendmmsg", errno);
        }
        proveReceiving("recvmmsg", 0);
        if (kind == SocketKind.DATAGRAM) {
            proveReceiving("recvmmsg(MSG_ERRQUEUE)", Socket.MSG_ERRQUEUE);
        }
    }

    /** What may be there belongs to others: this socket has sent nothing yet. */
    private void proveReceiving(String call, int flags) throws SystemCallException {
        putMessage(0);
        int received = LibC.recvmmsg(fd, scratch.address(), 1, flags | Socket.MSG_DONTWAIT, 0);
        int errno = received < 0 ? LibC.errno() : 0;
        if (errno != 0 && errno != Errno.EAGAIN && errno != Errno.EINTR) {
            throw new SystemCallException(call, errno);
        }
    }

    /**
     * {@return the error with which this process is denied sendmmsg(2) as such; 0 if it is not}
     *
     * <p>Tried with a packet that has no destination. A system-call filter or security module denies it first.
     * Otherwise it gets EDESTADDRREQ, before any route or packet filter is checked (measured on Linux 6.18, both kinds
     * and families).
     */
    public int deniedSending() {
        int errno = sendNowhere();
        if (mayBeForeign(errno)) {
            errno = sendNowhere(); // the first call has taken the pending error
        }
        return switch (errno) {
            case Errno.EDESTADDRREQ, Errno.ENOTCONN, Errno.EINVAL, Errno.EAGAIN, Errno.EINTR -> 0;
            default -> errno;
        };
    }

    private int sendNowhere() {
        putMessage(IcmpEcho.HEADER_LENGTH);
        IcmpEcho.putRequest(scratch.buffer(), SCRATCH_DATA, version, 0, 0);
        return LibC.sendmmsg(fd, scratch.address(), 1, Socket.MSG_DONTWAIT) < 0 ? LibC.errno() : 0;
    }

    /** One message without address and control data in the scratch memory. */
    private void putMessage(int length) {
        ByteBuffer buffer = scratch.buffer();
        long address = scratch.address();
        Iovec.put(buffer, SCRATCH_IOVEC, address + SCRATCH_DATA, length);
        Mmsghdr.init(buffer, 0, 0, 0, address + SCRATCH_IOVEC, 1, 0, 0);
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
        ByteBuffer buffer = scratch.buffer();
        buffer.putInt(8, Integer.BYTES);
        if (LibC.getsockopt(fd, Socket.SOL_SOCKET, option, scratch.address(), scratch.address() + 8) < 0) {
            throw new SystemCallException("getsockopt(" + name + ")", LibC.errno());
        }
        return buffer.getInt(0);
    }

    /** Closes the descriptor and frees the memory; a second call does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LibC.close(fd);
            scratch.close();
        }
    }

    @Override
    public String toString() {
        return kind + " " + version + " identifier " + identifier + " receive buffer " + receiveCapacity
                + (closed ? " closed" : "");
    }

    /**
     * {@return whether an error number may be the pending error of another request's ICMP error (ip(7), IP_RECVERR)}
     */
    public static boolean mayBeForeign(int errno) {
        return switch (errno) {
            case Errno.EHOSTUNREACH,
                    Errno.ENETUNREACH,
                    Errno.ECONNREFUSED,
                    Errno.EACCES,
                    Errno.EPROTO,
                    Errno.EMSGSIZE,
                    Errno.EREMOTEIO,
                    Errno.EOPNOTSUPP,
                    Errno.ENOPROTOOPT,
                    Errno.EHOSTDOWN,
                    Errno.ENONET -> true;
            default -> false;
        };
    }
}
