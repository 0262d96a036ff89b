// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
//
// Icmp6CreateFile, Icmp6SendEcho2, Icmp6ParseReplies and GetIpErrorString as Microsoft documents them, over a network that does not exist: Wine before
// 10.14 lacks the first three, and 8.0 the last. The real JNA binding runs against this library under Wine.
//
// Sources of the behaviour: learn.microsoft.com on the three functions; Wine's conformance test dlls/iphlpapi/tests/iphlpapi.c, which
// asserts what Windows does: parameters are refused at once with ERROR_INVALID_PARAMETER or ERROR_INVALID_NETNAME and no completion
// follows; otherwise 0 with ERROR_IO_PENDING, and one APC on the thread that called, inside an alertable wait of it.
//
// Addresses are those of the network lab's plan, 2001:2::18:ROW:D, read as decimal digits:
//   1 at once | 2 after 4 D ms | 3 never | 4 after 100 D ms | 9 unreachable, ICMPv6 code D | 10 D hops away | 11 time exceeded, code D
//   12 parameter problem | 14 packet too big | 20 data byte D changed | 21 D bytes of data | 22 D bytes more | 25 from another address
//   200 the IP_STATUS 11000 + D | 201 refused at once: D = 0 ERROR_NETWORK_UNREACHABLE, 1 ERROR_NOT_ENOUGH_MEMORY,
//       2 ERROR_NOT_SUPPORTED, 3 ERROR_ACCESS_DENIED, 4 ERROR_INVALID_HANDLE, 5 ERROR_INSUFFICIENT_BUFFER,
//       6 ERROR_NO_SYSTEM_RESOURCES, 7 ERROR_WORKING_SET_QUOTA, 8 ERROR_NOT_ENOUGH_QUOTA
//   202 completes with STATUS_NO_MEMORY and an untouched buffer | 203 completes with success and an untouched buffer
//   204 refused D times with ERROR_NO_SYSTEM_RESOURCES, then taken and answered at once, and so on
// GetIpErrorString has texts for 11006, 11050, 11099, which ipexport.h does not know, and 11098, of 600 characters; else it fails.
// fe80::1 answers at once if its scope is 7, and the reply has that scope.
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <winternl.h>
#include <ipexport.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

#define EXPORT __declspec(dllexport)
#define REPLY_SIZE 36u
#define MAX_PENDING 4096
#define STATUS_NO_MEMORY_ ((LONG)0xC0000017)
#define STATUS_INVALID_PARAMETER_ ((LONG)0xC000000D)

typedef VOID(WINAPI *APC)(PVOID context, PIO_STATUS_BLOCK status, ULONG reserved);

typedef struct request {
    ULONGLONG due; // by GetTickCount64
    HANDLE thread;
    APC routine;
    PVOID context;
    BYTE *reply;
    DWORD replySize;
    IO_STATUS_BLOCK iosb;
    ULONG status, millis, scope, dataSize;
    BOOL untouched;
    BYTE responder[16];
    BYTE data[65536 + 256];
} request;

static CRITICAL_SECTION lock;
static request *pending[MAX_PENDING];
static HANDLE server;
static BYTE file; // the address of something: a handle
static volatile LONG lastTimeout, lastHopLimit, opened, texts;

// What the last Icmp6SendEcho2 was given, for the tests: the hop limit is 0 without options.
EXPORT LONG WINAPI netecho_last_timeout(void) { return lastTimeout; }
EXPORT LONG WINAPI netecho_last_hop_limit(void) { return lastHopLimit; }
EXPORT LONG WINAPI netecho_open_handles(void) { return opened; }

EXPORT LONG WINAPI netecho_asked_texts(void) { return texts; }

static void put32(BYTE *at, ULONG value) { memcpy(at, &value, 4); }

static VOID CALLBACK complete(ULONG_PTR parameter) {
    request *r = (request *)parameter;
    r->routine(r->context, &r->iosb, 0);
    CloseHandle(r->thread);
    HeapFree(GetProcessHeap(), 0, r);
}

static void end(request *r) {
    if (!r->untouched) {
        memset(r->reply, 0, REPLY_SIZE);
        memcpy(r->reply + 6, r->responder, 16);
        put32(r->reply + 22, r->scope);
        put32(r->reply + 28, r->status);
        put32(r->reply + 32, r->millis);
        memcpy(r->reply + REPLY_SIZE, r->data, r->dataSize);
        r->iosb.Information = REPLY_SIZE + r->dataSize;
    }
    QueueUserAPC(complete, r->thread, (ULONG_PTR)r);
}

