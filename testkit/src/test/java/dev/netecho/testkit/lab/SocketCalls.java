// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/** The system calls that only the tests of the lab need. */
final class SocketCalls {
    static final int AF_PACKET = 17;
    static final int IPPROTO_ICMP = 1;
    static final int IPPROTO_ICMPV6 = 58;

    static {
        Native.register(SocketCalls.class, NativeLibrary.getProcess());
    }

    private SocketCalls() {}

    /** bind(2). */
    static native int bind(int fd, long addr, int addrlen);

    /** connect(2). */
    static native int connect(int fd, long addr, int addrlen);

    static int check(long result, String call) {
        if (result < 0) {
            throw new AssertionError(call + " failed with errno " + Native.getLastError());
        }
        return (int) result;
    }

    /** Waits until something can be read; {@return whether it can}. */
    static boolean awaitReadable(int fd, long nanos) {
        try (Memory memory = new Memory(24)) {
            memory.clear();
            memory.setInt(0, fd);
            memory.setShort(4, (short) LibC.POLLIN);
            long wait = Math.max(0, nanos);
            memory.setLong(8, TimeUnit.NANOSECONDS.toSeconds(wait));
            memory.setLong(16, wait % TimeUnit.SECONDS.toNanos(1));
            return LibC.ppoll(LibC.address(memory), 1, LibC.address(memory) + 8, 0) > 0;
        }
    }

    static ByteBuffer bytes(Memory memory) {
        return memory.getByteBuffer(0, memory.size()).order(ByteOrder.nativeOrder());
    }
}
