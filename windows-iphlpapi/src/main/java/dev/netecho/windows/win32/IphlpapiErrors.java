// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import static dev.netecho.windows.win32.JnaBinding.pointer;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * {@link IpErrorApi} in iphlpapi.dll, by JNA direct mapping. A separate class, because Wine (8.0) does not export the
 * function, and one missing export makes all functions of its class unusable.
 */
@SuppressWarnings("MemberName") // the system's spelling
final class IphlpapiErrors implements IpErrorApi {
    /** What JNA binds. */
    static final class Dll {
        private Dll() {}

        static native int GetIpErrorString(int errorCode, @Nullable Pointer buffer, @Nullable Pointer size);
    }

    @Override
    public int GetIpErrorString(int errorCode, long buffer, long size) {
        return Dll.GetIpErrorString(errorCode, pointer(buffer), pointer(size));
    }
}
