// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

/** Run by a test in a JVM of its own: takes signals, fills the heap for a second, says so, and waits. */
final class FullHeapProgram {
    static final String WAS_FULL = "was full";
    private static final long SHORTAGE_MILLIS = 1_000;
    private static final long PATIENCE_MILLIS = 60_000;

    private static Object[] kept;

    private FullHeapProgram() {}

    public static void main(String[] arguments) throws Exception {
        BlockedSignals.take(InterruptHook.install(() -> 0));
        for (int length = 1 << 16; length > 0; length /= 2) {
            fill(length);
        }
        Thread.sleep(SHORTAGE_MILLIS); // the thread that takes signals looks meanwhile
        kept = null;
        System.out.println(WAS_FULL);
        Thread.sleep(PATIENCE_MILLIS);
    }

    /** Until no piece of this length fits. */
    private static void fill(int length) {
        try {
            while (true) {
                Object[] more = new Object[length];
                more[0] = kept;
                kept = more;
            }
        } catch (OutOfMemoryError e) {
            // That is what was wanted.
        }
    }
}
