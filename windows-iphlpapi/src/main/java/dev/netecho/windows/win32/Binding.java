// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A way to call the functions of this package. Addresses and handles are plain numbers, 0 is null, so that no other
 * class depends on how the calls are made. Thread-safe.
 */
public interface Binding {
    /** {@return what an operator knows it by} */
    String title();

    /** {@return kernel32} */
    KernelApi kernel();

    /** {@return the IPv4 functions of iphlpapi} */
    IcmpApi icmp();

    /** {@return the IPv6 functions of iphlpapi; null where it does not export them} */
    @Nullable
    Icmp6Api icmp6();

    /** {@return why there are no IPv6 functions; empty if there are} */
    String icmp6Failure();

    /** {@return GetIpErrorString of iphlpapi; null where it does not export it} */
    @Nullable
    IpErrorApi ipErrors();

    /** {@return the memory that the system writes to} */
    NativeHeap heap();

    /** {@return the width of a pointer in this process} */
    PointerWidth width();

    /** {@return the version of Wine this process runs on; empty on Windows} */
    Optional<WineVersion> wine();

    /**
     * {@return the routine for the system to call}
     *
     * @param routine what to call
     */
    CallableRoutine callable(ApcRoutine routine);
}
