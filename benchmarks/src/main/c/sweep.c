// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
//
// What one thread reaches that sweeps a network over packet sockets: the same work as the way "packet" of the library.
//
//   sweep DEVICE SOURCE ROUTER FIRST COUNT COOL_DOWN_MS      for instance sweep bench-near 198.18.100.1 198.18.100.2 100.64.0.0 524288 200
//
// Frames go past the queueing discipline (PACKET_QDISC_BYPASS), 64 with each sendmmsg; answers come from a TPACKET_V3 ring
// behind a filter. A keyed permutation gives the order. Payload: a SipHash-2-4 token over destination and time of sending, and
// that time; the sequence number is keyed too. Source, identifier, sequence, token and age of each answer are checked, and a bit
// for each address tells the first from others. Drops are read every 10 ms. Prints one line of figures.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    BATCH = 64,
    PAYLOAD = 56,
    ICMP = 14 + 20,
    DATA = ICMP + 8,
    FRAME = DATA + PAYLOAD,
    BLOCK = 256 * 1024,
    BLOCKS = 64,
    MAPPED = 0xffff,
};

static uint64_t k0, k1;
static uint16_t identifier;
static uint32_t source, first, count;
static int64_t cool_down, offset, last_answer;
static unsigned char frames[BATCH][128];
static unsigned header_sum, icmp_sum;
static uint64_t *seen, *again;
static long found, duplicates, wrong, drops, calls;
static uint64_t side_a, side_b, round_keys[4];

