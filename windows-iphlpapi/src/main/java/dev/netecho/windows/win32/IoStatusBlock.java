// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

/**
 * {@code IO_STATUS_BLOCK} of wdm.h, valid only inside the APC routine that gets it.
 *
 * <pre>
 * x64 x86
 *  0   0  Status       NTSTATUS
 *  8   4  Information  ULONG_PTR, bytes written to the reply buffer
 * 16   8  size
 * </pre>
 */
public final class IoStatusBlock {
    private IoStatusBlock() {}

    /** {@return the size in bytes} */
    public static int size(PointerWidth width) {
        return 2 * width.bytes();
    }

    static int information(PointerWidth width) {
        return width.bytes();
    }
}
