// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.EchoOptions;
import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.windows.win32.Icmp6Api;
import dev.netecho.windows.win32.Icmpv6EchoReply;
import dev.netecho.windows.win32.IpOptionInformation;
import dev.netecho.windows.win32.IpStatus;
import dev.netecho.windows.win32.SockaddrIn6;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Icmp6SendEcho2. The reply is read without Icmp6ParseReplies, which only repeats its status as the last error, and
 * which not every system exports.
 */
final class Ipv6Handle implements IcmpHandle {
    /** Windows' own default, for requests that set another option but not this one: here 0 would be an error. */
    private static final int DEFAULT_HOP_LIMIT = 128;

    private static final byte[] UNSPECIFIED = new byte[16];

    private final WindowsSystem system;
    private final Icmp6Api icmp;
    private final long handle;

    /** {@code handle} is what Icmp6CreateFile gave. */
    Ipv6Handle(WindowsSystem system, Icmp6Api icmp, long handle) {
        this.system = system;
        this.icmp = icmp;
        this.handle = handle;
    }

    @Override
    public RequestMemory prepare(EchoRequest request, long token) {
        RequestMemory memory = new RequestMemory(
                system.heap(), IpVersion.V6, system.width(), request.payload().size(), 0);
        try {
            fill(memory, request, token);
            return memory;
        } catch (RuntimeException | Error e) { // no one else knows the block yet
            memory.free();
            throw e;
        }
    }

    private void fill(RequestMemory memory, EchoRequest request, long token) {
        ByteBuffer buffer = memory.buffer();
        IpOptionInformation.put(
                buffer,
                memory.options(),
                system.width(),
                request.options().hopLimit().orElse(DEFAULT_HOP_LIMIT),
                0,
                0,
                0,
                0);
        // A source must be given; the unspecified address lets the system choose.
        Optional<InetAddress> source = request.source();
        SockaddrIn6.put(
                buffer,
                memory.source(),
                source.map(InetAddress::getAddress).orElse(UNSPECIFIED),
                source.map(Ipv6Handle::scopeId).orElse(0));
        InetAddress destination = request.destination();
        SockaddrIn6.put(buffer, memory.destination(), destination.getAddress(), scopeId(destination));
        request.payload().copyInto(buffer, memory.data(), token);
        // 0 would be IP_SUCCESS: a system that completes without writing must not look like an answer.
        Icmpv6EchoReply.setStatus(buffer, memory.reply(), IpStatus.IP_GENERAL_FAILURE);
    }

    /** Of link-local addresses only: NetworkInterface also gives others a scope, which means nothing (RFC 4007, 6). */
    private static int scopeId(InetAddress address) {
        return address instanceof Inet6Address six && six.isLinkLocalAddress() ? six.getScopeId() : 0;
    }

    @Override
    public int send(RequestMemory memory, EchoRequest request, long apcRoutine, int number, int timeoutMillis) {
        long source = memory.address(memory.source());
        long destination = memory.address(memory.destination());
        long data = memory.dataSize() == 0 ? 0 : memory.address(memory.data());
        long options = request.options().equals(EchoOptions.DEFAULT) ? 0 : memory.address(memory.options());
        long reply = memory.address(memory.reply());
        memory.handOver();
        int replies = icmp.Icmp6SendEcho2(
                handle,
                0, // with an event, Windows would not call the routine
                apcRoutine,
                number,
                source,
                destination,
                data,
                (short) memory.dataSize(),
                options,
                reply,
                memory.replySize(),
                timeoutMillis);
        return system.errorOf(replies);
    }

    @Override
    public NativeReply read(RequestMemory memory, int ntStatus, long information) {
        ByteBuffer buffer = memory.buffer();
        int reply = memory.reply();
        int status = Icmpv6EchoReply.status(buffer, reply);
        boolean written = information >= Icmpv6EchoReply.SIZE && information <= memory.replySize();
        // A driver may fail after it wrote: then its responder and error say more than its NTSTATUS.
        boolean untouched = status == IpStatus.IP_SUCCESS || status == IpStatus.IP_GENERAL_FAILURE;
        if (!written || (ntStatus < 0 && untouched)) {
            return NativeReply.failed(status, ntStatus);
        }
        return new NativeReply(
                status,
                Icmpv6EchoReply.address(buffer, reply),
                Icmpv6EchoReply.scopeId(buffer, reply),
                Icmpv6EchoReply.roundTripTime(buffer, reply),
                OptionalInt.empty(),
                reply + Icmpv6EchoReply.SIZE,
                (int) information - Icmpv6EchoReply.SIZE);
    }

    @Override
    public int callItself() {
        byte[] address = new byte[16];
        address[15] = 1;
        RequestMemory memory = prepare(EchoRequest.to(IcmpHandle.loopback(address)), 0);
        memory.handOver();
        int replies = icmp.Icmp6SendEcho2(
                handle,
                0,
                0, // neither event nor routine: it returns when all is over
                0,
                memory.address(memory.source()),
                memory.address(memory.destination()),
                memory.address(memory.data()),
                (short) memory.dataSize(),
                memory.address(memory.options()),
                memory.address(memory.reply()),
                memory.replySize(),
                WindowsSettings.SHORTEST_MILLIS);
        int error = replies > 0 ? 0 : system.kernel().GetLastError();
        memory.free(); // not if the call threw: then the system may still write there
        return error;
    }

    @Override
    public void close() {
        icmp.IcmpCloseHandle(handle);
    }
}