static void fail(const char *what) {
    fprintf(stderr, "sweep: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t clock_of(clockid_t id) {
    struct timespec t;
    clock_gettime(id, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static uint64_t left(uint64_t x, int bits) {
    return x << bits | x >> (64 - bits);
}

#define ROUND                                                                                                            \
    (v0 += v1, v1 = left(v1, 13) ^ v0, v0 = left(v0, 32), v2 += v3, v3 = left(v3, 16) ^ v2, v0 += v3, v3 = left(v3, 21) ^ v0, \
     v2 += v1, v1 = left(v1, 17) ^ v2, v2 = left(v2, 32))

// SipHash-2-4 of three words, as the library's.
static uint64_t hash(uint64_t key0, uint64_t a, uint64_t b, uint64_t c) {
    uint64_t v0 = key0 ^ 0x736f6d6570736575, v1 = k1 ^ 0x646f72616e646f6d;
    uint64_t v2 = key0 ^ 0x6c7967656e657261, v3 = k1 ^ 0x7465646279746573;
    uint64_t words[] = {a, b, c, 24ULL << 56};
    for (int i = 0; i < 4; i++) {
        v3 ^= words[i];
        ROUND;
        ROUND;
        v0 ^= words[i];
    }
    v2 ^= 0xff;
    ROUND;
    ROUND;
    ROUND;
    ROUND;
    return v0 ^ v1 ^ v2 ^ v3;
}

static uint64_t token_of(uint32_t address, uint64_t stamp) {
    return hash(k0, 0, (uint64_t)MAPPED << 32 | address, stamp);
}

static uint16_t sequence_of(uint32_t address) {
    return (uint16_t)hash(k0 ^ 0x73657175656e6365, 0, (uint64_t)MAPPED << 32 | address, 0x73657175656e6365);
}

static uint64_t mixed(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

static uint64_t part(int round, uint64_t half, uint64_t modulus) {
    return ((mixed(half + round_keys[round]) >> 32) * modulus) >> 32;
}

static uint64_t at(uint64_t x) {
    do {
        uint64_t l = x % side_a, r = x / side_a;
        for (int round = 0; round < 4; round++) {
            uint64_t modulus = round & 1 ? side_b : side_a, sum = l + part(round, r, modulus);
            l = r;
            r = sum >= modulus ? sum - modulus : sum;
        }
        x = side_a * r + l;
    } while (x >= count);
    return x;
}

static uint64_t position_of(uint64_t x) {
    do {
        uint64_t l = x % side_a, r = x / side_a;
        for (int round = 3; round >= 0; round--) {
            uint64_t modulus = round & 1 ? side_b : side_a, taken = part(round, l, modulus);
            uint64_t difference = r >= taken ? r - taken : r + modulus - taken;
            r = l;
            l = difference;
        }
        x = side_a * r + l;
    } while (x >= count);
    return x;
}

static unsigned sum_of(const unsigned char *bytes, int length) {
    unsigned sum = 0;
    for (int i = 0; i < length; i += 2)
        sum += bytes[i] << 8 | bytes[i + 1];
    return sum;
}

static unsigned words32(uint32_t x) {
    return (x >> 16) + (x & 0xffff);
}

static unsigned words64(uint64_t x) {
    return words32(x >> 32) + words32((uint32_t)x);
}

static void put16(unsigned char *to, unsigned value) {
    uint16_t x = htons((uint16_t)value);
    memcpy(to, &x, 2);
}

static void put64(unsigned char *to, uint64_t value) {
    uint64_t x = htobe64(value);
    memcpy(to, &x, 8);
}

static uint64_t get64(const unsigned char *from) {
    uint64_t x;
    memcpy(&x, from, 8);
    return be64toh(x);
}

static unsigned complement(unsigned sum) {
    sum = (sum & 0xffff) + (sum >> 16);
    return ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
}

// What all frames share.
static void prepare(const unsigned char *own, const unsigned char *router) {
    for (int i = 0; i < BATCH; i++) {
        unsigned char *f = frames[i];
        memcpy(f, router, 6);
        memcpy(f + 6, own, 6);
        put16(f + 12, ETH_P_IP);
        put16(f + 14, 0x4500);
        put16(f + 16, FRAME - 14);
        put16(f + 20, 0x4000);
        f[22] = 64;
        f[23] = IPPROTO_ICMP;
        memcpy(f + 26, &source, 4);
        f[ICMP] = 8;
        put16(f + ICMP + 4, identifier);
        for (int k = 16; k < PAYLOAD; k++)
            f[DATA + k] = (unsigned char)k;
    }
    header_sum = sum_of(frames[0] + 14, 20);
    icmp_sum = sum_of(frames[0] + ICMP, FRAME - ICMP);
}

static void put(unsigned char *f, uint32_t address, uint64_t stamp) {
    uint64_t token = token_of(address, stamp);
    unsigned sequence = sequence_of(address);
    uint32_t network = htonl(address);
    memcpy(f + 30, &network, 4);
    put16(f + 24, complement(header_sum + words32(address)));
    put16(f + ICMP + 6, sequence);
    put64(f + DATA, token);
    put64(f + DATA + 8, stamp);
    put16(f + ICMP + 2, complement(icmp_sum + sequence + words64(token) + words64(stamp)));
}

static void take(const unsigned char *ip, unsigned length, int64_t arrival) {
    unsigned header = (ip[0] & 15) * 4;
    uint32_t from;
    if (length < header + 8 + 16 || ip[0] >> 4 != 4 || ip[9] != IPPROTO_ICMP || memcmp(ip + 16, &source, 4) != 0)
        return;
    const unsigned char *icmp = ip + header;
    memcpy(&from, ip + 12, 4);
    from = ntohl(from);
    uint64_t stamp = get64(icmp + 16);
    if (icmp[0] != 0 || (icmp[4] << 8 | icmp[5]) != identifier || (icmp[6] << 8 | icmp[7]) != sequence_of(from) ||
        get64(icmp + 8) != token_of(from, stamp) || arrival - (int64_t)stamp > cool_down || from - first >= count) {
        wrong++;
        return;
    }
    uint64_t position = position_of(from - first), bit = 1ULL << (position & 63);
    if (seen[position / 64] & bit) {
        duplicates += (again[position / 64] & bit) == 0;
        again[position / 64] |= bit;
    } else {
        seen[position / 64] |= bit;
        found++;
    }
}

static int open_ring(int device, unsigned char **ring) {
    // As the library's: answers to this identifier, and ICMP errors.
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_ICMP, 0, 6),
        BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
        BPF_STMT(BPF_LD | BPF_B | BPF_IND, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3),
        BPF_STMT(BPF_LD | BPF_H | BPF_IND, 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, identifier, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    struct tpacket_req3 request = {
        .tp_block_size = BLOCK, .tp_block_nr = BLOCKS, .tp_frame_size = 2048, .tp_frame_nr = BLOCK / 2048 * BLOCKS,
        .tp_retire_blk_tov = 1};
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = device};
    int version = TPACKET_V3, fd = socket(AF_PACKET, SOCK_DGRAM, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0 ||
        setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) != 0 ||
        setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof request) != 0)
        fail("the ring");
    *ring = mmap(NULL, (size_t)BLOCK * BLOCKS, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (*ring == MAP_FAILED || bind(fd, (struct sockaddr *)&address, sizeof address) != 0)
        fail("the ring");
    return fd;
}

static int open_sender(int device) {
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = device};
    int one = 1, buffer = 4 << 20, fd = socket(AF_PACKET, SOCK_RAW, 0);
    if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof one) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer) != 0 ||
        bind(fd, (struct sockaddr *)&address, sizeof address) != 0)
        fail("the sender");
    return fd;
}

