// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
//
// The reference: how many ICMP echoes per second one thread with one socket makes on Linux, and what each costs, when the
// program is written in C and does for every echo what the library does for it.
//
// usage: reference [OPTION VALUE]... ADDRESS          ADDRESS is numeric, IPv4 or IPv6
//          --kind datagram|raw     the socket                                                       (datagram)
//          --out N                 messages per sendmmsg(2), 1 to 1024                              (32)
//          --in N                  messages per recvmmsg(2), 1 to 1024                              (64)
//          --window N              echoes in flight, 1 to 32768                                     (64)
//          --destinations N        ADDRESS and the N-1 addresses after it, asked in turn            (1)
//          --payload N             bytes after the ICMP header, 8 to 65500                          (56)
//          --watch always|idle     whether the socket stays in epoll(7) while every turn moves something (always)
//          --warm-up SECONDS       before measuring                                                 (0.1)
//          --seconds SECONDS       measured                                                         (1)
//
// The defaults of --out and --in are the library's own, and the best of 1/1, 8/64, 16/16, 16/64, 32/32, 32/64 and 64/64 on
// loopback and over veth (CPU per echo, median of nine turns each): from 8/64 on they lie within 2 %, 1/1 costs 20 % more.
//
// Equal features, or the comparison would say nothing: an identifier that no other program can take (datagram), or
// filters in the kernel for the type and the identifier (raw); the token, source, length and content of every answer
// are compared with what was sent, on raw IPv4 sockets the checksum too; the round-trip time is from the send time,
// interpolated over its sendmmsg(2), to the kernel's receive stamp (SO_TIMESTAMPNS); the hop limit of every answer is
// read; an echo that is not answered within a second is lost and its place in the window is free again.
//
// Prints one line: rate (echoes/s), cpu_us (user and system time of the process per echo), sent, replies, lost, strays
// (what was not an answer to a waiting echo), drops (of the receive buffer), calls (system calls per echo), rtt_mean_us,
// rtt_max_us, hop_limit_mean. Exit status: 0 something was answered, 1 nothing was, 2 wrong usage or a failed call.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST_MESSAGES = 1024,
    CONTROL_ROOM = 128,
    ICMP_HEADER = 8,
    LONGEST_IPV4_HEADER = 60,
    ECHO_REQUEST4 = 8,
    ECHO_REPLY4 = 0,
    // ICMP_FILTER of <linux/icmp.h>, which cannot be included beside <netinet/in.h>.
    RAW_ICMP_FILTER = 1,
    BUSY_TURNS = 16,            // the library's own
    MEMINFO_COUNT = 9,
    MEMINFO_DROPS = 8,          // SK_MEMINFO_DROPS of <linux/sock_diag.h>
};
static const uint64_t SECOND = 1000000000, TIMEOUT = 1000000000, CLOCK_AGE = 100000000;

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

// One place per sequence number.
struct echo {
    uint64_t sent, token;
    uint32_t destination;
    bool waiting;
};

struct counts {
    uint64_t sent, replies, lost, strays, calls, rtt_sum, rtt_max, hop_sum;
};

static struct {
    bool raw, watch_idle;
    int out, in, window, payload;
    uint32_t destinations;
    double warm_up, seconds;
    union address first;
} want = {.out = 32, .in = 64, .window = 64, .payload = 56, .destinations = 1, .warm_up = 0.1, .seconds = 1};

static bool v6;
static int fd, poller, packet_size;
static uint16_t identifier;                     // network order
static uint32_t first_tail;                     // the last 32 bits of the first address, host order
static uint64_t secret;
static uint32_t constant_sum;                   // of everything in a packet that no echo changes
static uint8_t *requests, *answers, pattern[65536];
static size_t answer_room;
static struct mmsghdr outgoing[MOST_MESSAGES], incoming[MOST_MESSAGES];
static struct iovec outgoing_data[MOST_MESSAGES], incoming_data[MOST_MESSAGES];
static union address outgoing_name[MOST_MESSAGES], incoming_name[MOST_MESSAGES];
static uint8_t control[MOST_MESSAGES][CONTROL_ROOM] __attribute__((aligned(8)));
static struct echo echoes[65536];
static uint32_t next_echo, oldest_echo;         // all that wait are between them
static int in_flight;
static struct counts counts;
static uint64_t real_minus_monotonic, clock_compared;

