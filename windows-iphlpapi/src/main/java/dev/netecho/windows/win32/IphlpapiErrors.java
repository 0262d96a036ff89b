// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import com.sun.jna.Pointer;

/**
 * {@link IpErrorApi} in iphlpapi.dll, by JNA direct mapping. A separate class, because Wine (8.0) does not export the
 * function, and one missing export makes all functions of its class unusable.
 */
@SuppressWarnings("MemberName") // the system's spelling
public final class IphlpapiErrors implements IpErrorApi {
    IphlpapiErrors() {}

    @Override
    public native int GetIpErrorString(int errorCode, Pointer buffer, Pointer size);
}
