// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Loads twice and says what came of it; run in a JVM of its own, where loading fails. */
final class LoadProgram {
    static final int MOST_MEMORY = 256 << 10;
    static final String NO_MEMORY = "no-memory";

    private static final int NOT_OPENED = 1_000;

    /** What {@link dev.netecho.backend.ForeignFunctions} needs for a thread is more than this leaves. */
    @SuppressWarnings("UnusedVariable")
    private static @Nullable ByteBuffer held;

    private LoadProgram() {}

    /**
     * With a number as argument, only so many descriptors are left to load with. With {@link #NO_MEMORY}, direct memory
     * is short until the first call has been made.
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0 && arguments[0].equals(NO_MEMORY)) {
            held = ByteBuffer.allocateDirect(MOST_MEMORY - (32 << 10));
        } else if (arguments.length > 0) {
            leave(Integer.parseInt(arguments[0]));
        }
        for (int i = 0; i < 2; i++) {
            try {
                LibC.load();
                int result = LibC.close(-1);
                held = null;
                System.out.println("loaded " + LibC.bindingTitle() + " " + result + " " + Errno.name(LibC.errno()));
            } catch (LibCUnavailableException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static void leave(int free) throws IOException {
        Deque<FileInputStream> taken = new ArrayDeque<>();
        try {
            while (taken.size() < NOT_OPENED) {
                taken.push(new FileInputStream("/dev/null"));
            }
            throw new IOException("the limit of open files is above " + NOT_OPENED);
        } catch (FileNotFoundException e) { // EMFILE
            for (int i = 0; i < free; i++) {
                taken.pop().close();
            }
        }
    }
}