static void fail(const char *call) {
    perror(call);
    exit(2);
}

static uint64_t now_of(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

static uint64_t now(void) { return now_of(CLOCK_MONOTONIC); }

// splitmix64: not secret enough for a network, as cheap as a keyed token can be.
static uint64_t token_of(uint32_t number) {
    uint64_t x = secret + (uint64_t)number * 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

// RFC 1071, over words in memory order.
static uint32_t ones_sum(const uint8_t *data, int length) {
    uint64_t sum = 0;
    int at = 0;
    for (; at + 4 <= length; at += 4) {
        uint32_t word;
        memcpy(&word, data + at, 4);
        sum += word;
    }
    for (; at < length; at += 2) {
        uint16_t word = 0;
        memcpy(&word, data + at, length - at > 1 ? 2 : 1);
        sum += word;
    }
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return (uint32_t)sum;
}

static uint32_t tail_of(const union address *address) {
    uint32_t tail;
    memcpy(&tail, v6 ? address->v6.sin6_addr.s6_addr + 12 : (const uint8_t *)&address->v4.sin_addr, 4);
    return ntohl(tail);
}

static void set_tail(union address *address, uint32_t tail) {
    tail = htonl(tail);
    memcpy(v6 ? address->v6.sin6_addr.s6_addr + 12 : (uint8_t *)&address->v4.sin_addr, &tail, 4);
}

static bool is_from(const union address *address, uint32_t destination) {
    return tail_of(address) == first_tail + destination
           && (!v6 || !memcmp(address->v6.sin6_addr.s6_addr, want.first.v6.sin6_addr.s6_addr, 12));
}

static void set(int level, int option, int value, const char *name) {
    if (setsockopt(fd, level, option, &value, sizeof value)) fail(name);
}

static void enlarge(int forced, int plain, const char *name) {
    int bytes = 4 << 20;
    if (setsockopt(fd, SOL_SOCKET, forced, &bytes, sizeof bytes)) set(SOL_SOCKET, plain, bytes, name);
}

// Only echo replies with our identifier: other packets of the host are dropped before they cost us anything.
static void filter(void) {
    struct sock_filter program[] = {
        // X becomes the offset of the ICMP header: IPv4 raw sockets see the IP header.
        v6 ? (struct sock_filter)BPF_STMT(BPF_LDX | BPF_W | BPF_IMM, 0)
           : (struct sock_filter)BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
        BPF_STMT(BPF_LD | BPF_H | BPF_IND, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (v6 ? ICMP6_ECHO_REPLY : ECHO_REPLY4) << 8, 0, 3),
        BPF_STMT(BPF_LD | BPF_H | BPF_IND, 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohs(identifier), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct sock_fprog all = {sizeof program / sizeof program[0], program};
    if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &all, sizeof all)) fail("setsockopt(SO_ATTACH_FILTER)");
    if (v6) {
        struct icmp6_filter types;
        ICMP6_FILTER_SETBLOCKALL(&types);
        ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &types);
        if (setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &types, sizeof types)) fail("setsockopt(ICMP6_FILTER)");
    } else {
        set(SOL_RAW, RAW_ICMP_FILTER, (int)~(1u << ECHO_REPLY4), "setsockopt(ICMP_FILTER)");
    }
}

