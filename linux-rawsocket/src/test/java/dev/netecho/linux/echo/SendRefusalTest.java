// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome.NotSent;
import dev.netecho.EchoRequest;
import dev.netecho.NotSentReason;
import dev.netecho.linux.host.HostAddresses;
import dev.netecho.linux.host.LocalAddresses;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.SocketSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From the number of a refused send to a reason that an operator can act on. */
final class SendRefusalTest {
    private static final LocalAddresses LOCAL = new HostAddresses(SocketSettings.DEFAULT).local();

    @ParameterizedTest(name = "{0} without a source is {1}")
    @CsvSource({
        "1, NOT_PERMITTED",
        "11, OVERLOADED",
        "12, OVERLOADED",
        "13, NOT_PERMITTED",
        "22, OS_ERROR",
        "23, OVERLOADED",
        "24, OVERLOADED",
        "71, OS_ERROR",
        "90, TOO_LARGE",
        "93, UNSUPPORTED",
        "97, UNSUPPORTED",
        "99, NO_ROUTE",
        "100, NO_ROUTE",
        "101, NO_ROUTE",
        "105, OVERLOADED",
        "111, OS_ERROR",
        "112, NO_ROUTE",
        "113, NO_ROUTE",
        "4095, OS_ERROR",
    })
    void mapsTheErrorNumber(int errno, NotSentReason reason) {
        NotSent notSent = refusal(EchoRequest.to(Pendings.address("192.0.2.1")), errno, 0);
        assertThat(notSent.reason()).isEqualTo(reason);
        assertThat(notSent.osError()).hasValue(errno);
        assertThat(notSent.detail()).contains("sendmmsg", "192.0.2.1", Errno.describe(errno));
    }

    @ParameterizedTest(name = "{0} with a source of this host: {1} is {2}")
    @CsvSource({
        "101, 192.0.2.9, SOURCE_UNAVAILABLE",
        "22, 192.0.2.9, SOURCE_UNAVAILABLE",
        "101, 127.0.0.9, NO_ROUTE",
        "99, 127.0.0.9, SOURCE_UNAVAILABLE",
        "22, 127.0.0.9, SOURCE_UNAVAILABLE",
        "101, 127.255.255.255, SOURCE_UNAVAILABLE",
        "113, 192.0.2.9, NO_ROUTE",
    })
    void blamesTheSourceOnlyIfItIsUnfit(int errno, String source, NotSentReason reason) {
        EchoRequest request = EchoRequest.newBuilder(Pendings.address("198.51.100.1"))
                .source(Pendings.address(source))
                .build();
        NotSent notSent = refusal(request, errno, 0);

        assertThat(notSent.reason()).isEqualTo(reason);
        if (reason == NotSentReason.SOURCE_UNAVAILABLE) {
            assertThat(notSent.detail()).contains("the source " + source);
        }
    }

    @Test
    void namesTheMtuThatTheKernelNamed() {
        EchoRequest request = EchoRequest.to(Pendings.address("192.0.2.1"));
        assertThat(refusal(request, Errno.EMSGSIZE, 1300).detail()).contains("the MTU is 1300");
        assertThat(refusal(request, Errno.EMSGSIZE, 0).detail()).doesNotContain("MTU is");
    }

    @Test
    void namesThePacketFilter() {
        EchoRequest request = EchoRequest.to(Pendings.address("192.0.2.1"));
        assertThat(refusal(request, Errno.EPERM, 0).detail()).contains("packet filter");
    }

    private static NotSent refusal(EchoRequest request, int errno, int mtu) {
        return SendRefusal.of(request, "sendmmsg", errno, mtu, LOCAL);
    }
}
