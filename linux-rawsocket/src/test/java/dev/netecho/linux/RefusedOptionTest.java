// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.cases.Covers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Systems that refuse sockets of one family, or the kernel's stamps. A library that is loaded first makes this one look
 * so.
 */
@InPrivateNamespace
@Timeout(120)
final class RefusedOptionTest {
    private static final String SOURCE = """
            #ifdef __x86_64__
            enum { SOCKET = 41, SETSOCKOPT = 54 };
            #else
            enum { SOCKET = 198, SETSOCKOPT = 208 };
            #endif
            enum { SOL_SOCKET = 1, SO_TIMESTAMPNS = 35, IPPROTO_ICMPV6 = 58 };
            extern long syscall(long number, ...);
            extern char *getenv(const char *name);
            extern int atoi(const char *text);
            extern int *__errno_location(void);
            static int refused(const char *variable) {
                char *number = getenv(variable);
                if (number) *__errno_location() = atoi(number);
                return number != 0;
            }
            int socket(int domain, int type, int protocol) {
                if (protocol == IPPROTO_ICMPV6 && refused("NETECHO_REFUSE_ICMPV6")) return -1;
                return (int) syscall(SOCKET, (long) domain, (long) type, (long) protocol);
            }
            int setsockopt(int fd, int level, int name, const void *value, unsigned length) {
                if (level == SOL_SOCKET && name == SO_TIMESTAMPNS && refused("NETECHO_REFUSE_STAMPS")) return -1;
                return (int) syscall(SETSOCKOPT, (long) fd, (long) level, (long) name, value, (long) length);
            }
            """;

    @TempDir
    private static Path directory;

    private static Path library;

    @BeforeAll
    static void compile() throws Exception {
        library = PreloadedLibrary.compile(SOURCE, directory);
    }

    private static List<String> told(EngineVariant variant, String refusal) throws Exception {
        ChildJvm.Result child = ChildJvm.run(
                List.of("env", "LD_PRELOAD=" + library, refusal),
                ChildJvm.everything(),
                MissingFamilyProgram.class.getName(),
                variant.name());
        assertThat(child.status()).as(child.output()).isZero();
        return child.output().lines().toList();
    }

    @ParameterizedTest(name = "{1} on {0}")
    @CsvSource({"DATAGRAM, ENOPROTOOPT, 92", "RAW, EADDRNOTAVAIL, 99", "DATAGRAM, ENOBUFS, 105", "RAW, EINVAL, 22"})
    @Covers(rules = "PRO-4", cases = "C101")
    void aRefusalOfIpv6CostsIpv6Only(EngineVariant variant, String name, int errno) throws Exception {
        List<String> told = told(variant, "NETECHO_REFUSE_ICMPV6=" + errno);
        boolean mayPass = name.equals("ENOBUFS");
        assertThat(told).hasSize(4);
        assertThat(told.get(0))
                .startsWith(
                        mayPass
                                ? "availability: IPv6 could not be tried because of a shortage that may pass: "
                                : "availability: without IPv6: ")
                .contains("socket(AF_INET6", name);
        assertThat(told.get(1)).isEqualTo("IPV6 claimed: " + mayPass);
        assertThat(told.get(2)).startsWith(mayPass ? "IPv6: OVERLOADED socket(AF_INET6" : "IPv6: UNSUPPORTED ");
        assertThat(told.get(3)).isEqualTo("IPv4: reply");
    }

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "TIM-3")
    void withoutTheKernelsStampsTheProcessTellsTheTime(EngineVariant variant) throws Exception {
        List<String> told = told(variant, "NETECHO_REFUSE_STAMPS=92");
        assertThat(told).hasSize(5);
        assertThat(told.get(0)).isEqualTo("availability: ");
        assertThat(told.get(1)).isEqualTo("IPV6 claimed: true");
        assertThat(told.get(2)).isEqualTo("no KERNEL_TIMESTAMPS");
        assertThat(told.get(3)).startsWith("IPv6: Reply").contains("timestampSource=PROCESS");
        assertThat(told.get(4)).isEqualTo("IPv4: reply");
    }
}