static void open_socket(void) {
    fd = socket(v6 ? AF_INET6 : AF_INET, (want.raw ? SOCK_RAW : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC,
                v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
    if (fd < 0) fail("socket");
    if (want.raw) {
        identifier = (uint16_t)secret;
        filter();
    } else {
        union address self = {.any = {.sa_family = v6 ? AF_INET6 : AF_INET}};
        socklen_t length = v6 ? sizeof self.v6 : sizeof self.v4;
        set(SOL_SOCKET, SO_REUSEADDR, 0, "setsockopt(SO_REUSEADDR)");
        if (bind(fd, &self.any, length) || getsockname(fd, &self.any, &length)) fail("bind");
        identifier = v6 ? self.v6.sin6_port : self.v4.sin_port;
    }
    enlarge(SO_RCVBUFFORCE, SO_RCVBUF, "setsockopt(SO_RCVBUF)");
    enlarge(SO_SNDBUFFORCE, SO_SNDBUF, "setsockopt(SO_SNDBUF)");
    set(SOL_SOCKET, SO_TIMESTAMPNS, 1, "setsockopt(SO_TIMESTAMPNS)");
    if (!want.raw) {
        // As the library sets them: ICMP errors are reported, and packets may be fragmented.
        set(v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVERR : IP_RECVERR, 1, "setsockopt(RECVERR)");
        set(v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, v6 ? IPV6_PMTUDISC_WANT : IP_PMTUDISC_OMIT, "setsockopt(MTU_DISCOVER)");
    }
    if (v6) set(IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1, "setsockopt(IPV6_RECVHOPLIMIT)");
    else if (!want.raw) set(IPPROTO_IP, IP_RECVTTL, 1, "setsockopt(IP_RECVTTL)");
    struct epoll_event readable = {.events = EPOLLIN};
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (poller < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, fd, &readable)) fail("epoll");
}

static void lay_out(void) {
    packet_size = ICMP_HEADER + want.payload;
    answer_room = ((size_t)packet_size + LONGEST_IPV4_HEADER + 127) & ~(size_t)63;
    requests = calloc((size_t)want.out, (size_t)packet_size);
    answers = calloc((size_t)want.in, answer_room);
    if (!requests || !answers) fail("calloc");
    for (size_t i = 0; i < sizeof pattern; i++) pattern[i] = (uint8_t)i;
    for (int i = 0; i < want.out; i++) {
        uint8_t *packet = requests + (size_t)i * (size_t)packet_size;
        packet[0] = v6 ? ICMP6_ECHO_REQUEST : ECHO_REQUEST4;
        memcpy(packet + 4, &identifier, 2);
        memcpy(packet + 16, pattern, (size_t)packet_size - 16);
        outgoing_data[i] = (struct iovec){packet, (size_t)packet_size};
        outgoing_name[i] = want.first;
        outgoing[i].msg_hdr = (struct msghdr){.msg_name = &outgoing_name[i],
            .msg_namelen = v6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in), .msg_iov = &outgoing_data[i], .msg_iovlen = 1};
    }
    constant_sum = ones_sum(requests, packet_size);
    for (int i = 0; i < want.in; i++) {
        incoming_data[i] = (struct iovec){answers + (size_t)i * answer_room, answer_room};
        incoming[i].msg_hdr = (struct msghdr){.msg_name = &incoming_name[i], .msg_namelen = sizeof incoming_name[i],
            .msg_iov = &incoming_data[i], .msg_iovlen = 1, .msg_control = control[i], .msg_controllen = CONTROL_ROOM};
    }
}

static void stage(int index, uint32_t number) {
    uint8_t *packet = outgoing_data[index].iov_base;
    struct echo *echo = &echoes[number & 0xffff];
    uint16_t sequence = htons((uint16_t)number);
    echo->token = token_of(number);
    memcpy(packet + 6, &sequence, 2);
    memcpy(packet + 8, &echo->token, 8);
    if (want.raw && !v6) {                      // the other sockets leave it to the kernel
        uint64_t sum = (uint64_t)constant_sum + sequence + (echo->token & 0xffffffff) + (echo->token >> 32);
        while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
        uint16_t checksum = (uint16_t)~sum;
        memcpy(packet + 2, &checksum, 2);
    }
    if (want.destinations > 1) {
        echo->destination = number % want.destinations;
        set_tail(&outgoing_name[index], first_tail + echo->destination);
    }
}

// Sends as many as the window, the batch and the sequence numbers allow. Returns how many left.
static int ask(void) {
    int wanted = want.window - in_flight;
    int free_numbers = 65535 - (int)(next_echo - oldest_echo);
    if (wanted > want.out) wanted = want.out;
    if (wanted > free_numbers) wanted = free_numbers;
    if (wanted <= 0) return 0;
    for (int i = 0; i < wanted; i++) stage(i, next_echo + (uint32_t)i);
    uint64_t before = now();
    int left = sendmmsg(fd, outgoing, (unsigned)wanted, MSG_DONTWAIT);
    uint64_t took = now() - before;
    counts.calls++;
    if (left < 0) {
        if (errno != EAGAIN && errno != ENOBUFS) fail("sendmmsg");
        return 0;
    }
    for (int i = 0; i < left; i++) {
        struct echo *echo = &echoes[(next_echo + (uint32_t)i) & 0xffff];
        echo->sent = before + took * (uint64_t)i / (uint64_t)left;
        echo->waiting = true;
    }
    next_echo += (uint32_t)left;
    in_flight += left;
    counts.sent += (uint64_t)left;
    return left;
}

