// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import static dev.netecho.windows.win32.JnaBinding.pointer;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * {@link Icmp6Api} in iphlpapi.dll, by JNA direct mapping. A separate class, because one missing export makes all
 * functions of its class unusable.
 */
@SuppressWarnings("MemberName") // the system's spelling
final class Iphlpapi6 implements Icmp6Api {
    /** What JNA binds. */
    static final class Dll {
        private Dll() {}

        static native @Nullable Pointer Icmp6CreateFile();

        static native boolean IcmpCloseHandle(@Nullable Pointer icmpHandle);

        static native int Icmp6SendEcho2(
                @Nullable Pointer icmpHandle,
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

    @Override
    public long Icmp6CreateFile() {
        return Pointer.nativeValue(Dll.Icmp6CreateFile());
    }

    @Override
    public boolean IcmpCloseHandle(long icmpHandle) {
        return Dll.IcmpCloseHandle(pointer(icmpHandle));
    }

    @Override
    public int Icmp6SendEcho2(
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
            int timeout) {
        return Dll.Icmp6SendEcho2(
                pointer(icmpHandle),
                pointer(event),
                pointer(apcRoutine),
                pointer(apcContext),
                pointer(sourceAddress),
                pointer(destinationAddress),
                pointer(requestData),
                requestSize,
                pointer(requestOptions),
                pointer(replyBuffer),
                replySize,
                timeout);
    }
}
