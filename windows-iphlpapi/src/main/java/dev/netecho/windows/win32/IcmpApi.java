// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** The IPv4 functions of icmpapi.h that the engine calls; tests replace {@link Iphlpapi}. */
@SuppressWarnings("MemberName") // the system's spelling
public interface IcmpApi {
    /** {@return a handle; INVALID_HANDLE_VALUE on failure} */
    Pointer IcmpCreateFile();

    /** {@return whether the handle was closed} Requests in flight are not cancelled by it. */
    boolean IcmpCloseHandle(Pointer icmpHandle);

    /** {@return the number of replies; 0 with the last error ERROR_IO_PENDING if a completion will follow} */
    int IcmpSendEcho2Ex(
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

    /** {@return the number of replies in the buffer, the first time it is called for a completion; 0 afterwards} */
    int IcmpParseReplies(Pointer replyBuffer, int replySize);
}
