// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** What the engine needs of kernel32; tests replace {@link Kernel32}. */
@SuppressWarnings("MemberName") // the system's spelling
public interface KernelApi {
    /** A time without end. */
    int INFINITE = -1;

    /** WaitForSingleObjectEx: the wait failed. */
    int WAIT_FAILED = -1;

    /** {@return an event; null on failure} */
    @Nullable
    Pointer CreateEventW(
            @Nullable Pointer eventAttributes, boolean manualReset, boolean initialState, @Nullable Pointer name);

    /** {@return whether the event was signalled} */
    boolean SetEvent(Pointer event);

    /** {@return whether the handle was closed} */
    boolean CloseHandle(Pointer object);

    /** {@return WAIT_*; if alertable, APC routines run on this thread inside the call} */
    int WaitForSingleObjectEx(Pointer handle, int milliseconds, boolean alertable);

    /** {@return WAIT_IO_COMPLETION if APC routines ran, else 0} */
    int SleepEx(int milliseconds, boolean alertable);

    /** {@return the length of the system's text for a number, in characters; 0 if it has none} */
    int FormatMessageW(
            int flags,
            @Nullable Pointer source,
            int messageId,
            int languageId,
            Pointer buffer,
            int size,
            @Nullable Pointer arguments);

    /** {@return the error of this thread's last call to a function of this package} Success does not reset it. */
    int GetLastError();
}
