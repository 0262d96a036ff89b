// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.io.File;

/** Where proc(5) describes the calling thread's network namespace. */
public final class ProcNet {
    /** {@code /proc/net} is that of the process' first thread. Before Linux 3.17 there is no other. */
    private static final String FOLDER =
            new File("/proc/thread-self").exists() ? "/proc/thread-self/net/" : "/proc/net/";

    private ProcNet() {}

    /**
     * {@return the path of a file}
     *
     * @param name the file's name
     */
    public static String file(String name) {
        return FOLDER + name;
    }
}