// Returns whether there was anything.
static int read_ring(unsigned char *ring, int *block) {
    struct tpacket_block_desc *b = (struct tpacket_block_desc *)(ring + (size_t)*block * BLOCK);
    if ((__atomic_load_n(&b->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) == 0)
        return 0;
    int64_t now = clock_of(CLOCK_MONOTONIC);
    offset = clock_of(CLOCK_REALTIME) - now;
    for (int i = 0; i < BLOCKS && (__atomic_load_n(&b->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) != 0; i++) {
        unsigned char *p = (unsigned char *)b + b->hdr.bh1.offset_to_first_pkt;
        for (unsigned n = b->hdr.bh1.num_pkts; n > 0; n--) {
            struct tpacket3_hdr *h = (struct tpacket3_hdr *)p;
            int64_t arrival = h->tp_sec * 1000000000LL + h->tp_nsec - offset;
            take(p + h->tp_net, h->tp_snaplen, arrival < now ? arrival : now);
            p += h->tp_next_offset;
        }
        __atomic_store_n(&b->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
        *block = (*block + 1) % BLOCKS;
        b = (struct tpacket_block_desc *)(ring + (size_t)*block * BLOCK);
    }
    last_answer = now;
    return 1;
}

static void router_address(const char *router, const char *device, unsigned char *to) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    inet_pton(AF_INET, router, &address.sin_addr);
    sendto(fd, "", 0, 0, (struct sockaddr *)&address, sizeof address);
    close(fd);
    for (int look = 0; look < 300; look++) {
        char line[256], ip[64], hardware[64], name[64];
        unsigned type, flags;
        FILE *file = fopen("/proc/net/arp", "r");
        while (file != NULL && fgets(line, sizeof line, file) != NULL)
            if (sscanf(line, "%63s 0x%x 0x%x %63s %*s %63s", ip, &type, &flags, hardware, name) == 5 && (flags & 2) != 0 &&
                strcmp(ip, router) == 0 && strcmp(name, device) == 0 &&
                sscanf(hardware, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", to, to + 1, to + 2, to + 3, to + 4, to + 5) == 6) {
                fclose(file);
                return;
            }
        if (file != NULL)
            fclose(file);
        usleep(10000);
    }
    fprintf(stderr, "sweep: the router %s does not answer on %s\n", router, device);
    exit(1);
}

int main(int argc, char **argv) {
    struct ifreq request = {0};
    unsigned char own[6], router[6], *ring;
    if (argc != 7 || inet_pton(AF_INET, argv[2], &source) != 1 || inet_pton(AF_INET, argv[4], &first) != 1 ||
        (count = (uint32_t)atol(argv[5])) == 0) {
        fprintf(stderr, "usage: sweep DEVICE SOURCE ROUTER FIRST COUNT COOL_DOWN_MS\n");
        return 2;
    }
    first = ntohl(first);
    cool_down = atol(argv[6]) * 1000000LL;
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", argv[1]);
    int control = socket(AF_INET, SOCK_DGRAM, 0), device = (int)if_nametoindex(argv[1]);
    if (ioctl(control, SIOCGIFHWADDR, &request) != 0)
        fail(argv[1]);
    memcpy(own, request.ifr_hwaddr.sa_data, 6);
    close(control);
    router_address(argv[3], argv[1], router);
    if (getrandom(&k0, 8, 0) != 8 || getrandom(&k1, 8, 0) != 8 || getrandom(&identifier, 2, 0) != 2 ||
        getrandom(round_keys, sizeof round_keys, 0) != sizeof round_keys)
        fail("getrandom");
    while (side_a * side_a < count)
        side_a++;
    side_b = (count + side_a - 1) / side_a;
    seen = calloc(count / 64 + 1, 8);
    again = calloc(count / 64 + 1, 8);
    prepare(own, router);
    int receiver = open_ring(device, &ring), sender = open_sender(device), block = 0;
    struct iovec pieces[BATCH];
    struct mmsghdr messages[BATCH];
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < BATCH; i++) {
        pieces[i] = (struct iovec){frames[i], FRAME};
        messages[i].msg_hdr.msg_iov = &pieces[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    uint32_t batch[BATCH];
    int filled = 0;
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    int64_t start = clock_of(CLOCK_MONOTONIC), last_sent = start, looked = start;
    uint64_t next = 0;
    for (;;) {
        int64_t now = clock_of(CLOCK_MONOTONIC);
        while (filled < BATCH && next < count)
            batch[filled++] = first + (uint32_t)at(next++);
        if (filled > 0) {
            for (int i = 0; i < filled; i++)
                put(frames[i], batch[i], (uint64_t)now);
            int sent = sendmmsg(sender, messages, (unsigned)filled, MSG_DONTWAIT);
            calls++;
            if (sent < 0 && errno != EAGAIN && errno != ENOBUFS)
                fail("sendmmsg");
            if (sent > 0) {
                filled -= sent;
                memmove(batch, batch + sent, (size_t)filled * sizeof *batch);
                last_sent = clock_of(CLOCK_MONOTONIC);
            }
        } else if (now - last_sent > cool_down) {
            break;
        }
        if (!read_ring(ring, &block) && filled == 0 && next == count)
            poll(NULL, 0, 20);
        if (now - looked > 10000000) {
            struct tpacket_stats_v3 statistics;
            socklen_t size = sizeof statistics;
            getsockopt(receiver, SOL_PACKET, PACKET_STATISTICS, &statistics, &size);
            drops += statistics.tp_drops;
            looked = now;
        }
    }
    getrusage(RUSAGE_SELF, &after);
    double cpu = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec + after.ru_stime.tv_sec - before.ru_stime.tv_sec) +
                 (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec + after.ru_stime.tv_usec - before.ru_stime.tv_usec) / 1e6;
    printf("result rate=%.0f cpu_us=%.4f found=%ld duplicates=%ld wrong=%ld drops=%ld calls=%ld\n",
           count * 1e9 / (double)(last_sent - start), cpu * 1e6 / count, found, duplicates, wrong, drops, calls);
    return 0;
}
