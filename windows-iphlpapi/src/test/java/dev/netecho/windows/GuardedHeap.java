// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.windows.win32.ApiAccess;
import dev.netecho.windows.win32.NativeHeap;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A heap that notices what must not happen: a write beside a block, a write to a freed block, a block freed twice, a
 * block that is never freed. Freed blocks stay allocated for a while, filled with a pattern, so that a write of the
 * system into one is seen and harmless.
 */
final class GuardedHeap implements NativeHeap {
    private static final int GUARD = 64;
    private static final byte BEFORE = (byte) 0xA5;
    private static final byte BEHIND = (byte) 0x5A;
    private static final byte FREED = (byte) 0xDD;
    private static final int QUARANTINE = 2_000;

    private record Block(long start, int size) {}

    private final NativeHeap heap = ApiAccess.heap();
    private final Map<Long, Block> live = new HashMap<>();
    private final Deque<Block> quarantine = new ArrayDeque<>();
    private final List<String> defects = new ArrayList<>();
    private long allocations;

    /** What fails from now on. */
    volatile boolean refuses;

    volatile boolean outOfJavaMemory;
    volatile boolean readOnly;

    @Override
    public synchronized long allocate(int size) {
        if (refuses) {
            throw new IllegalStateException("the heap is damaged");
        }
        long start = heap.allocate(size + 2 * GUARD);
        ByteBuffer all = heap.buffer(start, size + 2 * GUARD);
        fill(all, 0, GUARD, BEFORE);
        fill(all, GUARD, size, FREED); // nobody may rely on fresh memory being zero
        fill(all, GUARD + size, GUARD, BEHIND);
        live.put(start + GUARD, new Block(start, size));
        allocations++;
        return start + GUARD;
    }

    @Override
    public synchronized void free(long address) {
        Block block = live.remove(address);
        if (block == null) {
            defects.add("a block is freed that is not allocated");
            return;
        }
        ByteBuffer all = heap.buffer(block.start, block.size + 2 * GUARD);
        if (!is(all, 0, GUARD, BEFORE) || !is(all, GUARD + block.size, GUARD, BEHIND)) {
            defects.add("something was written beside a block of " + block.size + " bytes");
        }
        fill(all, 0, block.size + 2 * GUARD, FREED);
        quarantine.add(block);
        if (quarantine.size() > QUARANTINE) {
            release(quarantine.remove());
        }
    }

    private void release(Block block) {
        if (!is(heap.buffer(block.start, block.size + 2 * GUARD), 0, block.size + 2 * GUARD, FREED)) {
            defects.add("something was written into a block of " + block.size + " bytes after it was freed");
        }
        heap.free(block.start);
    }

    @Override
    public synchronized ByteBuffer buffer(long address, int size) {
        if (outOfJavaMemory) {
            throw new OutOfMemoryError("Java heap space");
        }
        ByteBuffer buffer = heap.buffer(address, size);
        return readOnly ? buffer.asReadOnlyBuffer() : buffer;
    }

    /** {@return how many blocks are allocated} */
    synchronized int live() {
        return live.size();
    }

    /** Takes what is allocated now for given up on purpose. */
    synchronized void forget() {
        live.clear();
    }

    /** {@return how many blocks were ever allocated} */
    synchronized long allocations() {
        return allocations;
    }

    /** {@return whether an address lies inside a block that is allocated} */
    synchronized boolean isLive(long address) {
        return live.entrySet().stream()
                .anyMatch(e -> address >= e.getKey() && address < e.getKey() + e.getValue().size);
    }

    /** Gives everything back and says what was noticed. */
    synchronized List<String> defects() {
        while (!quarantine.isEmpty()) {
            release(quarantine.remove());
        }
        return List.copyOf(defects);
    }

    private static void fill(ByteBuffer buffer, int from, int length, byte value) {
        for (int i = from; i < from + length; i++) {
            buffer.put(i, value);
        }
    }

    private static boolean is(ByteBuffer buffer, int from, int length, byte value) {
        for (int i = from; i < from + length; i++) {
            if (buffer.get(i) != value) {
                return false;
            }
        }
        return true;
    }
}
