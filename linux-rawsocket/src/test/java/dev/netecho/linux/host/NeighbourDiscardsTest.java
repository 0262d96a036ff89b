// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.cases.Covers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file in the place of proc(5): only the first network namespace of a host has the true one, and no test may be
 * there.
 */
final class NeighbourDiscardsTest {
    private static final String NAMES = "entries  allocs   periodic_gc_runs unresolved_discards table_fulls\n";
    private static final long MILLISECOND = 1_000_000;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void begin() throws IOException {
        file = folder.resolve("arp_cache");
        write(1, 0x10);
    }

    private void write(int processors, int discards) throws IOException {
        String line =
                String.format(Locale.ROOT, "00000008 00000914 00000f82         %08x            00000007%n", discards);
        Files.writeString(file, NAMES + line.repeat(processors));
    }

    private NeighbourDiscards discards() {
        return new NeighbourDiscards(file.toFile(), 0);
    }

    @Test
    void everyProcessorCounts() throws IOException {
        try (NeighbourDiscards discards = discards()) {
            assertThat(discards.count(Files.readString(file))).isEqualTo(0x10);
            write(1_000, 0x1a); // more than one read returns
            assertThat(discards.count(Files.readString(file))).isEqualTo(26_000);
            assertThat(discards.anySince(MILLISECOND, 200 * MILLISECOND)).isTrue();
        }
    }

    @Test
    void aTextWithoutTheCountIsUnknown() {
        try (NeighbourDiscards discards = discards()) {
            for (String text : new String[] {"", "\n", "entries\n00000001\n", NAMES, NAMES + "00000008\n"}) {
                assertThat(discards.count(text)).as(text).isEqualTo(-1);
            }
        }
    }

    @Test
    void withoutTheFileNothingIsSuspected() {
        try (NeighbourDiscards discards =
                new NeighbourDiscards(folder.resolve("none").toFile(), 0)) {
            assertThat(discards.isKnown()).isFalse();
            assertThat(discards.anySince(MILLISECOND, 200 * MILLISECOND)).isFalse();
        }
    }

    /** A packet is discarded, or an answer, when another request has already had the count read. */
    @Test
    @Covers(rules = "LOAD-4")
    void whatIsDiscardedAfterTheLastReadCounts() throws IOException {
        try (NeighbourDiscards discards = discards()) {
            discards.notice(150 * MILLISECOND);
            assertThat(discards.anySince(100 * MILLISECOND, 150 * MILLISECOND)).isFalse();
            write(1, 0x11);
            assertThat(discards.anySince(100 * MILLISECOND, 1_100 * MILLISECOND))
                    .isTrue();
            assertThat(discards.anySince(1_100 * MILLISECOND, 1_101 * MILLISECOND))
                    .isTrue();
            assertThat(discards.anySince(1_101 * MILLISECOND, 2_101 * MILLISECOND))
                    .isFalse();
        }
    }
}
