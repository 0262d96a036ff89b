/*
 * SPDX-License-Identifier: Apache-2.0
 * Copyright 2026 The Netecho Authors
 *
 * Stands in for iphlpapi.dll in the network library of a JRE 21, which asks for two functions that Wine 8 lacks; the
 * JVM crashes without them. netecho_iphlp.def hands all others to iphlpapi.dll itself. The backend does not use it.
 */
#include <winsock2.h>
#include <windows.h>

/* No addresses: MIB_ANYCASTIPADDRESS_TABLE begins with their number. Wine's FreeMibTable frees from this heap. */
DWORD WINAPI GetAnycastIpAddressTable(unsigned short family, void **table)
{
    (void) family;
    *table = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, 64);
    return *table ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
}

DWORD WINAPI ConvertLengthToIpv4Mask(ULONG length, ULONG *mask)
{
    if (length > 32)
        return ERROR_INVALID_PARAMETER;
    *mask = length == 0 ? 0 : _byteswap_ulong(0xffffffffu << (32 - length));
    return NO_ERROR;
}
