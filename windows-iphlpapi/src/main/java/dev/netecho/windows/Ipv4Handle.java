// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.EchoOptions;
import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.windows.win32.IcmpApi;
import dev.netecho.windows.win32.IcmpEchoReply;
import dev.netecho.windows.win32.IpOptionInformation;
import dev.netecho.windows.win32.IpStatus;
import dev.netecho.windows.win32.PointerWidth;
import dev.netecho.windows.win32.Win32Error;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/** IcmpSendEcho2Ex and IcmpParseReplies. */
final class Ipv4Handle implements IcmpHandle {
    /** Windows' own default (DefaultTTL), for requests that set another option but not this one. */
    static final int DEFAULT_TTL = 128;

    private final WindowsSystem system;
    private final IcmpApi icmp;
    private final long handle;
    private final byte[] ipOptions;

    /** {@code handle} is what IcmpCreateFile gave; {@code ipOptions} go with every request. */
    Ipv4Handle(WindowsSystem system, IcmpApi icmp, long handle, byte[] ipOptions) {
        this.system = system;
        this.icmp = icmp;
        this.handle = handle;
        this.ipOptions = ipOptions;
    }

    @Override
    public RequestMemory prepare(EchoRequest request, long token) {
        RequestMemory memory = new RequestMemory(
                system.heap(), IpVersion.V4, system.width(), request.payload().size(), ipOptions.length);
        try {
            fill(memory, request, token);
            return memory;
        } catch (RuntimeException | Error e) { // no one else knows the block yet
            memory.free();
            throw e;
        }
    }

    private void fill(RequestMemory memory, EchoRequest request, long token) {
        PointerWidth width = system.width();
        ByteBuffer buffer = memory.buffer();
        EchoOptions options = request.options();
        buffer.put(memory.ipOptions(), ipOptions);
        IpOptionInformation.put(
                buffer,
                memory.options(),
                width,
                options.hopLimit().orElse(DEFAULT_TTL),
                options.trafficClass().orElse(0),
                options.dontFragment() ? IpOptionInformation.IP_FLAG_DF : 0,
                ipOptions.length,
                ipOptions.length == 0 ? 0 : memory.address(memory.ipOptions()));
        request.payload().copyInto(buffer, memory.data(), token);
        // 0 would be IP_SUCCESS: a system that completes without writing must not look like an answer.
        IcmpEchoReply.setStatus(buffer, memory.reply(), IpStatus.IP_GENERAL_FAILURE);
    }

    @Override
    public int send(RequestMemory memory, EchoRequest request, long apcRoutine, int number, int timeoutMillis) {
        boolean plain = request.options().equals(EchoOptions.DEFAULT) && ipOptions.length == 0;
        int source = request.source().map(Ipv4Handle::ipAddr).orElse(0);
        int destination = ipAddr(request.destination());
        long data = memory.dataSize() == 0 ? 0 : memory.address(memory.data());
        long options = plain ? 0 : memory.address(memory.options());
        long reply = memory.address(memory.reply());
        memory.handOver();
        int replies = icmp.IcmpSendEcho2Ex(
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

    /** IPAddr: the four bytes in memory as they go out. */
    private static int ipAddr(InetAddress address) {
        byte[] b = address.getAddress();
        return (b[0] & 0xff) | (b[1] & 0xff) << 8 | (b[2] & 0xff) << 16 | (b[3] & 0xff) << 24;
    }

    @Override
    public NativeReply read(RequestMemory memory, int ntStatus, long information) {
        ByteBuffer buffer = memory.buffer();
        int reply = memory.reply();
        int replies = icmp.IcmpParseReplies(memory.address(reply), memory.replySize());
        int status = IcmpEchoReply.status(buffer, reply);
        if (replies <= 0) {
            return NativeReply.failed(status, ntStatus);
        }
        PointerWidth width = system.width();
        int dataSize = IcmpEchoReply.dataSize(buffer, reply);
        long data = memory.offsetOf(IcmpEchoReply.data(buffer, reply, width)) - reply;
        // The system is believed only as far as its own buffer reaches.
        boolean inside = data >= IcmpEchoReply.size(width) && data <= memory.replySize() - dataSize;
        return new NativeReply(
                status,
                IcmpEchoReply.address(buffer, reply),
                0,
                IcmpEchoReply.roundTripTime(buffer, reply),
                OptionalInt.of(IcmpEchoReply.ttl(buffer, reply, width)),
                inside ? reply + (int) data : 0,
                inside ? dataSize : 0);
    }

    @Override
    public int callItself() {
        InetAddress loopback = IcmpHandle.loopback(new byte[] {127, 0, 0, 1});
        RequestMemory memory = prepare(EchoRequest.to(loopback), 0);
        memory.handOver();
        int replies = icmp.IcmpSendEcho2Ex(
                handle,
                0,
                0, // neither event nor routine: it returns when all is over
                0,
                0,
                ipAddr(loopback),
                memory.address(memory.data()),
                (short) memory.dataSize(),
                0,
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

    /** {@return whether a handle is one; the creating functions give INVALID_HANDLE_VALUE, or null, if they fail} */
    static boolean isValid(long handle, PointerWidth width) {
        return handle != 0 && (width == PointerWidth.BITS_64 ? handle != -1 : (int) handle != -1);
    }

    /** {@return whether a completion follows a call} */
    static boolean completionFollows(int replies, int error) {
        return replies > 0 || error == Win32Error.ERROR_IO_PENDING;
    }
}
