// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import com.sun.jna.Pointer;
import dev.netecho.EchoRequest;

/** An open ICMP handle of one family. Only the worker thread uses it. */
interface IcmpHandle {
    /**
     * {@return the memory of a request, ready to be sent}
     *
     * @param request the request
     * @param token the token of its payload
     */
    RequestMemory prepare(EchoRequest request, long token);

    /**
     * Calls the system.
     *
     * @param memory what {@link #prepare} made; the system's until the completion, if there will be one
     * @param request the request
     * @param apcRoutine what the system calls at the end
     * @param number what it gives to it
     * @param timeoutMillis how long it shall listen
     * @return 0 if a completion will follow, else the error
     */
    int send(RequestMemory memory, EchoRequest request, Pointer apcRoutine, int number, int timeoutMillis);

    /**
     * Reads a completion, exactly once.
     *
     * @param memory the request's
     * @param ntStatus IO_STATUS_BLOCK.Status
     * @param information IO_STATUS_BLOCK.Information
     */
    NativeReply read(RequestMemory memory, int ntStatus, long information);

    /** Closes the handle; nothing may be outstanding. */
    void close();
}