// The kernel stamps with CLOCK_REALTIME, sends are timed with CLOCK_MONOTONIC.
static void compare_clocks(void) {
    uint64_t shortest = UINT64_MAX;
    for (int i = 0; i < 5 && shortest > 1500; i++) {
        uint64_t before = now(), real = now_of(CLOCK_REALTIME), after = now();
        if (after - before < shortest) {
            shortest = after - before;
            real_minus_monotonic = real - before - shortest / 2;
            clock_compared = after;
        }
    }
}

static void answered(int index, uint64_t read_at) {
    const uint8_t *data = incoming_data[index].iov_base;
    int length = (int)incoming[index].msg_len, hop_limit = -1;
    if (want.raw && !v6) {
        int header = (data[0] & 15) * 4;
        hop_limit = data[8];
        data += header;
        length -= header;
    }
    uint16_t sequence;
    uint64_t token, arrived = read_at;
    counts.strays++;                            // taken back when all of it fits
    if (length != packet_size || data[0] != (v6 ? ICMP6_ECHO_REPLY : ECHO_REPLY4) || data[1] || memcmp(data + 4, &identifier, 2)) return;
    if (want.raw && !v6 && ones_sum(data, length) != 0xffff) return;
    memcpy(&sequence, data + 6, 2);
    memcpy(&token, data + 8, 8);
    struct echo *echo = &echoes[ntohs(sequence)];
    if (!echo->waiting || echo->token != token || !is_from(&incoming_name[index], echo->destination)
        || memcmp(data + 16, pattern, (size_t)length - 16)) return;
    struct msghdr *header = &incoming[index].msg_hdr;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec stamp;
            memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
            arrived = (uint64_t)stamp.tv_sec * SECOND + (uint64_t)stamp.tv_nsec - real_minus_monotonic;
        } else if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL)
                   || (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_HOPLIMIT)) {
            memcpy(&hop_limit, CMSG_DATA(c), sizeof hop_limit);
        }
    }
    if (arrived > read_at) arrived = read_at;
    uint64_t rtt = arrived > echo->sent ? arrived - echo->sent : 0;
    echo->waiting = false;
    in_flight--;
    counts.strays--;
    counts.replies++;
    counts.rtt_sum += rtt;
    counts.hop_sum += (uint64_t)hop_limit;
    if (rtt > counts.rtt_max) counts.rtt_max = rtt;
}

// Reads until the socket is empty. Returns how many packets there were.
static int listen_in(void) {
    int all = 0, received;
    do {
        received = recvmmsg(fd, incoming, (unsigned)want.in, MSG_DONTWAIT, NULL);
        counts.calls++;
        if (received < 0) {
            if (errno != EAGAIN && errno != EINTR) fail("recvmmsg");
            return all;
        }
        uint64_t read_at = now();
        if (read_at - clock_compared > CLOCK_AGE) compare_clocks();
        for (int i = 0; i < received; i++) {
            answered(i, read_at);
            incoming[i].msg_hdr.msg_namelen = sizeof incoming_name[i];
            incoming[i].msg_hdr.msg_controllen = CONTROL_ROOM;
        }
        all += received;
    } while (received == want.in);
    return all;
}

// All have the same timeout, so the oldest is the first to run out.
static void give_up_lost(uint64_t time) {
    for (; oldest_echo != next_echo; oldest_echo++) {
        struct echo *echo = &echoes[oldest_echo & 0xffff];
        if (echo->waiting) {
            if (time - echo->sent < TIMEOUT) return;
            echo->waiting = false;
            in_flight--;
            counts.lost++;
        }
    }
}

static void watch(int operation) {
    struct epoll_event readable = {.events = EPOLLIN};
    if (epoll_ctl(poller, operation, fd, &readable)) fail("epoll_ctl");
    counts.calls++;
}

