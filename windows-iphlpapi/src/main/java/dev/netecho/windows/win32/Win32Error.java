// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

/** The Win32 error numbers (winerror.h) that the ICMP functions are known to return. */
public final class Win32Error {
    public static final int ERROR_ACCESS_DENIED = 5;
    public static final int ERROR_INVALID_HANDLE = 6;
    public static final int ERROR_NOT_ENOUGH_MEMORY = 8;
    public static final int ERROR_NOT_SUPPORTED = 50;
    public static final int ERROR_INVALID_PARAMETER = 87;
    public static final int ERROR_CALL_NOT_IMPLEMENTED = 120;
    public static final int ERROR_INSUFFICIENT_BUFFER = 122;
    /** The normal answer to an asynchronous call: one completion will follow. */
    public static final int ERROR_IO_PENDING = 997;

    public static final int ERROR_INVALID_NETNAME = 1214;
    public static final int ERROR_NO_NETWORK = 1222;
    public static final int ERROR_NETWORK_UNREACHABLE = 1231;
    public static final int ERROR_HOST_UNREACHABLE = 1232;
    public static final int ERROR_HOST_DOWN = 1256;
    public static final int ERROR_NO_SYSTEM_RESOURCES = 1450;
    public static final int ERROR_WORKING_SET_QUOTA = 1453;
    public static final int ERROR_NOT_ENOUGH_QUOTA = 1816;
    public static final int WSAEACCES = 10013;
    public static final int WSAEAFNOSUPPORT = 10047;
    public static final int WSAEADDRNOTAVAIL = 10049;
    public static final int WSAENETDOWN = 10050;
    public static final int WSAENETUNREACH = 10051;
    public static final int WSAEHOSTUNREACH = 10065;

    /** NTSTATUS: Wine's driver has no slot left; the reply buffer is untouched. */
    public static final int STATUS_NO_MEMORY = 0xC000_0017;

    /** NTSTATUS: the process has reached its quota of system memory. */
    public static final int STATUS_QUOTA_EXCEEDED = 0xC000_0044;

    /** NTSTATUS: the driver has no memory for the request. */
    public static final int STATUS_INSUFFICIENT_RESOURCES = 0xC000_009A;

    /** NTSTATUS: the working set of the process is too small to lock the request's memory. */
    public static final int STATUS_WORKING_SET_QUOTA = 0xC000_00A1;

    /** NTSTATUS: the driver, or a filter above it, forbids the request. */
    public static final int STATUS_ACCESS_DENIED = 0xC000_0022;

    /** NTSTATUS: the driver does not know the request. */
    public static final int STATUS_NOT_SUPPORTED = 0xC000_00BB;

    /** NTSTATUS: no route to the network. */
    public static final int STATUS_NETWORK_UNREACHABLE = 0xC000_023C;

    /** NTSTATUS: no route to the host. */
    public static final int STATUS_HOST_UNREACHABLE = 0xC000_023D;

    private Win32Error() {}
}
