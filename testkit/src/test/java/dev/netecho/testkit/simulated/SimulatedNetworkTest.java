// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import dev.netecho.testkit.wire.EchoPacket;
import dev.netecho.testkit.wire.PacketBuilder;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the scripts of hosts and the faults of the own host do. The rules are tested by the contract. */
class SimulatedNetworkTest {
    private static final Duration SOON = Duration.ofMillis(5);

    private final SimulatedHosts hosts = new SimulatedHosts();
    private final SimulatedNetwork network = new SimulatedNetwork(hosts);
    private EchoRequester requester;

    @BeforeEach
    void open() throws EchoUnavailableException {
        requester = network.newRequesterBuilder().open();
    }

    @AfterEach
    void close() {
        requester.close();
    }

    private EchoOutcome outcome(EchoRequest request) {
        CompletableFuture<EchoOutcome> future = requester.sendAsync(request);
        network.clock().advance(Duration.ofSeconds(2));
        return future.getNow(null);
    }

    /** A mistake in a script: the request ends, and whoever advances the clock hears of it. */
    private EchoOutcome outcomeOfAMistake(EchoRequest request, String mistake) {
        CompletableFuture<EchoOutcome> future = requester.sendAsync(request);
        assertThatThrownBy(() -> network.clock().advance(Duration.ofSeconds(2)))
                .rootCause()
                .hasMessageContaining(mistake);
        return future.getNow(null);
    }

