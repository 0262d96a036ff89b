// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.IpVersion;
import dev.netecho.windows.win32.IpOptionInformation;
import dev.netecho.windows.win32.NativeHeap;
import dev.netecho.windows.win32.PointerWidth;
import dev.netecho.windows.win32.SockaddrIn6;
import java.nio.ByteBuffer;

/**
 * The native memory of one request: options, addresses, reply buffer and data in one block, each aligned to 8 bytes.
 *
 * <p>The system writes to it until the completion has run, even if the request was cancelled, timed out or closed. Only
 * {@link #free} frees it, and is called after the completion, or when the call has failed. Not thread-safe.
 */
final class RequestMemory {
    private static final int SOCKADDR = ReplySize.align(SockaddrIn6.SIZE);

    private final NativeHeap heap;
    private final long address;
    private final int size;
    private final int ipOptions;
    private final int addresses;
    private final int reply;
    private final int replySize;
    private final int data;
    private final int dataSize;
    private final ByteBuffer buffer;
    private boolean freed;
    private boolean handedOver;

    /** Allocates and zeroes the block for a request of this payload size and with so many bytes of IP options. */
    RequestMemory(NativeHeap heap, IpVersion version, PointerWidth width, int dataSize, int ipOptionsSize) {
        this.heap = heap;
        this.dataSize = dataSize;
        this.ipOptions = ReplySize.align(IpOptionInformation.size(width));
        this.addresses = ipOptions + ReplySize.align(ipOptionsSize);
        this.reply = addresses + (version == IpVersion.V6 ? 2 * SOCKADDR : 0);
        this.replySize = ReplySize.of(version, width, dataSize, ipOptionsSize);
        this.data = reply + replySize;
        this.size = data + ReplySize.align(dataSize);
        this.address = heap.allocate(size);
        try {
            this.buffer = heap.buffer(address, size);
            for (int i = 0; i < data; i += Long.BYTES) {
                buffer.putLong(i, 0);
            }
        } catch (RuntimeException | Error e) {
            // Java's own memory may run out, and no one else knows the block yet.
            heap.free(address);
            throw e;
        }
    }

    /** {@return the whole block; the offsets of this class are positions in it} */
    ByteBuffer buffer() {
        if (freed) {
            throw new IllegalStateException("the memory of this request was freed");
        }
        return buffer;
    }

    /** {@return where IP_OPTION_INFORMATION is} */
    int options() {
        return 0;
    }

    /** {@return where the IP options are} */
    int ipOptions() {
        return ipOptions;
    }

    /** {@return where the SOCKADDR_IN6 of the source is} */
    int source() {
        return addresses;
    }

    /** {@return where the SOCKADDR_IN6 of the destination is} */
    int destination() {
        return addresses + SOCKADDR;
    }

    /** {@return where the reply buffer is} */
    int reply() {
        return reply;
    }

    /** {@return how long the reply buffer is} */
    int replySize() {
        return replySize;
    }

    /** {@return where the data is} */
    int data() {
        return data;
    }

    /** {@return how long the data is} */
    int dataSize() {
        return dataSize;
    }

    /** {@return how many bytes the block has} */
    int size() {
        return size;
    }

    /** {@return the native address of a place in the block} */
    long address(int offset) {
        return address + offset;
    }

    /** {@return the place in the block of a native address} */
    long offsetOf(long nativeAddress) {
        return nativeAddress - address;
    }

    /** Says that the system call comes next. */
    void handOver() {
        handedOver = true;
    }

    /** {@return whether the system may know the block: if the call threw, it may still write to it} */
    boolean isHandedOver() {
        return handedOver;
    }

    /** Frees the block. */
    void free() {
        if (freed) {
            throw new IllegalStateException("the memory of this request is freed a second time");
        }
        freed = true;
        heap.free(address);
    }
}
