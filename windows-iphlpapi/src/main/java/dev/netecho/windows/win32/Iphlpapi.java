// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import static dev.netecho.windows.win32.JnaBinding.pointer;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** {@link IcmpApi} in iphlpapi.dll, by JNA direct mapping. */
@SuppressWarnings("MemberName") // the system's spelling
final class Iphlpapi implements IcmpApi {
    /** What JNA binds. */
    static final class Dll {
        private Dll() {}

        static native @Nullable Pointer IcmpCreateFile();

        static native boolean IcmpCloseHandle(@Nullable Pointer icmpHandle);

        static native int IcmpSendEcho2Ex(
                @Nullable Pointer icmpHandle,
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

        static native int IcmpParseReplies(@Nullable Pointer replyBuffer, int replySize);
    }

    @Override
    public long IcmpCreateFile() {
        return Pointer.nativeValue(Dll.IcmpCreateFile());
    }

    @Override
    public boolean IcmpCloseHandle(long icmpHandle) {
        return Dll.IcmpCloseHandle(pointer(icmpHandle));
    }

    @Override
    public int IcmpSendEcho2Ex(
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
            int timeout) {
        return Dll.IcmpSendEcho2Ex(
                pointer(icmpHandle),
                pointer(event),
                pointer(apcRoutine),
                pointer(apcContext),
                sourceAddress,
                destinationAddress,
                pointer(requestData),
                requestSize,
                pointer(requestOptions),
                pointer(replyBuffer),
                replySize,
                timeout);
    }

    @Override
    public int IcmpParseReplies(long replyBuffer, int replySize) {
        return Dll.IcmpParseReplies(pointer(replyBuffer), replySize);
    }
}
