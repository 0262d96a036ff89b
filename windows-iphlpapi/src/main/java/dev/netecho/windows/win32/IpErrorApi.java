// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

/** The one function of iphlpapi.h that the engine calls; tests replace it. */
@SuppressWarnings("MemberName") // the system's spelling
public interface IpErrorApi {
    /**
     * {@return 0 (NO_ERROR) if the buffer has the text, else a Win32 error}
     *
     * @param errorCode an IP_STATUS
     * @param buffer receives the text in UTF-16, ended by a null
     * @param size a DWORD: how many characters the buffer has room for, without the null; after
     *     ERROR_INSUFFICIENT_BUFFER how many it needs
     */
    int GetIpErrorString(int errorCode, long buffer, long size);
}
