// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isError;
import static dev.netecho.linux.net.Outcomes.isNotSent;
import static dev.netecho.linux.net.Outcomes.isReply;
import static dev.netecho.linux.net.Outcomes.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.linux.LinuxOptions;
import dev.netecho.linux.libc.Errno;
import dev.netecho.testkit.cases.Covers;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Packets above the MTU of the first link (1,500) and of the path (1,400). */
@InPrivateNamespace
@Timeout(60)
final class FragmentationTest {
    private static final int ABOVE_OWN_MTU = 1_600;
    private static final int ABOVE_PATH_MTU = 1_430;

    @RegisterExtension
    static final RoutedNetwork network = new RoutedNetwork();

    private static EchoRequest request(InetAddress destination, int size, boolean dontFragment) {
        return to(destination)
                .payload(EchoPayload.ofSize(size))
                .options(EchoOptions.DEFAULT.withDontFragment(dontFragment))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = {"REQ-1", "OUT-4"},
            cases = "C29")
    void aWholePacketAboveTheOwnMtuIsTooLargeAndHarmsNoOther(Stack stack) throws Exception {
        InetAddress host = stack.own(RoutedNetwork.LIVE, 10);
        EchoRequest large = request(host, ABOVE_OWN_MTU, true);
        EchoRequest small = request(host, 56, true);
        try (EchoRequester requester = stack.open()) {
            for (int i = 0; i < 3; i++) {
                EchoOutcome.NotSent refused =
                        isNotSent(requester.send(large), large, NotSentReason.TOO_LARGE, Errno.EMSGSIZE);
                if (!stack.raw) {
                    // Only the error queue tells it.
                    assertThat(refused.detail()).contains("MTU is 1500");
                }
                isReply(requester.send(small), small);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = {"REQ-1", "ERR-1"},
            cases = {"C30", "C31", "C34"})
    void aWholePacketAboveThePathMtuMeetsTheRouterEveryTime(Stack stack) throws Exception {
        EchoRequest request = request(stack.own(RoutedNetwork.LIVE, 20), ABOVE_PATH_MTU, true);
        try (EchoRequester requester = stack.open()) {
            for (int i = 0; i < 3; i++) {
                tooLargeForThePath(stack, requester.send(request), request);
            }
        }
    }

    private static void tooLargeForThePath(Stack stack, EchoOutcome outcome, EchoRequest request) {
        EchoOutcome.IcmpError error = isError(
                outcome,
                request,
                stack.either(IcmpErrorKind.FRAGMENTATION_NEEDED, IcmpErrorKind.PACKET_TOO_BIG),
                stack.either(3, 2),
                stack.either(4, 0),
                stack.address(RoutedNetwork.PROBER_LINK, RoutedNetwork.ROUTER_HOST));
        assertThat(error.nextHopMtu()).hasValue(RoutedNetwork.PATH_MTU);
    }

    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = {"REQ-1", "ERR-1"},
            cases = {"C32", "C34"})
    void otherwiseThePacketIsFragmentedWhereItMayBe(Stack stack) throws Exception {
        EchoRequest request = request(stack.own(RoutedNetwork.LIVE, 30), ABOVE_PATH_MTU, false);
        try (EchoRequester requester = stack.open()) {
            if (stack.ipv6) {
                // Its routers never fragment: the first packet learns the MTU, the next ones are fragmented here.
                tooLargeForThePath(stack, requester.send(request), request);
            }
            for (int i = 0; i < 3; i++) {
                isReply(requester.send(request), request);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = {"REQ-1", "ERR-1"},
            cases = {"C31", "C32", "C34"})
    void bothKindsOfPacketKeepTheirOwnOutcomeSideBySide(Stack stack) throws Exception {
        EchoRequest fragmented = request(stack.own(RoutedNetwork.LIVE, 40), ABOVE_PATH_MTU, false);
        EchoRequest whole = request(stack.own(RoutedNetwork.LIVE, 40), ABOVE_PATH_MTU, true);
        try (EchoRequester requester = stack.open()) {
            if (stack.ipv6) {
                tooLargeForThePath(stack, requester.send(fragmented), fragmented);
            }
            List<EchoRequest> requests = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                requests.add(fragmented);
                requests.add(whole);
            }
            List<EchoOutcome> outcomes = Outcomes.all(requester, requests);

            for (int i = 0; i < outcomes.size(); i += 2) {
                isReply(outcomes.get(i), fragmented);
                tooLargeForThePath(stack, outcomes.get(i + 1), whole);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = "REQ-1",
            cases = {"C5", "C33"})
    void largePayloadsComeBackWhole(Stack stack) throws Exception {
        try (EchoRequester requester = stack.open()) {
            InetAddress host = stack.own(RoutedNetwork.LIVE, 50);
            if (stack.ipv6) {
                EchoRequest first = request(host, 4_000, false);
                tooLargeForThePath(stack, requester.send(first), first);
            }
            for (int size : new int[] {1_352, 1_353, 1_372, 1_373, 4_000, 30_000, EchoPayload.MAX_SIZE}) {
                EchoRequest request = request(host, size, false);
                assertThat(isReply(requester.send(request), request).payload().size())
                        .isEqualTo(size);
            }
        }
    }

    /** The send buffer is none of the receive buffer's business. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV4", "RAW_IPV4"})
    @Covers(rules = "REQ-1", cases = "C29")
    void aSmallReceiveBufferDoesNotLimitWhatIsSent(Stack stack) throws Exception {
        EchoRequest request = request(stack.own(RoutedNetwork.LIVE, 60), 7_000, false);
        try (EchoRequester requester =
                stack.builder().option(LinuxOptions.RECEIVE_BUFFER, 2_048).open()) {
            isReply(requester.send(request), request);
        }
    }
}
