// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import dev.netecho.IcmpErrorKind;
import dev.netecho.IpVersion;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Packet;
import dev.netecho.linux.libc.Socket;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.packet.Ipv4Header;
import dev.netecho.packet.NetworkOrder;
import dev.netecho.packet.ProbeTokens;
import dev.netecho.packet.QuotedEcho;
import dev.netecho.sweep.SweepAnswers;
import dev.netecho.sweep.SweepProbes;
import dev.netecho.sweep.SweepSettings;
import dev.netecho.sweep.SweepWay;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends frames past the queueing discipline, and keeps no state: the payload has the time of sending, under a token of
 * destination and time. Answers are matched by source, identifier, sequence number and token; ICMP errors by what they
 * quote. Not thread-safe.
 */
public final class PacketWay implements SweepWay {
    /** The name of this way. */
    public static final String NAME = "packet";

    /** IPv4 in the upper half of the low number of an address: ::ffff:0:0/96. */
    private static final long MAPPED = 0xffff_0000_0000L;

    private static final int SEND_BUFFER = 4 << 20;
    private static final int IDENTIFIERS = 0x10000;
    private static final int STAMPED = IcmpEcho.HEADER_LENGTH + ProbeFrames.STAMP + Long.BYTES;

    /** Four looks at least come before a probe is settled: the last of them knows of a sign after it was sent. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int LOOKS = 4;
    private static final long DROPS_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** No queue is full for so long. */
    private static final long FULL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A link that carries nothing for so long ends the sweep. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final ProbeTokens tokens;
    private final int identifier;

    /** Keeps the time since the start of this host to itself. */
    private final long stampOrigin;

    private final long coolDownNanos;
    private final long lookNanos;
    private final int sample;
    private final TargetRanges ranges;
    private final RoutingChanges changes;
    private final RouterQuestion question;
    private final QuotedEcho quote = new QuotedEcho();
    private final ProbeFrames frames;
    private final AnswerRing ring;
    private final int fd;
    private NextHop hop;
    private long lookedNanos = System.nanoTime();

    /** Frames that were sent before have reached the router: nothing was sent before the first look. */
    private long confirmedNanos = lookedNanos;

    /** When a probe was sent that somebody has answered: the router forwarded it. */
    private long forwardedNanos = lookedNanos;

    /** What was found out of routes and policies holds no longer. */
    private boolean mustAskRoutes = true;

    private boolean blocked;
    private long blockedNanos;
    private long dropsNanos = lookedNanos;
    private long readNanos;
    private boolean doubt;
    private long doubtSinceNanos;
    private boolean closed;

    private PacketWay(NextHop hop, SweepSettings settings, int blockSize, int blocks) throws IOException {
        SecureRandom random = new SecureRandom();
        this.tokens = new ProbeTokens(random.nextLong(), random.nextLong());
        this.identifier = random.nextInt(IDENTIFIERS);
        this.stampOrigin = random.nextLong() >>> Short.SIZE;
        this.coolDownNanos = settings.coolDown().toNanos();
        this.lookNanos = Math.min(LOOK_NANOS, (coolDownNanos + BUFFERED.toNanos()) / LOOKS);
        this.ranges = new TargetRanges(settings.targets());
        this.sample = (int) ranges.sample();
        this.hop = hop;
        this.frames = new ProbeFrames();
        AnswerRing answers = null;
        RoutingChanges watch = null;
        RouterQuestion asking = null;
        try {
            frames.prepare(hop, identifier);
            watch = RoutingChanges.watch(ranges);
            asking = new RouterQuestion(hop.index());
            answers = new AnswerRing(identifier, blockSize, blocks);
            this.fd = openSender(hop.index());
        } catch (IOException | RuntimeException | Error e) {
            if (answers != null) {
                answers.close();
            }
            if (watch != null) {
                watch.close();
            }
            if (asking != null) {
                asking.close();
            }
            frames.close();
            throw e;
        }
        this.ring = answers;
        this.changes = watch;
        this.question = asking;
        question.ask(hop, false);
    }

