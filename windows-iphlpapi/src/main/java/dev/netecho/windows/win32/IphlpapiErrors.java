// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import com.sun.jna.Pointer;

/**
 * {@link IpErrorApi} in iphlpapi.dll, by JNA direct mapping. A class of its own, because Wine exports no such function
 * (8.0), and one that is missing takes all of its class with it.
 */
@SuppressWarnings("MemberName") // the system's spelling
public final class IphlpapiErrors implements IpErrorApi {
    IphlpapiErrors() {}

    @Override
    public native int GetIpErrorString(int errorCode, Pointer buffer, Pointer size);
}
