// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether this process can still open files. Java reports EMFILE and ENFILE without their numbers and in any form: a
 * missing class, or a native library or configuration file that cannot be read. Thread-safe.
 */
public final class OpenFiles {
    /** The reason of a failure if {@link #areScarce()}; how many are left by then is not known. */
    public static final String WHY = "few or no file descriptors are left (EMFILE or ENFILE)";

    /** What to do if {@link #areScarce()}. */
    public static final String REMEDY = "raise the limit of open files of this process (ulimit -n, LimitNOFILE= in a"
            + " systemd unit) or of the host (sysctl fs.file-max), and restart the process";

    /**
     * What failed has given back what it held: a requester up to eleven, JNA three while it loads (the resource, the
     * file that it unpacks, and the library).
     */
    private static final int ENOUGH = 16;

    private static final File ALWAYS_THERE = new File("/dev/null");

    private OpenFiles() {}

    /**
     * {@return whether this process can open fewer than sixteen more files} It tries, and closes them again. False if
     * there is no {@code /dev/null}. Call it once early: without descriptors, no class can be read from a folder.
     */
    public static boolean areScarce() {
        if (!ALWAYS_THERE.exists()) {
            return false; // nothing can be tried
        }
        List<FileInputStream> opened = new ArrayList<>();
        try {
            for (int i = 0; i < ENOUGH; i++) {
                opened.add(new FileInputStream(ALWAYS_THERE));
            }
            return false;
        } catch (IOException e) {
            return true;
        } finally {
            for (FileInputStream file : opened) {
                close(file);
            }
        }
    }

    private static void close(FileInputStream file) {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // close(2) of /dev/null
        }
    }
}
