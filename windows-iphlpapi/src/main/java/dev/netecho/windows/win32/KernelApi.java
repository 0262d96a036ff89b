// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

/** What the engine needs of kernel32; tests replace it. */
@SuppressWarnings("MemberName") // the system's spelling
public interface KernelApi {
    /** A time without end. */
    int INFINITE = -1;

    /** WaitForSingleObjectEx: the wait failed. */
    int WAIT_FAILED = -1;

    /** {@return an event; 0 on failure} */
    long CreateEventW(long eventAttributes, boolean manualReset, boolean initialState, long name);

    /** {@return whether the event was signalled} */
    boolean SetEvent(long event);

    /** {@return whether the handle was closed} */
    boolean CloseHandle(long object);

    /** {@return WAIT_*; if alertable, APC routines run on this thread inside the call} */
    int WaitForSingleObjectEx(long handle, int milliseconds, boolean alertable);

    /** {@return WAIT_IO_COMPLETION if APC routines ran, else 0} */
    int SleepEx(int milliseconds, boolean alertable);

    /** {@return the length of the system's text for a number, in characters; 0 if it has none} */
    int FormatMessageW(int flags, long source, int messageId, int languageId, long buffer, int size, long arguments);

    /** {@return the error of this thread's last call to a function of this package} Success does not reset it. */
    int GetLastError();
}
