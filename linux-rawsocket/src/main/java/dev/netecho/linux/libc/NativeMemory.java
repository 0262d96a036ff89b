// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Owns one block of native memory: zeroed, aligned to a cache line of 64 bytes, freed by {@link #close()}.
 *
 * <p>No cleaner frees it, because the kernel and other structures hold addresses that the garbage collector cannot see.
 * The owner closes it after the last system call that may touch it has returned. <b>The buffer and every view of it
 * point to freed memory after {@code close()}</b>; using them then corrupts the process, so owners drop them first.
 *
 * <p>Allocation and {@code close()} are thread-safe; the contents are not guarded.
 */
public final class NativeMemory implements AutoCloseable {
    /** The alignment of every block, in bytes. */
    public static final int ALIGNMENT = 64;

    private static final AtomicLong LIVE_BYTES = new AtomicLong();

    private final long block;
    private final long address;
    private final int size;
    private volatile @Nullable ByteBuffer buffer;

    private NativeMemory(long block, int size) {
        this.block = block;
        this.address = (block + ALIGNMENT - 1) & -ALIGNMENT;
        this.size = size;
        this.buffer = LibC.buffer(address, size);
    }

    /**
     * Allocates a block.
     *
     * @param size the number of bytes, at least 1
     * @return a zeroed block that the caller owns and closes
     * @throws IllegalArgumentException if the size is not positive
     * @throws OutOfMemoryError if the C library has no memory
     * @throws LibCUnavailableException if the C library cannot be called
     */
    public static NativeMemory allocate(int size) {
        if (size <= 0) {
            throw new IllegalArgumentException("native memory of " + size + " bytes requested; it must be 1 or more");
        }
        LibC.load();
        long block = LibC.calloc(1, (long) size + ALIGNMENT - 1);
        if (block == 0) {
            throw new OutOfMemoryError("calloc of " + size + " bytes of native memory failed");
        }
        LIVE_BYTES.addAndGet(size);
        try {
            return new NativeMemory(block, size);
        } catch (RuntimeException | Error e) {
            // Java's own memory may run out, and nothing else knows the block.
            free(block, size);
            throw e;
        }
    }

    /** {@return the sum of the sizes of all blocks in this process that are allocated and not closed} */
    public static long liveBytes() {
        return LIVE_BYTES.get();
    }

    /** {@return the size in bytes; also after close} */
    public int size() {
        return size;
    }

    /**
     * {@return the native address of the first byte}
     *
     * @throws IllegalStateException after close
     */
    public long address() {
        if (buffer == null) {
            throw closed();
        }
        return address;
    }

    /**
     * {@return the block as a direct buffer in native byte order, the same instance each time}
     *
     * <p>For absolute access only: its position and limit must not be changed.
     *
     * @throws IllegalStateException after close
     */
    public ByteBuffer buffer() {
        ByteBuffer current = buffer;
        if (current == null) {
            throw closed();
        }
        return current;
    }

    /** Frees the block; a second call does nothing. */
    @Override
    public synchronized void close() {
        if (buffer != null) {
            buffer = null;
            free(block, size);
        }
    }

    private static void free(long block, int size) {
        LibC.free(block);
        LIVE_BYTES.addAndGet(-size);
    }

    private IllegalStateException closed() {
        return new IllegalStateException("native memory of " + size + " bytes is closed");
    }
}