    private static InetAddress address(String digits) {
        try {
            return InetAddress.getByName(digits);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.254", "2001:db8::1, 2001:db8::ffff"})
    void hostsAnswerAsTheirScriptsSay(String host, String router) {
        InetAddress up = address(host);
        InetAddress by = address(router);

        assertThat(outcome(EchoRequest.to(up))).isInstanceOf(EchoOutcome.TimedOut.class);

        hosts.put(up, SimulatedHost.up(SOON));
        assertThat(outcome(EchoRequest.to(up))).isInstanceOfSatisfying(EchoOutcome.Reply.class, reply -> {
            assertThat(reply.responder()).isEqualTo(up);
            assertThat(reply.roundTripTime()).isEqualTo(SOON);
            assertThat(reply.payloadIntact()).isTrue();
        });

        hosts.put(up, SimulatedHost.unreachable(by, SOON));
        assertThat(outcome(EchoRequest.to(up))).isInstanceOfSatisfying(EchoOutcome.IcmpError.class, error -> {
            assertThat(error.responder()).isEqualTo(by);
            assertThat(error.kind()).isIn(IcmpErrorKind.HOST_UNREACHABLE, IcmpErrorKind.ADDRESS_UNREACHABLE);
            assertThat(error.roundTripTime()).isEqualTo(SOON);
        });

        hosts.put(up, echo -> echo.tooBig(by, 1_400, SOON));
        assertThat(outcome(EchoRequest.to(up)))
                .isInstanceOfSatisfying(
                        EchoOutcome.IcmpError.class,
                        error -> assertThat(error.nextHopMtu()).hasValue(1_400));

        boolean six = up instanceof Inet6Address;
        hosts.put(up, echo -> echo.error(by, six ? 100 : 40, 7, SOON)); // of unknown type
        assertThat(outcome(EchoRequest.to(up)))
                .isInstanceOf(six ? EchoOutcome.IcmpError.class : EchoOutcome.TimedOut.class);

        hosts.put(up, echo -> echo.replyFrom(by, SOON));
        assertThat(outcome(EchoRequest.to(up))).isInstanceOf(EchoOutcome.TimedOut.class);
        assertThat(requester.statistics().wrongSource()).hasValue(1);

        hosts.put(up, echo -> {
            byte[] data = echo.data();
            data[20] ^= 1;
            echo.reply(data, SOON);
        });
        assertThat(outcome(EchoRequest.to(up)))
                .isInstanceOfSatisfying(
                        EchoOutcome.Reply.class,
                        reply -> assertThat(reply.payloadIntact()).isFalse());
    }

    @Test
    void aScriptSeesTheRequest() {
        List<String> seen = new ArrayList<>();
        InetAddress host = address("192.0.2.1");
        hosts.put(host, echo -> {
            seen.add(echo.number() + " from " + echo.source().getHostAddress() + " to "
                    + echo.destination().getHostAddress() + " after " + echo.elapsed() + ", hop limit "
                    + echo.hopLimit()
                    + ", class " + echo.trafficClass() + ", whole " + echo.dontFragment() + ", "
                    + echo.data().length + " bytes");
            echo.reply(SOON);
        });
        outcome(EchoRequest.to(host));
        outcome(EchoRequest.newBuilder(host)
                .source(address("192.0.2.77"))
                .payload(EchoPayload.of(new byte[] {1, 2, 3}))
                .options(EchoOptions.DEFAULT.withHopLimit(9).withTrafficClass(8).withDontFragment(true))
                .build());

        assertThat(seen)
                .containsExactly(
                        "1 from 192.0.2.1 to 192.0.2.1 after PT0S, hop limit 64, class 0, whole false, 56 bytes",
                        "2 from 192.0.2.77 to 192.0.2.1 after PT2S, hop limit 9, class 8, whole true, 3 bytes");
    }

    @Test
    void lossIsTheSameForTheSameSeed() {
        InetAddress host = address("192.0.2.1");
        List<List<Boolean>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            hosts.put(host, SimulatedHost.up(SOON).losing(0.3, 7));
            List<Boolean> answered = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                answered.add(outcome(EchoRequest.to(host)).isReply());
            }
            runs.add(answered);
        }
        assertThat(runs.get(0)).isEqualTo(runs.get(1));
        assertThat(runs.get(0).stream().filter(yes -> !yes).count()).isBetween(30L, 90L);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimulatedHost.up(SOON).losing(1.5, 7))
                .withMessageContaining("1.5");
    }

    @Test
    void duplicatesAreCounted() {
        InetAddress host = address("2001:db8::5");
        hosts.put(host, SimulatedHost.up(SOON).duplicating(2));
        assertThat(outcome(EchoRequest.to(host)).isReply()).isTrue();
        assertThat(requester.statistics().duplicates()).hasValue(2);
    }

    @Test
    void everyOtherAddressMayHaveAScriptToo() {
        hosts.others(address -> address.getAddress()[3] < 10 ? SimulatedHost.up(SOON) : SimulatedHost.silent());
        assertThat(outcome(EchoRequest.to(address("192.0.2.9"))).isReply()).isTrue();
        assertThat(outcome(EchoRequest.to(address("192.0.2.10"))).isReply()).isFalse();
    }

    @Test
    void aScriptThatThrowsIsToldInTheOutcome() {
        InetAddress host = address("192.0.2.1");
        hosts.put(host, echo -> {
            throw new IllegalArgumentException("a mistake of a test");
        });
        assertThat(outcomeOfAMistake(EchoRequest.to(host), "a mistake of a test"))
                .isInstanceOfSatisfying(EchoOutcome.NotSent.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(NotSentReason.OS_ERROR);
                    assertThat(refused.detail()).contains("192.0.2.1").contains("a mistake of a test");
                });
    }

    @Test
    void mistakesInScriptsAreNamed() {
        InetAddress host = address("192.0.2.1");
        hosts.put(host, echo -> echo.replyFrom(address("2001:db8::1"), SOON));
        outcomeOfAMistake(EchoRequest.to(host), "not of the family");
        hosts.put(host, echo -> echo.error(host, 256, 0, SOON));
        outcomeOfAMistake(EchoRequest.to(host), "ICMP type is 256");
        hosts.put(host, echo -> echo.reply(SOON.negated()));
        outcomeOfAMistake(EchoRequest.to(host), "would come before it");
    }

    @Test
    void theOwnHostHasFaultsToo() {
        InetAddress host = address("192.0.2.1");
        hosts.put(host, SimulatedHost.up(SOON));

        network.routes(destination -> false);
        assertReason(outcome(EchoRequest.to(host)), NotSentReason.NO_ROUTE);
        network.routes(destination -> true);

        network.ownAddresses(source -> false);
        EchoRequest bound =
                EchoRequest.newBuilder(host).source(address("192.0.2.3")).build();
        assertReason(outcome(bound), NotSentReason.SOURCE_UNAVAILABLE);

        network.mtu(1_280);
        EchoRequest large = EchoRequest.newBuilder(host)
                .payload(EchoPayload.ofSize(1_253))
                .options(EchoOptions.DEFAULT.withDontFragment(true))
                .build();
        assertReason(outcome(large), NotSentReason.TOO_LARGE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.mtu(1_279))
                .withMessageContaining("1279");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.receiveCapacity(-3))
                .withMessageContaining("-3");

        network.sendQueueFull(true);
        CompletableFuture<EchoOutcome> waiting = requester.sendAsync(EchoRequest.to(host));
        network.clock().advance(Duration.ofMillis(500));
        assertThat(waiting).isNotDone();
        assertThat(requester.statistics().queued()).isEqualTo(1);
        network.sendQueueFull(false);
        network.clock().advance(SOON);
        assertThat(waiting.getNow(null).isReply()).isTrue();

        network.shutDown();
        assertReason(outcome(EchoRequest.to(host)), NotSentReason.CLOSED);
    }

    private static void assertReason(EchoOutcome outcome, NotSentReason reason) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        EchoOutcome.NotSent.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void nothingIsPlannedAnyMoreWhenEverythingIsOver() {
        InetAddress host = address("192.0.2.1");
        hosts.put(host, SimulatedHost.up(Duration.ofHours(1)));
        for (int i = 0; i < 100; i++) {
            CompletableFuture<EchoOutcome> future = requester.sendAsync(
                    EchoRequest.newBuilder(host).timeout(Duration.ofDays(40)).build());
            if (i % 2 == 0) {
                future.cancel(false);
            }
        }
        network.sendQueueFull(true);
        CompletableFuture<EchoOutcome> unsent = requester.sendAsync(EchoRequest.to(host));
        network.clock().advance(SOON);
        requester.close();
        assertThat(unsent).isDone();
        assertThat(network.clock().nanosToNext()).isEmpty();
    }

    @Test
    void packetsThatAreNotForUsOrNotWholeAreUnmatched() throws EchoUnavailableException {
        InetAddress host = address("192.0.2.1");
        // protocol, more fragments, total length, addressee.
        int[][] changes = {{9, 17}, {6, 0x20}, {3, 21}, {19, 99}};
        SimulatedNetwork hostile = new SimulatedNetwork((packet, largest, nanos, answers) -> {
            for (int[] change : changes) {
                EchoPacket echo = Objects.requireNonNull(EchoPacket.of(packet));
                byte[] reply = new PacketBuilder(echo.version(), echo.destination(), echo.source())
                        .echo(echo.identifier(), echo.sequence())
                        .body(echo.data())
                        .build();
                reply[change[0]] = (byte) change[1];
                answers.at(nanos, reply);
            }
        });
        try (EchoRequester other = hostile.newRequesterBuilder().open()) {
            CompletableFuture<EchoOutcome> future = other.sendAsync(EchoRequest.to(host));
            hostile.clock().advance(Duration.ofSeconds(2));
            assertThat(future.getNow(null)).isInstanceOf(EchoOutcome.TimedOut.class);
            assertThat(other.statistics().unmatched()).hasValue(changes.length);
        }
    }

    @Test
    void theProviderMustBeGivenANetwork() {
        assertThatThrownBy(
                        () -> EchoRequester.newBuilder().provider("simulated").open())
                .isInstanceOf(EchoUnavailableException.class)
                .hasMessageContaining("SimulatedOptions.NETWORK");
    }

    @Test
    void theServiceLoaderFindsItButNeverPicksItByItself() throws EchoUnavailableException {
        InetAddress host = address("192.0.2.1");
        hosts.put(host, SimulatedHost.up(SOON));
        try (EchoRequester byName = EchoRequester.newBuilder()
                .provider("simulated")
                .option(SimulatedOptions.NETWORK, network)
                .open()) {
            assertThat(byName.provider()).isEqualTo("simulated");
        }
        // There is no other provider on this class path.
        assertThatThrownBy(() -> EchoRequester.newBuilder()
                        .option(SimulatedOptions.NETWORK, network)
                        .open())
                .isInstanceOf(EchoUnavailableException.class);
    }
}
