// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isReply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.linux.LinuxOptions;
import dev.netecho.testkit.cases.Covers;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that name an interface or a mark, on one requester. */
@InPrivateNamespace
@Timeout(60)
final class InterfaceAndMarkTest {
    private static final int MARK = 7;

    @RegisterExtension
    static final RoutedNetwork network = new RoutedNetwork();

    private static EchoRequest to(Stack stack, EchoOptions options) {
        return EchoRequest.newBuilder(stack.address(RoutedNetwork.TARGET_LINK, 1))
                .options(options)
                .timeout(Duration.ofMillis(500))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "REQ-1", cases = "C146")
    void eachRequestLeavesByItsInterface(Stack stack) throws Exception {
        EchoRequest plain = to(stack, EchoOptions.DEFAULT);
        EchoRequest right = to(stack, EchoOptions.DEFAULT.withInterface(RoutedNetwork.DEVICE));
        EchoRequest wrong = to(stack, EchoOptions.DEFAULT.withInterface("lo"));
        try (EchoRequester requester = stack.open()) {
            for (int i = 0; i < 3; i++) {
                isReply(requester.send(plain), plain);
                isReply(requester.send(right), right);
                assertThat(requester.send(wrong).isReply()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "REQ-1", cases = "C146")
    void aRequestMayNameAnotherInterfaceThanItsRequester(Stack stack) throws Exception {
        EchoRequest right = to(stack, EchoOptions.DEFAULT.withInterface(RoutedNetwork.DEVICE));
        try (EchoRequester requester =
                stack.builder().option(LinuxOptions.INTERFACE, "lo").open()) {
            assertThat(requester.send(to(stack, EchoOptions.DEFAULT)).isReply()).isFalse();
            isReply(requester.send(right), right);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "REQ-1", cases = "C147")
    void theMarkChoosesTheRoute(Stack stack) throws Exception {
        String rule = "ip -" + stack.either("4", "6") + " rule ";
        Namespace.OWN.run(rule + "add fwmark " + MARK + " prohibit");
        EchoRequest plain = to(stack, EchoOptions.DEFAULT);
        EchoRequest marked = to(stack, EchoOptions.DEFAULT.withMark(MARK));
        EchoRequest unmarked = to(stack, EchoOptions.DEFAULT.withMark(0));
        try (EchoRequester requester = stack.open();
                EchoRequester marking =
                        stack.builder().option(LinuxOptions.MARK, MARK).open()) {
            for (int i = 0; i < 3; i++) {
                isReply(requester.send(plain), plain);
                isProhibited(requester.send(marked));
                isProhibited(marking.send(plain));
                isReply(marking.send(unmarked), unmarked);
            }
        } finally {
            Namespace.OWN.run(rule + "del fwmark " + MARK + " prohibit");
        }
    }

    private static void isProhibited(EchoOutcome outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        EchoOutcome.NotSent.class,
                        refused -> assertThat(refused.reason()).isEqualTo(NotSentReason.NOT_PERMITTED));
    }

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "REQ-1", cases = "C147")
    void manyMarksTakeTurnsWithTheSockets(Stack stack) throws Exception {
        try (EchoRequester requester = stack.open()) {
            long before = descriptors();
            for (int mark = 1; mark <= 150; mark++) {
                EchoRequest marked = to(stack, EchoOptions.DEFAULT.withMark(mark));
                isReply(requester.send(marked), marked);
            }
            // A socket and one that asks for routes, for each of 64 queues, and what closes meanwhile.
            assertThat(descriptors() - before).isLessThan(3 * 64);
        }
    }

    /** The kernel says EINVAL, or that the address is not there, by kind of socket. */
    @ParameterizedTest
    @EnumSource
    @Covers(rules = {"OUT-4", "REQ-2"})
    void loopbackIsNoSourceForAnotherInterface(Stack stack) throws Exception {
        InetAddress loopback = InetAddress.getByName(stack.either("127.0.0.1", "::1"));
        try (EchoRequester requester = stack.open()) {
            for (InetAddress to : List.of(loopback, stack.address(RoutedNetwork.TARGET_LINK, 1))) {
                EchoOutcome outcome = requester.send(EchoRequest.newBuilder(to)
                        .source(loopback)
                        .options(EchoOptions.DEFAULT.withInterface(RoutedNetwork.DEVICE))
                        .timeout(Duration.ofMillis(200))
                        .build());
                Outcomes.isUnavailable(outcome, loopback, "the source");
            }
        }
    }

    /** The loop opens a socket for each, and makes way for the close. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV4", "RAW_IPV4"})
    @Covers(
            rules = {"END-2", "REQ-1"},
            cases = "C147")
    void closesInTimeWithManyMarks(Stack stack) throws Exception {
        EchoRequester requester = stack.open();
        List<CompletableFuture<EchoOutcome>> asked = new ArrayList<>();
        try {
            for (int mark = 1; mark <= 500; mark++) {
                asked.add(requester.sendAsync(to(stack, EchoOptions.DEFAULT.withMark(mark))));
            }
        } finally {
            requester.close();
        }
        assertThat(asked).allMatch(CompletableFuture::isDone);
        for (int mark = 1; mark <= 500; mark++) {
            EchoOutcome outcome = asked.get(mark - 1).join();
            if (!outcome.isReply()) {
                Outcomes.isRefused(outcome, NotSentReason.CLOSED, "closed");
            }
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
