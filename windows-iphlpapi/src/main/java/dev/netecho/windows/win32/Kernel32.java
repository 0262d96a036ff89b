// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import static dev.netecho.windows.win32.JnaBinding.pointer;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** {@link KernelApi} in kernel32.dll, by JNA direct mapping. */
@SuppressWarnings("MemberName") // the system's spelling
final class Kernel32 implements KernelApi {
    /** What JNA binds. */
    static final class Dll {
        private Dll() {}

        static native @Nullable Pointer CreateEventW(
                @Nullable Pointer eventAttributes, boolean manualReset, boolean initialState, @Nullable Pointer name);

        static native boolean SetEvent(@Nullable Pointer event);

        static native boolean CloseHandle(@Nullable Pointer object);

        static native int WaitForSingleObjectEx(@Nullable Pointer handle, int milliseconds, boolean alertable);

        static native int SleepEx(int milliseconds, boolean alertable);

        static native int FormatMessageW(
                int flags,
                @Nullable Pointer source,
                int messageId,
                int languageId,
                @Nullable Pointer buffer,
                int size,
                @Nullable Pointer arguments);
    }

    @Override
    public long CreateEventW(long eventAttributes, boolean manualReset, boolean initialState, long name) {
        return Pointer.nativeValue(
                Dll.CreateEventW(pointer(eventAttributes), manualReset, initialState, pointer(name)));
    }

    @Override
    public boolean SetEvent(long event) {
        return Dll.SetEvent(pointer(event));
    }

    @Override
    public boolean CloseHandle(long object) {
        return Dll.CloseHandle(pointer(object));
    }

    @Override
    public int WaitForSingleObjectEx(long handle, int milliseconds, boolean alertable) {
        return Dll.WaitForSingleObjectEx(pointer(handle), milliseconds, alertable);
    }

    @Override
    public int SleepEx(int milliseconds, boolean alertable) {
        return Dll.SleepEx(milliseconds, alertable);
    }

    @Override
    public int FormatMessageW(
            int flags, long source, int messageId, int languageId, long buffer, int size, long arguments) {
        return Dll.FormatMessageW(
                flags, pointer(source), messageId, languageId, pointer(buffer), size, pointer(arguments));
    }

    /** GetLastError cannot be bound directly: JNA calls other functions in between and keeps the value. */
    @Override
    public int GetLastError() {
        return Native.getLastError();
    }
}
