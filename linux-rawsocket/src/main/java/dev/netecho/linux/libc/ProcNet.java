// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where proc(5) describes the calling thread's network namespace. */
public final class ProcNet {
    /** {@code /proc/net} is that of the process' first thread. Before Linux 3.17 there is no other. */
    private static final String FOLDER =
            new File("/proc/thread-self").exists() ? "/proc/thread-self/net/" : "/proc/net/";

    private static final Path NAMESPACE = Path.of("/proc/thread-self/ns/net");

    private ProcNet() {}

    /** {@return what names the calling thread's network namespace, such as "net:[4026531840]"; empty if unknown} */
    public static String namespace() {
        try {
            return Files.readSymbolicLink(NAMESPACE).toString();
        } catch (IOException e) {
            return ""; // a system without proc(5) files of a thread
        }
    }

    /**
     * {@return whether two network namespaces are known to be different}
     *
     * @param one what {@link #namespace} said on one thread
     * @param other what it said on another
     */
    public static boolean differ(String one, String other) {
        return !one.isEmpty() && !other.isEmpty() && !one.equals(other);
    }

    /**
     * {@return the path of a file}
     *
     * @param name the file's name
     */
    public static String file(String name) {
        return FOLDER + name;
    }
}
