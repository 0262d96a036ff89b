// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

/**
 * What is called when a request has ended, inside an alertable wait of the thread that sent: {@code PIO_APC_ROUTINE},
 * whose {@code IO_STATUS_BLOCK} the binding has read.
 */
@FunctionalInterface
public interface ApcRoutine {
    /**
     * A request has ended. Must not throw and must not wait.
     *
     * @param apcContext the number given with the request
     * @param ntStatus IO_STATUS_BLOCK.Status; an error is negative
     * @param information IO_STATUS_BLOCK.Information: how many bytes of the reply buffer were written
     */
    void completed(long apcContext, int ntStatus, long information);
}
