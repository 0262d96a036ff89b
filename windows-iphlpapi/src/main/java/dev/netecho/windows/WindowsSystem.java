// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.windows.win32.ApcRoutine;
import dev.netecho.windows.win32.Binding;
import dev.netecho.windows.win32.Bindings;
import dev.netecho.windows.win32.CallableRoutine;
import dev.netecho.windows.win32.Icmp6Api;
import dev.netecho.windows.win32.IcmpApi;
import dev.netecho.windows.win32.IpErrorApi;
import dev.netecho.windows.win32.IpStatusMessages;
import dev.netecho.windows.win32.KernelApi;
import dev.netecho.windows.win32.NativeHeap;
import dev.netecho.windows.win32.PointerWidth;
import dev.netecho.windows.win32.SystemMessages;
import dev.netecho.windows.win32.Win32UnavailableException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that an engine uses of the operating system, in one place, so that a test can replace it.
 *
 * @param icmp6 null where the system has no such functions
 * @param icmp6Failure why there are none; empty if there are
 * @param ipErrors null where the system has no texts for IP_STATUS values
 * @param traits which options it obeys
 * @param callable makes a routine callable for the system
 * @param addresses asks for the addresses of this host
 */
record WindowsSystem(
        KernelApi kernel,
        IcmpApi icmp,
        @Nullable Icmp6Api icmp6,
        String icmp6Failure,
        @Nullable IpErrorApi ipErrors,
        NativeHeap heap,
        PointerWidth width,
        HostTraits traits,
        Function<ApcRoutine, CallableRoutine> callable,
        Supplier<List<HostAddresses.Owned>> addresses) {
    /**
     * {@return the system this process runs on}
     *
     * @throws Win32UnavailableException if its functions cannot be called
     */
    static WindowsSystem load() {
        Binding binding = Bindings.load();
        return new WindowsSystem(
                binding.kernel(),
                binding.icmp(),
                binding.icmp6(),
                binding.icmp6Failure(),
                binding.ipErrors(),
                binding.heap(),
                binding.width(),
                HostTraits.of(binding.wine()),
                binding::callable,
                HostAddresses::ofThisHost);
    }

    SystemMessages messages() {
        return new SystemMessages(kernel, heap);
    }

    IpStatusMessages ipStatusMessages() {
        return new IpStatusMessages(ipErrors, heap);
    }

    /**
     * {@return 0 if a completion follows a call that returned {@code replies}, else what {@link IcmpHandle#send}
     * returns}
     */
    int errorOf(int replies) {
        int error = kernel.GetLastError();
        if (Ipv4Handle.completionFollows(replies, error)) {
            return 0;
        }
        return error == 0 ? IcmpHandle.UNCONFIRMED : error;
    }
}
