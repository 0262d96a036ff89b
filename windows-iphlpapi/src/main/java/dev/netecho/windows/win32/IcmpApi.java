// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

/** The IPv4 functions of icmpapi.h that the engine calls; tests replace them. */
@SuppressWarnings("MemberName") // the system's spelling
public interface IcmpApi {
    /** {@return a handle; INVALID_HANDLE_VALUE on failure} */
    long IcmpCreateFile();

    /** {@return whether the handle was closed} Requests in flight are not cancelled by it. */
    boolean IcmpCloseHandle(long icmpHandle);

    /** {@return the number of replies; 0 with the last error ERROR_IO_PENDING if a completion will follow} */
    int IcmpSendEcho2Ex(
            long icmpHandle,
            long event,
            long apcRoutine,
            long apcContext,
            int sourceAddress,
            int destinationAddress,
            long requestData,
            short requestSize,
            long requestOptions,
            long replyBuffer,
            int replySize,
            int timeout);

    /** {@return the number of replies in the buffer, the first time it is called for a completion; 0 afterwards} */
    int IcmpParseReplies(long replyBuffer, int replySize);
}