// While turn after turn moves something, the library stops watching by epoll. With --watch idle so does this.
static double run(double seconds) {
    uint64_t start = now(), time = start, end = start + (uint64_t)(seconds * 1e9);
    struct epoll_event event;
    int busy_turns = 0;
    for (; time < end; time = now()) {
        give_up_lost(time);
        int moved = ask();
        if (moved + listen_in() > 0) {
            if (want.watch_idle && ++busy_turns == BUSY_TURNS) watch(EPOLL_CTL_DEL);
        } else {
            if (want.watch_idle && busy_turns >= BUSY_TURNS) watch(EPOLL_CTL_ADD);
            busy_turns = 0;
            epoll_wait(poller, &event, 1, 10);
            counts.calls++;
        }
    }
    if (want.watch_idle && busy_turns >= BUSY_TURNS) watch(EPOLL_CTL_ADD);
    return (double)(time - start) / 1e9;
}

static double cpu_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double number(const char *option, const char *text, double least, double most) {
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !(value >= least && value <= most)) {
        fprintf(stderr, "reference: %s is \"%s\"; allowed are %g to %g\n", option, text, least, most);
        exit(2);
    }
    return value;
}

static void read_arguments(int count, char **words) {
    int at = 1;
    for (; at + 1 < count; at += 2) {
        const char *option = words[at], *value = words[at + 1];
        if (!strcmp(option, "--kind") && (!strcmp(value, "raw") || !strcmp(value, "datagram"))) want.raw = !strcmp(value, "raw");
        else if (!strcmp(option, "--watch") && (!strcmp(value, "always") || !strcmp(value, "idle"))) want.watch_idle = !strcmp(value, "idle");
        else if (!strcmp(option, "--out")) want.out = (int)number(option, value, 1, MOST_MESSAGES);
        else if (!strcmp(option, "--in")) want.in = (int)number(option, value, 1, MOST_MESSAGES);
        else if (!strcmp(option, "--window")) want.window = (int)number(option, value, 1, 32768);
        else if (!strcmp(option, "--destinations")) want.destinations = (uint32_t)number(option, value, 1, 1 << 24);
        else if (!strcmp(option, "--payload")) want.payload = (int)number(option, value, 8, 65500);
        else if (!strcmp(option, "--warm-up")) want.warm_up = number(option, value, 0, 3600);
        else if (!strcmp(option, "--seconds")) want.seconds = number(option, value, 0.001, 3600);
        else break;
    }
    if (at + 1 == count && inet_pton(AF_INET, words[at], &want.first.v4.sin_addr) == 1) {
        want.first.any.sa_family = AF_INET;
    } else if (at + 1 == count && inet_pton(AF_INET6, words[at], &want.first.v6.sin6_addr) == 1) {
        want.first.any.sa_family = AF_INET6;
        v6 = true;
    } else {
        fprintf(stderr, "reference: \"%s\" is not understood; the head of reference.c lists the options\n", at < count ? words[at] : "");
        exit(2);
    }
    first_tail = tail_of(&want.first);
}

int main(int count, char **words) {
    read_arguments(count, words);
    secret = (now_of(CLOCK_REALTIME) ^ (uint64_t)getpid() << 32) * 0x9e3779b97f4a7c15u;
    secret ^= secret >> 29;
    open_socket();
    lay_out();
    run(want.warm_up);
    counts = (struct counts){0};
    double cpu = cpu_seconds(), seconds = run(want.seconds);
    cpu = cpu_seconds() - cpu;
    uint32_t meminfo[MEMINFO_COUNT] = {0};
    socklen_t length = sizeof meminfo;
    getsockopt(fd, SOL_SOCKET, SO_MEMINFO, meminfo, &length);
    double replies = counts.replies ? (double)counts.replies : 1;
    printf("rate=%.1f cpu_us=%.4f seconds=%.3f sent=%llu replies=%llu lost=%llu strays=%llu drops=%u calls=%.4f rtt_mean_us=%.2f "
           "rtt_max_us=%.1f hop_limit_mean=%.1f\n",
           (double)counts.replies / seconds, cpu * 1e6 / replies, seconds, (unsigned long long)counts.sent,
           (unsigned long long)counts.replies, (unsigned long long)counts.lost, (unsigned long long)counts.strays,
           meminfo[MEMINFO_DROPS], (double)counts.calls / replies, (double)counts.rtt_sum / replies / 1e3,
           (double)counts.rtt_max / 1e3, (double)counts.hop_sum / replies);
    return counts.replies ? 0 : 1;
}
