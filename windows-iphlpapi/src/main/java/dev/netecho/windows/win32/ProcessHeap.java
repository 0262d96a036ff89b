// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * The C library's heap, through JNA. Only {@link #free} frees a block, because the garbage collector cannot see what
 * the system holds.
 */
final class ProcessHeap implements NativeHeap {
    @Override
    public long allocate(int size) {
        long address = Native.malloc(size);
        if (address == 0) {
            throw new OutOfMemoryError("malloc of " + size + " bytes of native memory failed");
        }
        return address;
    }

    @Override
    public void free(long address) {
        Native.free(address);
    }

    @Override
    public ByteBuffer buffer(long address, int size) {
        return new Pointer(address).getByteBuffer(0, size);
    }
}
