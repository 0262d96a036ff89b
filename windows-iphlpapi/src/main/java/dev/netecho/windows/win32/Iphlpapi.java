// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** {@link IcmpApi} in iphlpapi.dll, by JNA direct mapping. */
@SuppressWarnings("MemberName") // the system's spelling
public final class Iphlpapi implements IcmpApi {
    Iphlpapi() {}

    @Override
    public native Pointer IcmpCreateFile();

    @Override
    public native boolean IcmpCloseHandle(Pointer icmpHandle);

    @Override
    public native int IcmpSendEcho2Ex(
            Pointer icmpHandle,
            @Nullable Pointer event,
            @Nullable Pointer apcRoutine,
            @Nullable Pointer apcContext,
            int sourceAddress,
            int destinationAddress,
            @Nullable Pointer requestData,
            short requestSize,
            @Nullable Pointer requestOptions,
            @Nullable Pointer replyBuffer,
            int replySize,
            int timeout);

    @Override
    public native int IcmpParseReplies(Pointer replyBuffer, int replySize);
}
