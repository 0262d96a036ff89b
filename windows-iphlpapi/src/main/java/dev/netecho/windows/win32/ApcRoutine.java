// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import com.sun.jna.Pointer;
import com.sun.jna.win32.StdCallLibrary.StdCallCallback;
import org.jspecify.annotations.Nullable;

/**
 * {@code PIO_APC_ROUTINE}: what Windows calls when a request has ended, inside an alertable wait of the thread that
 * sent. JNA holds callbacks weakly: keep one that the system has reachable until the last completion.
 */
@FunctionalInterface
public interface ApcRoutine extends StdCallCallback {
    /**
     * A request has ended. Must not throw and must not wait.
     *
     * @param apcContext the number given with the request
     * @param ioStatusBlock an {@link IoStatusBlock}, valid only during this call
     * @param reserved nothing
     */
    void completed(@Nullable Pointer apcContext, @Nullable Pointer ioStatusBlock, int reserved);
}