static DWORD WINAPI serve(LPVOID unused) {
    (void)unused;
    for (;;) {
        ULONGLONG now = GetTickCount64();
        EnterCriticalSection(&lock);
        for (int i = 0; i < MAX_PENDING; i++) {
            if (pending[i] && pending[i]->due <= now) {
                end(pending[i]);
                pending[i] = NULL;
            }
        }
        LeaveCriticalSection(&lock);
        Sleep(1);
    }
    return 0;
}

// Size: the characters that fit, without the null; ERROR_INSUFFICIENT_BUFFER says in it how many there are.
EXPORT DWORD WINAPI GetIpErrorString(ULONG status, PWSTR buffer, PDWORD size) {
    WCHAR text[601];
    InterlockedIncrement(&texts);
    switch (status) {
    case 11006: wcscpy(text, L"No resources.\r\n"); break;
    case 11050: wcscpy(text, L"General failure.\r\n"); break;
    case 11098: wmemset(text, L'x', 599); wcscpy(text + 599, L"y"); break;
    case 11099: wcscpy(text, L"Known to\r\nthis system only \x2013.\r\n"); break;
    default: return ERROR_MR_MID_NOT_FOUND;
    }
    if (*size < wcslen(text)) {
        *size = (DWORD)wcslen(text);
        return ERROR_INSUFFICIENT_BUFFER;
    }
    wcscpy(buffer, text);
    *size = (DWORD)wcslen(text);
    return NO_ERROR;
}

EXPORT HANDLE WINAPI Icmp6CreateFile(void) {
    InterlockedIncrement(&opened);
    return &file;
}

EXPORT BOOL WINAPI IcmpCloseHandle(HANDLE handle) {
    if (handle != &file) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    InterlockedDecrement(&opened);
    return TRUE;
}

EXPORT DWORD WINAPI Icmp6ParseReplies(LPVOID buffer, DWORD size) {
    ULONG status;
    if (!buffer || size < REPLY_SIZE) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    memcpy(&status, (BYTE *)buffer + 28, 4);
    if (status == 0) {
        return 1;
    }
    SetLastError(status);
    return 0;
}

static int decimal(const BYTE *group) { // the digits of a group are decimal: 0x0025 is 25
    int value = group[0] << 8 | group[1];
    return (value >> 12) * 1000 + (value >> 8 & 15) * 100 + (value >> 4 & 15) * 10 + (value & 15);
}

static const ULONG UNREACHABLE[] = {11002, 11004, 11045, 11003, 11005, 11004, 11004};
static const DWORD REFUSED[] = {1231, ERROR_NOT_ENOUGH_MEMORY, ERROR_NOT_SUPPORTED, ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE,
                                ERROR_INSUFFICIENT_BUFFER, ERROR_NO_SYSTEM_RESOURCES, ERROR_WORKING_SET_QUOTA, ERROR_NOT_ENOUGH_QUOTA};

static void router(request *r, int number) {
    r->dataSize = 0;
    r->responder[12] = 2;
    r->responder[13] = 0x54; // 2001:2::18:254:number
    r->responder[14] = (BYTE)(number / 1000 << 4 | number / 100 % 10);
    r->responder[15] = (BYTE)(number / 10 % 10 << 4 | number % 10);
}

// Fills in what will be answered and returns after how many ms; -1 for never.
static long plan(request *r, int row, int d, int hops) {
    switch (row) {
    case 1: return 0;
    case 2: return 4L * d;
    case 3: return -1;
    case 4: return 100L * d;
    case 9: r->status = d < 7 ? UNREACHABLE[d] : 11040; break;
    case 10:
        if (hops == 0 || hops >= d) return 0;
        r->status = 11013;
        router(r, hops);
        return 0;
    case 11: r->status = d == 0 ? 11013 : 11014; break;
    case 12: r->status = d == 0 ? 11015 : d == 1 ? 11043 : 11042; break;
    case 14: r->status = 11009; break;
    case 20: if (r->dataSize) r->data[d % r->dataSize] ^= 1; return 0;
    case 21: if (r->dataSize > (ULONG)d) r->dataSize = d; return 0;
    case 22:
        memset(r->data + r->dataSize, 0, d);
        if (REPLY_SIZE + r->dataSize + d <= r->replySize) r->dataSize += d;
        return 0;
    case 25: r->responder[12] = 2; r->responder[13] = 0x53; return 0;
    case 200: r->status = 11000 + d; break;
    case 202: r->untouched = TRUE; r->iosb.Status = STATUS_NO_MEMORY_; return 0;
    case 203: r->untouched = TRUE; return 0;
    case 204: return 0;
    default: return -1;
    }
    router(r, 1);
    return 0;
}

