// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

/** Loads twice and says what came of it; run in a JVM of its own, where loading fails. */
final class LoadProgram {
    private LoadProgram() {}

    public static void main(String[] arguments) {
        for (int i = 0; i < 2; i++) {
            try {
                LibC.load();
                System.out.println("loaded " + LibC.close(-1) + " " + Errno.name(LibC.errno()));
            } catch (LibCUnavailableException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
