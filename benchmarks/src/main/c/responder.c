// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
//
// A network of up to 131,070 hosts behind a TUN interface: 198.18.0.0/15, which RFC 2544 sets aside for benchmarks.
//
//   responder PREFIX=DELAY_MS ...        for instance 198.18.0.0/16=50 198.19.0.0/20=20
//
// The first prefix that matches an address says after how many milliseconds it answers; all others are silent. To be run in
// a network namespace of its own. Prints "ready"; answers every line on standard input with one line of figures; ends with the
// input. It must show that a loss is not its own, so it counts what it saw, what it answered, what its interface dropped,
// and how late it was.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST_RULES = 16,
    // A request with 56 bytes of data has 84. A larger one is counted as refused, and the run is void.
    LARGEST = 256,
    // Answers of one rule that wait for their time: room for more than 50,000 hosts at once.
    WAITING = 1 << 17,
    // The interface's own queue: what comes while this program does not run. A full one drops without telling the sender.
    QUEUE = 1 << 17,
    LONGEST_QUEUE = INT16_MAX, // on kernels 6.12.117 and 7.3.4
    BATCH = 64,
};

static const char NAME[] = "bench0";

struct answer {
    int64_t due;
    int length;
    unsigned char packet[LARGEST];
};

// Every host of a rule has the same delay: what came first is due first.
struct rule {
    uint32_t prefix, mask;
    int64_t delay;
    struct answer *answers;
    unsigned head, tail;
};

static struct rule rules[MOST_RULES];
static int rule_count;
static int tun;
static long seen, answered, silent, refused, overrun, unwritten;
static int64_t latest;

