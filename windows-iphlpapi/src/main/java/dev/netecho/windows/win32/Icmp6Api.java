// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** The IPv6 functions of icmpapi.h that the engine calls; tests replace {@link Iphlpapi6}. */
@SuppressWarnings("MemberName") // the system's spelling
public interface Icmp6Api {
    /** {@return a handle; INVALID_HANDLE_VALUE where the system has no ICMPv6} */
    Pointer Icmp6CreateFile();

    /** {@return whether the handle was closed} Requests in flight are not cancelled by it. */
    boolean IcmpCloseHandle(Pointer icmpHandle);

    /** {@return the number of replies; 0 with the last error ERROR_IO_PENDING if a completion will follow} */
    int Icmp6SendEcho2(
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
