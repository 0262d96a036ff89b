// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.linux.libc.NativeMemory;
import java.io.FileInputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcessHoldingsTest {
    @Test
    void saysHowMuchMoreThereIsOfEach() {
        ProcessHoldings before = new ProcessHoldings(10, 5, 4_096, 20.5);
        ProcessHoldings after = new ProcessHoldings(12, 4, 8_192, 21);

        assertThat(after.moreThan(before)).isEqualTo("descriptors=2 threads=-1 native=4096 heap_mb=0.50");
    }

    @Test
    void seesADescriptorAndNativeMemoryThatAreHeld() throws Exception {
        NativeMemory.allocate(64).close(); // what is loaded once and stays, as jars
        ProcessHoldings.now();
        ProcessHoldings before = ProcessHoldings.now();
        try (FileInputStream held = new FileInputStream(Path.of("pom.xml").toFile());
                NativeMemory memory = NativeMemory.allocate(64)) {
            ProcessHoldings after = ProcessHoldings.now();
            assertThat(held.available()).isPositive();
            assertThat(after.descriptors() - before.descriptors()).isEqualTo(1);
            assertThat(after.nativeBytes() - before.nativeBytes()).isEqualTo(memory.size());
        }
    }
}
