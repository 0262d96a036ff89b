// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import dev.netecho.linux.libc.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The wall clock of an emulated machine of {@code platforms/run}: adjtimex(2). It refuses to run anywhere else. */
final class WallClock {
    // linux/timex.h; struct timex of the 64-bit architectures.
    private static final int ADJ_SETOFFSET = 0x0100;
    private static final int ADJ_NANO = 0x2000;
    private static final int ADJ_TICK = 0x4000;
    private static final int SIZE = 208;
    private static final int MODES = 0;
    private static final int SECONDS = 72;
    private static final int NANOS = 80;
    private static final int TICK = 88;
    private static final long USUAL_TICK_MICROS = 10_000;

    private final Function adjtimex = NativeLibrary.getProcess().getFunction("adjtimex");

    WallClock() throws IOException {
        if (!Files.readString(Path.of("/proc/cmdline")).contains("netecho.guest=")) {
            throw new IllegalStateException(
                    "the clock of this machine belongs to others: start this with platforms/run --clock");
        }
    }

    /** Steps the clock. */
    void step(Duration by) {
        try (Memory timex = newTimex(ADJ_SETOFFSET | ADJ_NANO)) {
            timex.setLong(SECONDS, by.getSeconds());
            timex.setLong(NANOS, by.getNano());
            adjust(timex);
        }
    }

    /** Lets the clock run faster, or slower, by a number of millionths; 100,000 is the most. */
    void slew(long millionths) {
        try (Memory timex = newTimex(ADJ_TICK)) {
            timex.setLong(TICK, USUAL_TICK_MICROS + USUAL_TICK_MICROS * millionths / 1_000_000);
            adjust(timex);
        }
    }

    private static Memory newTimex(int modes) {
        Memory timex = new Memory(SIZE);
        timex.clear();
        timex.setInt(MODES, modes);
        return timex;
    }

    private void adjust(Memory timex) {
        if (adjtimex.invokeInt(new Object[] {timex}) < 0) {
            throw new IllegalStateException("adjtimex failed: " + Errno.describe(Native.getLastError()));
        }
    }
}
