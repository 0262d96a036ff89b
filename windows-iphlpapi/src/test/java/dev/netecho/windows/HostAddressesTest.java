// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.NotSentReason;
import dev.netecho.windows.HostAddresses.Owned;
import dev.netecho.windows.Requests.Asked;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reason of a refusal that Windows tells as a general failure (SPEC REQ-4, OUT-4). */
@Timeout(60)
final class HostAddressesTest {
    private static final List<Owned> HOST = List.of(
            new Owned(Requests.address("127.0.0.1"), 8),
            new Owned(Requests.address("192.0.2.17"), 24),
            new Owned(Requests.address("198.51.100.1"), 31),
            new Owned(Requests.address("::1"), 128),
            new Owned(Requests.address("fe80::17"), 64));

    private final FakeRequester requester = new FakeRequester();
    private final FakeWindows windows = requester.windows;

    @AfterEach
    void nothingIsLeft() {
        windows.heal();
        requester.close();
    }

    private EchoOutcome.NotSent ended(int status, String source, String destination) {
        windows.addresses = HOST;
        EchoRequest.Builder builder = EchoRequest.newBuilder(Requests.address(destination));
        if (!source.isEmpty()) {
            builder.source(Requests.address(source));
        }
        if (status > 11_000) {
            Asked asked = requester.submit(builder.timeout(FakeRequester.LONG).build());
            windows.status(requester.sent(), status, destination.contains(":") ? "::" : "");
            return (EchoOutcome.NotSent) asked.await();
        }
        windows.fail(destination.contains(":") ? "Icmp6SendEcho2" : "IcmpSendEcho2Ex", 1, status);
        return (EchoOutcome.NotSent)
                requester.submit(builder.timeout(FakeRequester.LONG).build()).await();
    }

    @ParameterizedTest(name = "{0} from {1} to {2}: {3}")
    @CsvSource({
        "11050,'',127.255.255.255,INVALID_DESTINATION",
        "11050,'',192.0.2.255,INVALID_DESTINATION",
        "11050,192.0.2.17,192.0.2.255,INVALID_DESTINATION",
        "5,'',192.0.2.255,INVALID_DESTINATION",
        "5,'',192.0.2.25,NOT_PERMITTED",
        "11050,'',192.0.2.254,OS_ERROR",
        "11050,'',192.0.3.255,OS_ERROR",
        "11050,'',198.51.100.1,OS_ERROR",
        "11050,192.0.2.17,192.0.2.18,OS_ERROR",
        "11050,127.0.0.7,192.0.2.18,SOURCE_UNAVAILABLE",
        "11050,127.0.0.7,192.0.2.17,OS_ERROR",
        "11050,127.255.255.255,127.0.0.1,SOURCE_UNAVAILABLE",
        "11050,192.0.2.99,192.0.2.18,SOURCE_UNAVAILABLE",
        "1231,192.0.2.99,192.0.2.18,SOURCE_UNAVAILABLE",
        "1231,'',192.0.2.18,NO_ROUTE",
        "11050,'',2001:db8::1,NO_ROUTE",
        "11050,'',::1,OS_ERROR",
        "11050,fe80::17,2001:db8::1,OS_ERROR",
        "87,'',127.255.255.255,OS_ERROR"
    })
    void aGeneralFailureHasTheReasonThatTheAddressesTell(
            int status, String source, String destination, NotSentReason reason) {
        EchoOutcome.NotSent outcome = ended(status, source, destination);
        assertThat(outcome.reason()).isEqualTo(reason);
        assertThat(outcome.osError()).hasValue(status);
    }

    @Test
    void theSentenceNamesTheCause() {
        assertThat(ended(11_050, "", "127.255.255.255").detail())
                .contains("11050 (IP_GENERAL_FAILURE)")
                .endsWith("the destination is the broadcast address of a subnet; give the address of one host");
        assertThat(ended(11_050, "", "2001:db8::1").detail()).endsWith("this host has no usable IPv6 address");
        assertThat(ended(11_050, "192.0.2.99", "192.0.2.18").detail())
                .endsWith("this host cannot send from the source 192.0.2.99");
    }

    @Test
    void whatJavaCannotSayChangesNoReason() {
        HostAddresses unknown = new HostAddresses(List::of);
        assertThat(unknown.isBroadcast(Requests.address("127.255.255.255"))).isFalse();
        assertThat(unknown.lacks(Requests.address("192.0.2.1"))).isFalse();
        assertThat(unknown.lacksFamilyOf(Requests.address("2001:db8::1"))).isFalse();
    }

    @Test
    void aFloodOfRefusalsAsksOnlyNowAndThen() {
        AtomicInteger asked = new AtomicInteger();
        HostAddresses host = new HostAddresses(() -> {
            asked.incrementAndGet();
            return HOST;
        });
        for (int i = 0; i < 1_000; i++) {
            host.lacks(Requests.address("192.0.2.1"));
        }
        assertThat(asked.get()).isLessThan(100);
    }

    @Test
    void thisHostHasAddresses() {
        assertThat(HostAddresses.ofThisHost()).isNotEmpty();
    }
}
