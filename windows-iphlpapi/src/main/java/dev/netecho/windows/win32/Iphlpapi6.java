// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * {@link Icmp6Api} in iphlpapi.dll, by JNA direct mapping. A separate class, because one missing export makes all
 * functions of its class unusable.
 */
@SuppressWarnings("MemberName") // the system's spelling
public final class Iphlpapi6 implements Icmp6Api {
    Iphlpapi6() {}

    @Override
    public native Pointer Icmp6CreateFile();

    @Override
    public native boolean IcmpCloseHandle(Pointer icmpHandle);

    @Override
    public native int Icmp6SendEcho2(
            Pointer icmpHandle,
            @Nullable Pointer event,
            @Nullable Pointer apcRoutine,
            @Nullable Pointer apcContext,
            @Nullable Pointer sourceAddress,
            @Nullable Pointer destinationAddress,
            @Nullable Pointer requestData,
            short requestSize,
            @Nullable Pointer requestOptions,
            @Nullable Pointer replyBuffer,
            int replySize,
            int timeout);
}