    /**
     * {@return a way that is open}
     *
     * @param hop where all targets leave this host
     * @param settings the sweep
     * @throws IOException if the system refuses; the message says what
     */
    public static PacketWay open(NextHop hop, SweepSettings settings) throws IOException {
        return new PacketWay(hop, settings, AnswerRing.BLOCK, AnswerRing.BLOCKS);
    }

    /** With a ring of another size, for tests. */
    static PacketWay open(NextHop hop, SweepSettings settings, int blockSize, int blocks) throws IOException {
        return new PacketWay(hop, settings, blockSize, blocks);
    }

    /**
     * Fails if this process may not open packet sockets.
     *
     * @throws IOException if the system refuses; the message says what
     */
    public static void tryToOpenSocket() throws IOException {
        LibC.close(openSocket());
    }

    /** Protocol 0: it receives nothing. */
    private static int openSocket() throws SystemCallException {
        int opened = LibC.socket(Packet.AF_PACKET, Socket.SOCK_RAW | Socket.SOCK_CLOEXEC, 0);
        if (opened < 0) {
            throw new SystemCallException("socket(AF_PACKET, SOCK_RAW)", LibC.errno());
        }
        return opened;
    }

    private static int openSender(int interfaceIndex) throws SystemCallException {
        int opened = openSocket();
        try (NativeMemory scratch = NativeMemory.allocate(Packet.ADDRESS_SIZE)) {
            scratch.buffer().putInt(0, 1);
            // A kernel without it (Linux 3.13 and older) sends through the queue.
            LibC.setsockopt(opened, Packet.SOL_PACKET, Packet.PACKET_QDISC_BYPASS, scratch.address(), Integer.BYTES);
            scratch.buffer().putInt(0, SEND_BUFFER);
            LibC.setsockopt(opened, Socket.SOL_SOCKET, Socket.SO_SNDBUF, scratch.address(), Integer.BYTES);
            scratch.buffer().putInt(0, 0);
            Packet.putAddress(scratch.buffer(), 0, interfaceIndex);
            if (LibC.bind(opened, scratch.address(), Packet.ADDRESS_SIZE) < 0) {
                throw new SystemCallException("bind(AF_PACKET)", LibC.errno());
            }
            return opened;
        } catch (SystemCallException | RuntimeException | Error e) {
            LibC.close(opened);
            throw e;
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean tellsEveryOutcome() {
        return false;
    }

    @Override
    public boolean tellsDuplicates() {
        return true;
    }

    @Override
    public int send(SweepProbes probes) throws IOException {
        long now = System.nanoTime();
        long stamp = now + stampOrigin;
        for (int i = 0; i < probes.size(); i++) {
            long low = probes.low(i);
            frames.put(i, (int) low, tokens.sequence(0, low), tokens.token(0, low, stamp), stamp);
        }
        int sent = LibC.sendmmsg(fd, frames.address(), probes.size(), Socket.MSG_DONTWAIT);
        if (sent > 0) {
            blocked = false;
            return sent;
        }
        int errno = LibC.errno();
        switch (errno) {
            // No room, or no link: none of them has left.
            case Errno.EAGAIN, Errno.ENOBUFS, Errno.EINTR, Errno.ENETDOWN, Errno.ENXIO, Errno.ENODEV -> {
                if (!blocked) {
                    blocked = true;
                    blockedNanos = now;
                }
                // A queue is soon free again. What a link without a carrier refuses looks the same (dev_direct_xmit).
                if (!(errno == Errno.EAGAIN || errno == Errno.ENOBUFS || errno == Errno.EINTR)
                        || now - blockedNanos > FULL_NANOS) {
                    doubt(Math.min(lookedNanos, blockedNanos));
                }
                if (now - blockedNanos > PATIENCE_NANOS) {
                    throw new IOException(hop.device() + " has sent nothing for "
                            + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS) + " seconds ("
                            + Errno.describe(errno) + "); repair the link, and continue the sweep");
                }
                return 0;
            }
            default -> throw new SystemCallException("sendmmsg(AF_PACKET) on " + hop.device(), errno);
        }
    }

    private void doubt(long sinceNanos) {
        doubtSinceNanos = doubt ? Math.min(doubtSinceNanos, sinceNanos) : sinceNanos;
        doubt = true;
    }

    /**
     * Another router, or another address of it, or no link: what was sent since the last look may have gone nowhere.
     * Nor is a router believed that neither confirms its address nor forwards anything.
     */
    private void lookAtTheHop(long now) throws IOException {
        if (now - lookedNanos < lookNanos) {
            return;
        }
        long before = lookedNanos;
        lookedNanos = now;
        mustAskRoutes |= changes.haveChanged();
        NextHop current = NextHop.now(sample);
        if (current == null) {
            mustAskRoutes = true;
            doubt(Math.min(before, confirmedNanos));
            return;
        }
        if (current.index() != hop.index() || current.source() != hop.source()) {
            doubt(before);
            throw new IOException("the targets are now behind " + current.device() + ", no longer behind "
                    + hop.device() + " with the same source; continue the sweep");
        }
        if (mustAskRoutes || current.gateway() != hop.gateway()) {
            askRoutes(current, before);
        }
        confirmedNanos = Math.max(confirmedNanos, forwardedNanos);
        if (current.isLike(hop)) {
            confirmedNanos = Math.max(confirmedNanos, current.confirmedNanos());
            if (now - confirmedNanos > 2 * lookNanos) {
                doubt(confirmedNanos);
            }
        } else {
            doubt(Math.min(before, confirmedNanos));
            hop = current;
            frames.prepare(hop, identifier);
            confirmedNanos = now;
        }
        question.ask(hop, now - confirmedNanos > lookNanos);
    }

    /** Something changed: perhaps a part of the targets has another way now. */
    private void askRoutes(NextHop current, long before) throws IOException {
        mustAskRoutes = true;
        try {
            long unrouted = Routing.unrouted(ranges, current.index(), current.gateway(), current.source());
            IpsecPolicies.requireNone(ranges, current.source());
            mustAskRoutes = unrouted >= 0;
        } catch (OtherWayException e) {
            doubt(before);
            throw new IOException(e.getMessage() + "; continue the sweep", e);
        } catch (IOException e) {
            // A shortage: the next look asks again.
            mustAskRoutes = true;
        }
        if (mustAskRoutes) {
            doubt(before);
        }
    }

    @Override
    public void receive(SweepAnswers answers, long maxWaitNanos) throws IOException, InterruptedException {
        if (!read(answers) && maxWaitNanos > 0) {
            LockSupport.parkNanos(maxWaitNanos);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            read(answers);
        }
        long now = System.nanoTime();
        if (maxWaitNanos > 0 || now - dropsNanos >= DROPS_NANOS) {
            if (ring.hasDropped()) {
                doubt(dropsNanos);
            }
            dropsNanos = now;
        }
        // Also when all is sent: the last probes may have gone to a router that is no longer there.
        try {
            lookAtTheHop(now);
        } finally {
            if (doubt) {
                doubt = false;
                answers.onDrops(doubtSinceNanos);
            }
        }
    }

    /** {@return whether there was anything} */
    private boolean read(SweepAnswers answers) {
        int block = ring.taken();
        if (block < 0) {
            return false;
        }
        Instant wall = Instant.now();
        readNanos = System.nanoTime();
        long now = readNanos;
        long offset = wall.getEpochSecond() * 1_000_000_000L + wall.getNano() - now;
        // Bounded: the sender must have its turn.
        for (int blocks = 0; blocks < AnswerRing.BLOCKS && block >= 0; blocks++) {
            ByteBuffer buffer = ring.buffer();
            int packet = Packet.first(buffer, block);
            for (int left = Packet.packets(buffer, block); left > 0; left--) {
                long arrival = Packet.nanos(buffer, packet) - offset;
                take(
                        buffer,
                        Packet.network(buffer, packet),
                        Packet.length(buffer, packet),
                        Math.min(arrival, now),
                        answers);
                packet = Packet.next(buffer, packet);
            }
            ring.giveBack();
            block = ring.taken();
        }
        return true;
    }

    /** Takes an IP packet; {@code arrival} is a time of {@link System#nanoTime}. */
    private void take(ByteBuffer buffer, int ip, int length, long arrival, SweepAnswers answers) {
        int header = Ipv4Header.headerLength(buffer, ip, length);
        if (header <= 0
                || Ipv4Header.protocol(buffer, ip) != IpVersion.V4.icmpProtocol()
                || Ipv4Header.fragmentOffset(buffer, ip) != 0
                || Ipv4Header.destination(buffer, ip) != hop.source()) {
            return;
        }
        int icmp = ip + header;
        int rest = Math.min(length, Ipv4Header.totalLength(buffer, ip)) - header;
        if (IcmpEcho.isReply(buffer, icmp, rest, IpVersion.V4)) {
            takeReply(
                    buffer,
                    icmp,
                    rest,
                    MAPPED | Integer.toUnsignedLong(Ipv4Header.source(buffer, ip)),
                    arrival,
                    answers);
        } else if (quote.decodeError(buffer, icmp, rest, IpVersion.V4) && quote.matched()) {
            takeError(buffer, ip, icmp, rest, arrival, answers);
        }
    }

    private void takeReply(ByteBuffer buffer, int icmp, int length, long from, long arrival, SweepAnswers answers) {
        if (length < STAMPED
                || IcmpEcho.identifier(buffer, icmp) != identifier
                || IcmpEcho.sequence(buffer, icmp) != tokens.sequence(0, from)) {
            return;
        }
        long roundTrip = roundTrip(buffer, icmp, from, arrival);
        if (roundTrip > 0) {
            answers.onReply(0, from, roundTrip);
        }
    }

    /** {@return the time since a probe was sent; 0 if its token is wrong, or it was sent before the cool-down} */
    private long roundTrip(ByteBuffer buffer, int icmp, long destination, long arrival) {
        long stamp = NetworkOrder.getLong(buffer, icmp + IcmpEcho.HEADER_LENGTH + ProbeFrames.STAMP);
        long token = NetworkOrder.getLong(buffer, icmp + IcmpEcho.HEADER_LENGTH + ProbeFrames.TOKEN);
        long roundTrip = arrival + stampOrigin - stamp;
        if (roundTrip <= 0) {
            // The wall clock was set since the arrival. It was at most until now.
            roundTrip = readNanos + stampOrigin - stamp;
        }
        if (token != tokens.token(0, destination, stamp) || roundTrip > coolDownNanos) {
            return 0;
        }
        forwardedNanos = stamp - stampOrigin;
        return Math.max(1, roundTrip);
    }

    private void takeError(ByteBuffer buffer, int ip, int icmp, int length, long arrival, SweepAnswers answers) {
        long asked = MAPPED | Integer.toUnsignedLong(quote.ipv4Destination());
        int quoted = icmp + IcmpEcho.HEADER_LENGTH;
        if (quote.identifier() != identifier
                || quote.sequence() != tokens.sequence(0, asked)
                || Ipv4Header.source(buffer, quoted) != hop.source()) {
            return;
        }
        int quotedHeader = (buffer.get(quoted) & 0xf) * Integer.BYTES;
        long roundTrip = -1;
        if (quote.tokenPresent() && IcmpEcho.HEADER_LENGTH + quotedHeader + STAMPED <= length) {
            int echo = quoted + quotedHeader;
            boolean padded = NetworkOrder.getLong(buffer, echo + IcmpEcho.HEADER_LENGTH + ProbeFrames.STAMP) == 0;
            roundTrip = padded ? -1 : roundTrip(buffer, echo, asked, arrival);
            if (roundTrip == 0) {
                return;
            }
        }
        answers.onError(
                0,
                asked,
                IcmpErrorKind.ofIcmpv4(quote.type(), quote.code()),
                0,
                MAPPED | Integer.toUnsignedLong(Ipv4Header.source(buffer, ip)),
                roundTrip);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            ring.close();
            LibC.close(fd);
            changes.close();
            question.close();
            frames.close();
        }
    }
}
