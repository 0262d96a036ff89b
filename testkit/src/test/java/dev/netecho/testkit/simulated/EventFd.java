// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import com.sun.jna.Library;
import com.sun.jna.Native;

/** The system call eventfd(2), for a descriptor that child processes inherit. */
final class EventFd {
    private EventFd() {}

    /** JNA binds it; names are those of the C library. */
    interface LibC extends Library {
        int eventfd(int initval, int flags);

        int close(int fd);
    }

    private static final LibC C = Native.load("c", LibC.class);

    /** {@return a descriptor without EFD_CLOEXEC} */
    static int open() {
        int descriptor = C.eventfd(0, 0);
        if (descriptor < 0) {
            throw new IllegalStateException("eventfd() failed with errno " + Native.getLastError());
        }
        return descriptor;
    }

    static void close(int descriptor) {
        C.close(descriptor);
    }
}