static BOOL isZero(const BYTE *address) {
    static const BYTE zero[16];
    return memcmp(address, zero, 16) == 0;
}

static DWORD refuse(DWORD error) {
    SetLastError(error);
    return 0;
}

EXPORT DWORD WINAPI Icmp6SendEcho2(HANDLE handle, HANDLE event, APC routine, PVOID context, struct sockaddr_in6 *source,
                                   struct sockaddr_in6 *destination, LPVOID data, WORD dataSize, PIP_OPTION_INFORMATION options,
                                   LPVOID reply, DWORD replySize, DWORD timeout) {
    if (handle != &file || event || !routine || !source || !destination || !reply || replySize < REPLY_SIZE + dataSize) {
        return refuse(ERROR_INVALID_PARAMETER);
    }
    const BYTE *to = (const BYTE *)&destination->sin6_addr, *from = (const BYTE *)&source->sin6_addr;
    // A source that is not this host's: anything but "choose for me" and the lab's own addresses 2001:2::18:0:D.
    if (destination->sin6_family != AF_INET6 || isZero(to) || (!isZero(from) && decimal(from + 12) != 0)) {
        return refuse(ERROR_INVALID_NETNAME);
    }
    BOOL linkLocal = to[0] == 0xfe && to[1] == 0x80;
    int row = linkLocal ? 1 : decimal(to + 12), d = decimal(to + 14);
    if (row == 201) {
        return refuse(d < (int)(sizeof REFUSED / sizeof *REFUSED) ? REFUSED[d] : 9999);
    }
    static LONG tries; // of one requester's thread at a time
    if (row == 204 && ++tries % (d + 1) != 0) {
        return refuse(ERROR_NO_SYSTEM_RESOURCES);
    }
    request *r = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *r);
    if (!r) {
        return refuse(ERROR_NOT_ENOUGH_MEMORY);
    }
    r->routine = routine;
    r->context = context;
    r->reply = reply;
    r->replySize = replySize;
    r->dataSize = dataSize;
    if (dataSize) memcpy(r->data, data, dataSize);
    memcpy(r->responder, to, 16);
    r->scope = linkLocal ? destination->sin6_scope_id : 0;
    lastTimeout = (LONG)timeout;
    lastHopLimit = options ? options->Ttl : 0;
    long millis = plan(r, row, d, options ? options->Ttl : 0);
    if (linkLocal && destination->sin6_scope_id != 7) millis = -1;
    r->millis = millis > 0 ? millis : 0;
    if (options && options->Ttl == 0) { // Windows: completes with a general failure
        r->iosb.Status = STATUS_INVALID_PARAMETER_;
        r->status = 11050;
        r->dataSize = 0;
        memset(r->responder, 0, 16);
        millis = 0;
    } else if (millis < 0 || (DWORD)millis > timeout) {
        r->status = 11010;
        r->dataSize = 0;
        memset(r->responder, 0, 16);
        millis = timeout;
    }
    r->due = GetTickCount64() + millis;
    DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &r->thread, 0, FALSE, DUPLICATE_SAME_ACCESS);
    EnterCriticalSection(&lock);
    int slot = 0;
    while (slot < MAX_PENDING && pending[slot]) slot++;
    if (slot < MAX_PENDING) pending[slot] = r;
    if (!server) server = CreateThread(NULL, 0, serve, NULL, 0, NULL);
    LeaveCriticalSection(&lock);
    if (slot == MAX_PENDING) {
        CloseHandle(r->thread);
        HeapFree(GetProcessHeap(), 0, r);
        return refuse(ERROR_NOT_ENOUGH_MEMORY);
    }
    return refuse(ERROR_IO_PENDING);
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved) {
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH) {
        // The thread runs for as long as the process: the library must not be unloaded under it.
        HMODULE pinned;
        InitializeCriticalSection(&lock);
        return GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN, (LPCSTR)instance, &pinned);
    }
    return TRUE;
}
