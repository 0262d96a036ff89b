// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Isolated, because it counts the live bytes of the whole process. */
@Isolated
final class NativeMemoryTest {
    @Test
    void isZeroedAlignedAndInNativeOrder() {
        for (int size : new int[] {1, 7, 63, 64, 65, 4096, 1_000_001}) {
            try (NativeMemory memory = NativeMemory.allocate(size)) {
                ByteBuffer buffer = memory.buffer();

                assertThat(memory.address() % NativeMemory.ALIGNMENT).isZero();
                assertThat(memory.size()).isEqualTo(size);
                assertThat(buffer.isDirect()).isTrue();
                assertThat(buffer.capacity()).isEqualTo(size);
                assertThat(buffer.order()).isEqualTo(ByteOrder.nativeOrder());
                for (int i = 0; i < size; i++) {
                    assertThat(buffer.get(i)).isZero();
                    buffer.put(i, (byte) -1);
                }
            }
        }
    }

    @Test
    void theAddressIsWhereTheBufferIs() {
        LibC.load();
        int fd = LibC.eventfd(0, Epoll.EFD_CLOEXEC | Epoll.EFD_NONBLOCK);
        try (NativeMemory memory = NativeMemory.allocate(2 * Long.BYTES)) {
            memory.buffer().putLong(0, 4711);

            assertThat(LibC.write(fd, memory.address(), Long.BYTES)).isEqualTo(Long.BYTES);
            assertThat(LibC.read(fd, memory.address() + Long.BYTES, Long.BYTES)).isEqualTo(Long.BYTES);
            assertThat(memory.buffer().getLong(Long.BYTES)).isEqualTo(4711);
        } finally {
            LibC.close(fd);
        }
    }

    @Test
    void refusesUseAfterCloseAndClosesTwiceWithoutHarm() {
        NativeMemory memory = NativeMemory.allocate(100);
        memory.close();
        memory.close();

        assertThat(memory.size()).isEqualTo(100);
        assertThatIllegalStateException().isThrownBy(memory::buffer).withMessageContaining("100 bytes is closed");
        assertThatIllegalStateException().isThrownBy(memory::address).withMessageContaining("100 bytes is closed");
    }

    @Test
    void refusesASizeThatIsNotPositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NativeMemory.allocate(0))
                .withMessageContaining("0 bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NativeMemory.allocate(-5))
                .withMessageContaining("-5 bytes");
    }

    @Test
    void countsEveryLiveByteAndLeaksNone() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long before = NativeMemory.liveBytes();
        long expected = before;
        List<NativeMemory> blocks = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            if (blocks.isEmpty() || random.nextInt(3) > 0) {
                NativeMemory block = NativeMemory.allocate(1 + random.nextInt(10_000));
                blocks.add(block);
                expected += block.size();
            } else {
                NativeMemory block = blocks.remove(random.nextInt(blocks.size()));
                block.close();
                block.close();
                expected -= block.size();
            }
            assertThat(NativeMemory.liveBytes()).as("seed %d, step %d", seed, i).isEqualTo(expected);
        }
        blocks.forEach(NativeMemory::close);
        assertThat(NativeMemory.liveBytes()).as("seed %d", seed).isEqualTo(before);
    }
}
