// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import java.nio.ByteBuffer;

/** The source of the memory that the system writes to. Thread-safe. */
public interface NativeHeap {
    /**
     * {@return the address of a block, aligned to 8 bytes}
     *
     * @param size the number of bytes, at least 1
     * @throws OutOfMemoryError if there is none
     */
    long allocate(int size);

    /**
     * Frees a block. Nothing may write to it any more, the system included.
     *
     * @param address what {@link #allocate} returned
     */
    void free(long address);

    /**
     * {@return a view of a block in native byte order, for absolute access}
     *
     * @param address what {@link #allocate} returned
     * @param size its size
     */
    ByteBuffer buffer(long address, int size);
}
