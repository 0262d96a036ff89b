// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.EchoRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** An open ICMP handle of one family. Only the worker thread uses it. */
interface IcmpHandle {
    /** The call returned 0 without an error. Whether a completion follows is not documented: it may. */
    int UNCONFIRMED = Integer.MIN_VALUE;

    /** {@return the address of these 4 or 16 bytes} */
    static InetAddress loopback(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // 4 or 16 bytes are an address
        }
    }

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
     * @param number what it passes to that routine
     * @param timeoutMillis how long it is to listen
     * @return 0 if a completion will follow, {@link #UNCONFIRMED} if one may, else the error
     */
    int send(RequestMemory memory, EchoRequest request, long apcRoutine, int number, int timeoutMillis);

    /**
     * Reads a completion, exactly once.
     *
     * @param memory the request's
     * @param ntStatus IO_STATUS_BLOCK.Status
     * @param information IO_STATUS_BLOCK.Information
     */
    NativeReply read(RequestMemory memory, int ntStatus, long information);

    /**
     * Sends one echo to this host and waits for it, up to a second.
     *
     * @return 0 if it was answered, else the error; from 11000 on it is an IP_STATUS, which says that the call itself
     *     works
     */
    int callItself();

    /** Closes the handle; nothing may be outstanding. */
    void close();
}
