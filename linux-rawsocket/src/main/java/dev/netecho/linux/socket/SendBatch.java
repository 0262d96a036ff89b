// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import dev.netecho.EchoOptions;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.linux.libc.Cmsghdr;
import dev.netecho.linux.libc.Iovec;
import dev.netecho.linux.libc.Ip;
import dev.netecho.linux.libc.Ipv6;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.Msghdr;
import dev.netecho.linux.libc.SockaddrIn;
import dev.netecho.linux.libc.SockaddrIn6;
import dev.netecho.linux.libc.Socket;
import dev.netecho.packet.DefaultPayload;
import dev.netecho.packet.IcmpEcho;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Packets for a socket: staged one by one, handed over with one sendmmsg(2).
 *
 * <p>{@value #CAPACITY} messages: more save nothing measurable and make send times less certain; fewer cost system
 * calls.
 */
public final class SendBatch implements AutoCloseable {
    /** Messages in one batch. */
    public static final int CAPACITY = 32;

    private static final int CONTROL_ROOM = 128;

    /**
     * The room of a message, until a longer one comes. None is a power of two, and the first is not much longer than
     * usual packets: messages 2,048 bytes apart share two sets of the first-level cache, which cost a twentieth of an
     * echo.
     */
    private static final int[] DATA_ROOMS = {192, 2_048 + 64, 65_536 + 64};

    /**
     * How many bytes of each message's data are those of a default payload, the token included; 0 if it holds other
     * data.
     */
    private final int[] patterned = new int[CAPACITY];

    /** Made last: if making another field failed, its native memory would not be freed. */
    private MessageVector messages = new MessageVector(CAPACITY, CONTROL_ROOM, DATA_ROOMS[0]);

    private int staged;
    private boolean departureAsked;

    /** {@return how many messages are staged} */
    public int size() {
        return staged;
    }

    /** Forgets what was staged. */
    public void clear() {
        staged = 0;
        departureAsked = false;
    }

    /**
     * {@return whether a packet of this length can be staged now}
     *
     * <p>The memory grows to the largest packet so far, but only while nothing is staged.
     *
     * @param packetLength ICMP header and data in bytes
     */
    public boolean accepts(int packetLength) {
        if (staged == CAPACITY) {
            return false;
        }
        if (packetLength <= messages.dataRoom) {
            return true;
        }
        if (staged > 0) {
            return false;
        }
        int room = 0;
        while (DATA_ROOMS[room] < packetLength) {
            room++;
        }
        MessageVector larger = new MessageVector(CAPACITY, CONTROL_ROOM, DATA_ROOMS[room]);
        messages.close(); // only after the other is there: malloc may fail
        messages = larger;
        Arrays.fill(patterned, 0);
        return true;
    }

    /** {@return the buffer that {@link #packetOffset} points into; changes when the memory grows} */
    public ByteBuffer buffer() {
        return messages.buffer;
    }

    /** {@return where the next packet begins: its header is to be written there, its data by {@link #putPayload}} */
    public int packetOffset() {
        return messages.data(staged);
    }

    /**
     * Writes the data of the next packet.
     *
     * @param payload what to send
     * @param token its token, used only if it carries one
     */
    public void putPayload(EchoPayload payload, long token) {
        int at = packetOffset() + IcmpEcho.HEADER_LENGTH;
        if (payload.carriesToken() && payload.size() <= patterned[staged]) {
            // The rest is already there, from an earlier packet of this message.
            DefaultPayload.putToken(messages.buffer, at, token);
            return;
        }
        patterned[staged] = 0; // first, in case the copying fails midway
        payload.copyInto(messages.buffer, at, token);
        patterned[staged] = payload.carriesToken() ? payload.size() : 0;
    }

    /**
     * Stages the packet that was written at {@link #packetOffset}.
     *
     * @param length ICMP header and data in bytes
     * @param request gives the destination and, by control messages, hop limit and traffic class
     * @param scope the index of the interface of a link-local destination, else 0
     * @param source the source, by control message; null for the socket's own
     */
    public void stage(int length, EchoRequest request, int scope, @Nullable SocketAddress source) {
        ByteBuffer buffer = messages.buffer;
        int header = messages.header(staged);
        Iovec.setLength(buffer, messages.iovec(staged), length);
        int name = messages.name(staged);
        int start = messages.control(staged);
        int end;
        if (request.version() == IpVersion.V4) {
            SockaddrIn.put(buffer, name, (int) request.destinationLow(), 0);
            Msghdr.setNamelen(buffer, header, SockaddrIn.SIZE);
            end = control4(buffer, start, source, request.options());
        } else {
            SockaddrIn6.put(buffer, name, request.destinationHigh(), request.destinationLow(), scope, 0);
            Msghdr.setNamelen(buffer, header, SockaddrIn6.SIZE);
            end = control6(buffer, start, source, request.options());
        }
        Msghdr.setControllen(buffer, header, end - start);
        staged++;
    }

    /**
     * Writes the ICMPv4 checksum of the packet at {@link #packetOffset}; only raw IPv4 sockets need it.
     *
     * @param length ICMP header and data in bytes
     */
    public void checksum(int length) {
        IcmpEcho.putChecksum(messages.buffer, packetOffset(), length);
    }

    /**
     * Asks the kernel to stamp the first message when it leaves; the stamp comes through the {@link ErrorQueue}. To ask
     * again for the same message changes nothing.
     */
    public void askForDeparture() {
        if (departureAsked) {
            return;
        }
        departureAsked = true;
        ByteBuffer buffer = messages.buffer;
        int header = messages.header(0);
        int start = messages.control(0);
        int end = start + (int) Msghdr.controllen(buffer, header);
        end = Cmsghdr.append(
                buffer, end, Socket.SOL_SOCKET, Socket.SO_TIMESTAMPING, Socket.SOF_TIMESTAMPING_TX_SOFTWARE);
        Msghdr.setControllen(buffer, header, end - start);
    }

    /**
     * Hands messages to the kernel.
     *
     * @param socket where to
     * @param from the first message that has not been handed over
     * @return how many were taken, or the error of the first as a negative number
     */
    public int send(IcmpSocket socket, int from) {
        int sent = LibC.sendmmsg(socket.fd(), messages.headerAddress(from), staged - from, Socket.MSG_DONTWAIT);
        return sent < 0 ? -LibC.errno() : sent;
    }

    private static int control4(ByteBuffer buffer, int start, @Nullable SocketAddress source, EchoOptions options) {
        int at = start;
        if (options.hopLimit().isPresent()) {
            // An int: the kernel refuses IP_TTL as one byte, unlike IP_TOS.
            at = Cmsghdr.append(
                    buffer, at, Ip.IPPROTO_IP, Ip.IP_TTL, options.hopLimit().getAsInt());
        }
        if (options.trafficClass().isPresent()) {
            at = Cmsghdr.append(
                    buffer, at, Ip.IPPROTO_IP, Ip.IP_TOS, options.trafficClass().getAsInt());
        }
        return source == null ? at : Cmsghdr.appendPktinfo(buffer, at, (int) source.low(), 0);
    }

    private static int control6(ByteBuffer buffer, int start, @Nullable SocketAddress source, EchoOptions options) {
        int at = start;
        if (options.hopLimit().isPresent()) {
            at = Cmsghdr.append(
                    buffer,
                    at,
                    Ipv6.IPPROTO_IPV6,
                    Ipv6.IPV6_HOPLIMIT,
                    options.hopLimit().getAsInt());
        }
        if (options.trafficClass().isPresent()) {
            at = Cmsghdr.append(
                    buffer,
                    at,
                    Ipv6.IPPROTO_IPV6,
                    Ipv6.IPV6_TCLASS,
                    options.trafficClass().getAsInt());
        }
        return source == null ? at : Cmsghdr.appendPktinfo6(buffer, at, source.high(), source.low(), source.scopeId());
    }

    @Override
    public void close() {
        messages.close();
    }
}
