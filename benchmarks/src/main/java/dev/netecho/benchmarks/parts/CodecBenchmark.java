// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.parts;

import dev.netecho.EchoPayload;
import dev.netecho.IpVersion;
import dev.netecho.packet.EchoTokens;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.packet.InternetChecksum;
import dev.netecho.packet.QuotedEcho;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Packets with the default payload, in native memory as the engine has them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
    private static final int IDENTIFIER = 0x1234;
    private static final int LENGTH = IcmpEcho.HEADER_LENGTH + 56;
    private static final int ERROR_HEADER = 8;
    private static final int IPV4_HEADER = 20;

    private final ByteBuffer request = allocate();
    private final ByteBuffer reply = allocate();
    private final ByteBuffer error = allocate();
    private final EchoPayload payload = EchoPayload.DEFAULT;
    private final EchoTokens tokens = new EchoTokens(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    private final QuotedEcho quote = new QuotedEcho();
    private long generation;

    private static ByteBuffer allocate() {
        return ByteBuffer.allocateDirect(256).order(ByteOrder.nativeOrder());
    }

    /** Lays out a reply, and a "host unreachable" that quotes its request. */
    @Setup
    public void layOut() {
        IcmpEcho.putRequest(reply, 0, IpVersion.V4, IDENTIFIER, 1);
        payload.copyInto(reply, IcmpEcho.HEADER_LENGTH, 42);
        reply.put(IcmpEcho.TYPE_OFFSET, (byte) IpVersion.V4.echoReplyType());
        IcmpEcho.putChecksum(reply, 0, LENGTH);

        error.put(0, (byte) 3).put(1, (byte) 1);
        byte[] header = {0x45, 0, 0, IPV4_HEADER + LENGTH, 0, 0, 0x40, 0, 64, 1, 0, 0, 127, 0, 0, 1, 127, 0, 0, 2};
        error.put(ERROR_HEADER, header);
        IcmpEcho.putRequest(error, ERROR_HEADER + IPV4_HEADER, IpVersion.V4, IDENTIFIER, 1);
        payload.copyInto(error, ERROR_HEADER + IPV4_HEADER + IcmpEcho.HEADER_LENGTH, 42);
        if (!decodeReply() || decodeError() != IDENTIFIER) {
            throw new IllegalStateException("the packets that are measured are not what they should be");
        }
    }

    /**
     * Writes a request.
     *
     * @return the buffer
     */
    @Benchmark
    public Object encodeRequest() {
        IcmpEcho.putRequest(request, 0, IpVersion.V4, IDENTIFIER, (int) ++generation & 0xffff);
        payload.copyInto(request, IcmpEcho.HEADER_LENGTH, generation);
        return request;
    }

    /**
     * Writes a request with its checksum, as raw IPv4 sockets need it.
     *
     * @return the buffer
     */
    @Benchmark
    public Object encodeRequestWithChecksum() {
        encodeRequest();
        IcmpEcho.putChecksum(request, 0, LENGTH);
        return request;
    }

    /** {@return whether it is a whole reply with the content of its request} */
    @Benchmark
    public boolean decodeReply() {
        return IcmpEcho.isReply(reply, 0, LENGTH, IpVersion.V4)
                && IcmpEcho.identifier(reply, 0) == IDENTIFIER
                && payload.matches(reply, IcmpEcho.HEADER_LENGTH, LENGTH - IcmpEcho.HEADER_LENGTH);
    }

    /** {@return whether the checksum of a reply is right, as raw IPv4 sockets need it} */
    @Benchmark
    public boolean verifyChecksum() {
        return InternetChecksum.isValid(reply, 0, LENGTH);
    }

    /** {@return the identifier of the request that an ICMP error quotes} */
    @Benchmark
    public int decodeError() {
        boolean decoded = quote.decodeError(error, 0, ERROR_HEADER + IPV4_HEADER + LENGTH, IpVersion.V4);
        return decoded && quote.tokenPresent() ? quote.identifier() : -1;
    }

    /** {@return a token} */
    @Benchmark
    public long makeToken() {
        return tokens.next();
    }
}
