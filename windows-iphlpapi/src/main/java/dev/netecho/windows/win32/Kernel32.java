// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** {@link KernelApi} in kernel32.dll, by JNA direct mapping. */
@SuppressWarnings("MemberName") // the system's spelling
public final class Kernel32 implements KernelApi {
    Kernel32() {}

    @Override
    public native @Nullable Pointer CreateEventW(
            @Nullable Pointer eventAttributes, boolean manualReset, boolean initialState, @Nullable Pointer name);

    @Override
    public native boolean SetEvent(Pointer event);

    @Override
    public native boolean CloseHandle(Pointer object);

    @Override
    public native int WaitForSingleObjectEx(Pointer handle, int milliseconds, boolean alertable);

    @Override
    public native int SleepEx(int milliseconds, boolean alertable);

    @Override
    public native int FormatMessageW(
            int flags,
            @Nullable Pointer source,
            int messageId,
            int languageId,
            Pointer buffer,
            int size,
            @Nullable Pointer arguments);

    /** GetLastError cannot be bound directly: JNA calls other functions in between and keeps the value. */
    @Override
    public int GetLastError() {
        return Native.getLastError();
    }
}
