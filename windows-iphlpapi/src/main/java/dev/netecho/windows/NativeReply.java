// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.windows.win32.IpStatus;
import java.util.OptionalInt;

/**
 * What a completion left in the reply buffer.
 *
 * @param status an IP_STATUS, or a negative NTSTATUS if the driver failed before it wrote anything
 * @param responder the bytes of the address, all zero if no host answered
 * @param scopeId the interface index of a link-local responder, else 0
 * @param millis the round-trip time in whole milliseconds
 * @param hopLimit the hop limit the reply arrived with, where the system tells it
 * @param data where in the request's memory the data is
 * @param dataSize how long it is
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record NativeReply(
        int status, byte[] responder, int scopeId, long millis, OptionalInt hopLimit, int data, int dataSize) {
    /**
     * {@return a completion that carries only a reason}
     *
     * @param status the IP_STATUS in the reply buffer, which was IP_GENERAL_FAILURE before the call
     * @param ntStatus IO_STATUS_BLOCK.Status
     */
    static NativeReply failed(int status, int ntStatus) {
        int failure = status == IpStatus.IP_SUCCESS ? IpStatus.IP_GENERAL_FAILURE : status;
        if (ntStatus < 0 && status == IpStatus.IP_GENERAL_FAILURE) {
            failure = ntStatus; // the driver wrote nothing: its own error says more
        }
        return new NativeReply(failure, new byte[0], 0, 0, OptionalInt.empty(), 0, 0);
    }

    boolean hasResponder() {
        for (byte b : responder) {
            if (b != 0) {
                return true;
            }
        }
        return false;
    }
}
