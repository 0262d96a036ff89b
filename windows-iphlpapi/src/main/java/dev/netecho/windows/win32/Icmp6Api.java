// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

/** The IPv6 functions of icmpapi.h that the engine calls; tests replace them. */
@SuppressWarnings("MemberName") // the system's spelling
public interface Icmp6Api {
    /** {@return a handle; INVALID_HANDLE_VALUE where the system has no ICMPv6} */
    long Icmp6CreateFile();

    /** {@return whether the handle was closed} Requests in flight are not cancelled by it. */
    boolean IcmpCloseHandle(long icmpHandle);

    /** {@return the number of replies; 0 with the last error ERROR_IO_PENDING if a completion will follow} */
    int Icmp6SendEcho2(
            long icmpHandle,
            long event,
            long apcRoutine,
            long apcContext,
            long sourceAddress,
            long destinationAddress,
            long requestData,
            short requestSize,
            long requestOptions,
            long replyBuffer,
            int replySize,
            int timeout);
}
