// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Loads twice and says what came of it; run in a JVM of its own, where loading fails. */
final class LoadProgram {
    private static final int NOT_OPENED = 1_000;

    private LoadProgram() {}

    /** With a number as argument, only so many descriptors are left to load with. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0) {
            leave(Integer.parseInt(arguments[0]));
        }
        for (int i = 0; i < 2; i++) {
            try {
                LibC.load();
                System.out.println(
                        "loaded " + LibC.bindingTitle() + " " + LibC.close(-1) + " " + Errno.name(LibC.errno()));
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
