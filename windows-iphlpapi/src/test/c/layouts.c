// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
//
// The layouts of the package dev.netecho.windows.win32 against the headers of mingw-w64, for x64 and for x86. Only compiled.
// The headers lack ICMPV6_ECHO_REPLY: its declaration is that of Microsoft's ipexport.h, IPV6_ADDRESS_EX packed and the reply not.
#include <stddef.h>
#include <stdint.h>
#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <icmpapi.h>
#include <winternl.h>

#define SAME(expression, x64, x86) _Static_assert((expression) == (sizeof(void *) == 8 ? (x64) : (x86)), #expression)

SAME(sizeof(IP_OPTION_INFORMATION), 16, 8);
SAME(offsetof(IP_OPTION_INFORMATION, Ttl), 0, 0);
SAME(offsetof(IP_OPTION_INFORMATION, Tos), 1, 1);
SAME(offsetof(IP_OPTION_INFORMATION, Flags), 2, 2);
SAME(offsetof(IP_OPTION_INFORMATION, OptionsSize), 3, 3);
SAME(offsetof(IP_OPTION_INFORMATION, OptionsData), 8, 4);

SAME(sizeof(ICMP_ECHO_REPLY), 40, 28);
SAME(offsetof(ICMP_ECHO_REPLY, Address), 0, 0);
SAME(offsetof(ICMP_ECHO_REPLY, Status), 4, 4);
SAME(offsetof(ICMP_ECHO_REPLY, RoundTripTime), 8, 8);
SAME(offsetof(ICMP_ECHO_REPLY, DataSize), 12, 12);
SAME(offsetof(ICMP_ECHO_REPLY, Reserved), 14, 14);
SAME(offsetof(ICMP_ECHO_REPLY, Data), 16, 16);
SAME(offsetof(ICMP_ECHO_REPLY, Options), 24, 20);

SAME(sizeof(struct sockaddr_in6), 28, 28);
SAME(offsetof(struct sockaddr_in6, sin6_family), 0, 0);
SAME(offsetof(struct sockaddr_in6, sin6_port), 2, 2);
SAME(offsetof(struct sockaddr_in6, sin6_flowinfo), 4, 4);
SAME(offsetof(struct sockaddr_in6, sin6_addr), 8, 8);
SAME(offsetof(struct sockaddr_in6, sin6_scope_id), 24, 24);
SAME(AF_INET6, 23, 23);

SAME(sizeof(IO_STATUS_BLOCK), 16, 8);
SAME(offsetof(IO_STATUS_BLOCK, Information), 8, 4);

#pragma pack(push, 1)
typedef struct {
    USHORT sin6_port;
    ULONG sin6_flowinfo;
    USHORT sin6_addr[8];
    ULONG sin6_scope_id;
} netecho_IPV6_ADDRESS_EX;
#pragma pack(pop)

typedef struct {
    netecho_IPV6_ADDRESS_EX Address;
    ULONG Status;
    unsigned int RoundTripTime;
} netecho_ICMPV6_ECHO_REPLY;

SAME(sizeof(netecho_IPV6_ADDRESS_EX), 26, 26);
SAME(sizeof(netecho_ICMPV6_ECHO_REPLY), 36, 36);
SAME(offsetof(netecho_ICMPV6_ECHO_REPLY, Address.sin6_addr), 6, 6);
SAME(offsetof(netecho_ICMPV6_ECHO_REPLY, Address.sin6_scope_id), 22, 22);
SAME(offsetof(netecho_ICMPV6_ECHO_REPLY, Status), 28, 28);
SAME(offsetof(netecho_ICMPV6_ECHO_REPLY, RoundTripTime), 32, 32);

SAME(IP_FLAG_DF, 2, 2);
SAME(IP_BUF_TOO_SMALL, 11001, 11001);
SAME(IP_DEST_PROT_UNREACHABLE, 11004, 11004);
SAME(IP_REQ_TIMED_OUT, 11010, 11010);
SAME(IP_TTL_EXPIRED_TRANSIT, 11013, 11013);
SAME(IP_SOURCE_QUENCH, 11016, 11016);
SAME(IP_GENERAL_FAILURE, 11050, 11050);
SAME(IP_PENDING, 11255, 11255);
SAME(ERROR_INVALID_PARAMETER, 87, 87);
SAME(ERROR_IO_PENDING, 997, 997);
SAME(ERROR_NOT_ENOUGH_MEMORY, 8, 8);
SAME(ERROR_NOT_SUPPORTED, 50, 50);
SAME(ERROR_INVALID_NETNAME, 1214, 1214);
SAME(ERROR_NETWORK_UNREACHABLE, 1231, 1231);
SAME(ERROR_HOST_UNREACHABLE, 1232, 1232);

int netecho_layouts;