static void fail(const char *what) {
    fprintf(stderr, "responder: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void add_rule(const char *text) {
    struct rule *rule = &rules[rule_count++];
    char address[32];
    int bits, delay;
    struct in_addr prefix;
    if (rule_count > MOST_RULES || sscanf(text, "%31[0-9.]/%d=%d", address, &bits, &delay) != 3 || bits < 15 || bits > 32 ||
        delay < 0 || inet_pton(AF_INET, address, &prefix) != 1) {
        fprintf(stderr, "responder: \"%s\" is no PREFIX=DELAY_MS such as 198.18.0.0/16=50, or the %dth\n", text, MOST_RULES + 1);
        exit(2);
    }
    rule->mask = htonl(~0U << (32 - bits));
    rule->prefix = prefix.s_addr & rule->mask;
    rule->delay = delay * 1000000LL;
    // Pages in which no answer ever waits are never touched.
    rule->answers = calloc(WAITING, sizeof *rule->answers);
    if (rule->answers == NULL)
        fail("memory for the answers that wait");
}

static void open_interface(void) {
    struct ifreq request = {0};
    struct sockaddr_in *address = (struct sockaddr_in *)&request.ifr_addr;
    int control = socket(AF_INET, SOCK_DGRAM, 0);
    tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    if (tun < 0 || control < 0)
        fail("/dev/net/tun");
    memcpy(request.ifr_name, NAME, sizeof NAME);
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    if (ioctl(tun, TUNSETIFF, &request) < 0)
        fail("TUNSETIFF");
    request.ifr_qlen = QUEUE;
    int refused = ioctl(control, SIOCSIFTXQLEN, &request);
    if (refused < 0 && errno == ERANGE) {
        request.ifr_qlen = LONGEST_QUEUE;
        refused = ioctl(control, SIOCSIFTXQLEN, &request);
    }
    if (refused < 0)
        fail("SIOCSIFTXQLEN");
    address->sin_family = AF_INET;
    address->sin_addr.s_addr = htonl(0xc6120001); // 198.18.0.1
    if (ioctl(control, SIOCSIFADDR, &request) < 0)
        fail("SIOCSIFADDR");
    address->sin_addr.s_addr = htonl(0xfffe0000); // /15
    if (ioctl(control, SIOCSIFNETMASK, &request) < 0)
        fail("SIOCSIFNETMASK");
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    if (ioctl(control, SIOCSIFFLAGS, &request) < 0)
        fail("SIOCSIFFLAGS");
    close(control);
}

// proc(5), /proc/net/dev: the 12th number of an interface is what was dropped on transmit, here between the kernel and us.
static long interface_drops(void) {
    char line[512];
    long drops = -1;
    FILE *file = fopen("/proc/self/net/dev", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        char *colon = strchr(line, ':');
        char *name = line + strspn(line, " ");
        if (colon != NULL && strncmp(name, NAME, sizeof NAME - 1) == 0)
            sscanf(colon + 1, "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %ld", &drops);
    }
    if (file != NULL)
        fclose(file);
    return drops;
}

static struct rule *rule_of(uint32_t destination) {
    for (int i = 0; i < rule_count; i++)
        if ((destination & rules[i].mask) == rules[i].prefix)
            return &rules[i];
    return NULL;
}

// RFC 792: the answer is the request with its addresses exchanged and another type.
static void make_reply(unsigned char *packet, int header) {
    unsigned char source[4];
    memcpy(source, packet + 12, 4);
    memcpy(packet + 12, packet + 16, 4);
    memcpy(packet + 16, source, 4);
    packet[header] = 0;
    // RFC 1624: the type went from 8 to 0, so the sum of ones' complements grows by 0x0800.
    unsigned sum = (packet[header + 2] << 8 | packet[header + 3]) + 0x0800;
    sum = (sum & 0xffff) + (sum >> 16);
    packet[header + 2] = sum >> 8;
    packet[header + 3] = sum;
}

static void receive(const unsigned char *packet, int length, int64_t when) {
    int header = (packet[0] & 0xf) * 4;
    uint32_t destination;
    if (length < header + 8 || packet[0] >> 4 != 4 || packet[9] != IPPROTO_ICMP || packet[header] != 8)
        return;
    seen++;
    memcpy(&destination, packet + 16, 4);
    struct rule *rule = rule_of(destination);
    if (rule == NULL) {
        silent++;
    } else if (length > LARGEST) {
        refused++;
    } else if (rule->tail - rule->head == WAITING) {
        overrun++;
    } else {
        struct answer *answer = &rule->answers[rule->tail++ % WAITING];
        answer->due = when + rule->delay;
        answer->length = length;
        memcpy(answer->packet, packet, length);
        make_reply(answer->packet, header);
    }
}

static int read_some(void) {
    static unsigned char packet[65536];
    int64_t when = now();
    for (int i = 0; i < BATCH; i++) {
        int length = read(tun, packet, sizeof packet);
        if (length < 0) {
            if (errno != EAGAIN && errno != EINTR)
                fail("reading the interface");
            return i;
        }
        receive(packet, length, when);
    }
    return BATCH;
}

// Sends what is due, and returns how many nanoseconds it is until the next, -1 if nothing waits.
static int64_t send_due(void) {
    int64_t next = -1;
    for (int i = 0; i < rule_count; i++) {
        struct rule *rule = &rules[i];
        int64_t when = now();
        for (int sent = 0; rule->head != rule->tail && sent < BATCH; sent++) {
            struct answer *answer = &rule->answers[rule->head % WAITING];
            if (answer->due > when)
                break;
            if (when - answer->due > latest)
                latest = when - answer->due;
            if (write(tun, answer->packet, answer->length) == answer->length)
                answered++;
            else
                unwritten++;
            rule->head++;
        }
        if (rule->head != rule->tail) {
            int64_t wait = rule->answers[rule->head % WAITING].due - when;
            if (wait < 0)
                wait = 0;
            if (next < 0 || wait < next)
                next = wait;
        }
    }
    return next;
}

static void report(void) {
    printf("seen=%ld answered=%ld silent=%ld refused=%ld overrun=%ld unwritten=%ld dropped=%ld latest_us=%ld\n", seen, answered,
           silent, refused, overrun, unwritten, interface_drops(), (long)(latest / 1000));
    fflush(stdout);
    latest = 0;
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        add_rule(argv[i]);
    open_interface();
    prctl(PR_SET_TIMERSLACK, 1L); // default 50 us: every answer would be late by as much
    puts("ready");
    fflush(stdout);
    struct pollfd watched[] = {{.fd = tun, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
    for (unsigned turn = 0;; turn++) {
        int64_t wait = send_due();
        if (read_some() > 0 && turn % 1024 != 0)
            continue;
        struct timespec timeout = {.tv_sec = wait / 1000000000, .tv_nsec = wait % 1000000000};
        if (ppoll(watched, 2, wait < 0 ? NULL : &timeout, NULL) < 0 && errno != EINTR)
            fail("ppoll");
        if (watched[1].revents != 0) {
            char text[256];
            if (read(STDIN_FILENO, text, sizeof text) <= 0)
                return 0;
            report();
        }
    }
}
