// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoOutcome.IcmpError;
import dev.netecho.EchoOutcome.NotSent;
import dev.netecho.EchoRequest;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import dev.netecho.agent.TargetState.Condition;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a target is said to be: only requests that left this host tell of another. */
class TargetStateTest {
    private static final InetAddress ADDRESS = InetAddress.getLoopbackAddress();
    private static final EchoRequest REQUEST = EchoRequest.to(ADDRESS);
    private static final EchoOutcome UNREACHABLE = new IcmpError(
            ADDRESS,
            IcmpErrorKind.HOST_UNREACHABLE,
            OptionalInt.of(3),
            OptionalInt.of(1),
            OptionalInt.empty(),
            Duration.ofMillis(1),
            Duration.ZERO);

    private TargetState target;

    @BeforeEach
    void makeTarget() throws ConfigException {
        target = new TargetState(
                TargetSpec.of("127.0.0.1"),
                null,
                AgentConfig.read(new AgentSettings(null, null, null, null, null, null, List.of())));
    }

    private Condition after(EchoOutcome outcome, int times) {
        for (int i = 0; i < times; i++) {
            target.onOutcome(REQUEST, outcome);
        }
        return target.condition();
    }

    @Test
    void threeMissesMakeItDownAndOneReplyUp() {
        assertThat(target.condition()).isEqualTo(Condition.UNKNOWN);
        assertThat(after(FakeRequester.reply(REQUEST), 1)).isEqualTo(Condition.UP);
        assertThat(after(FakeRequester.timedOut(false), 2)).isEqualTo(Condition.UP);
        assertThat(after(UNREACHABLE, 1)).isEqualTo(Condition.DOWN);
        assertThat(after(FakeRequester.reply(REQUEST), 1)).isEqualTo(Condition.UP);
    }

    @Test
    void whatThisHostLostOrRefusedNeverMakesItDown() {
        after(FakeRequester.reply(REQUEST), 1);
        assertThat(after(FakeRequester.timedOut(true), 2)).isEqualTo(Condition.UP);
        assertThat(after(FakeRequester.timedOut(true), 100)).isEqualTo(Condition.UNKNOWN);
        assertThat(after(NotSent.because(NotSentReason.NO_ROUTE, "no route"), 100))
                .isEqualTo(Condition.UNKNOWN);
        assertThat(target.moment().reason()).isEqualTo("no_route");
    }

    @Test
    void aHostThatWasDownIsUnknownOnceNothingTellsOfIt() {
        assertThat(after(FakeRequester.timedOut(false), 3)).isEqualTo(Condition.DOWN);
        assertThat(after(NotSent.because(NotSentReason.NO_ROUTE, "no route"), 3))
                .isEqualTo(Condition.UNKNOWN);
        assertThat(after(FakeRequester.timedOut(false), 2)).isEqualTo(Condition.UNKNOWN);
        assertThat(after(FakeRequester.timedOut(false), 1)).isEqualTo(Condition.DOWN);
    }

    @Test
    void aNameWithoutAnAddressHasOutcomesToo() {
        target.unresolved("does not resolve");
        for (int i = 0; i < 5; i++) {
            target.ask(new FakeRequester());
        }
        assertThat(target.condition()).isEqualTo(Condition.UNKNOWN);
        assertThat(target.outcomes()[OutcomeKind.UNRESOLVED.index()]).isEqualTo(5);
        assertThat(target.requests()).isEqualTo(5);
    }

    @Test
    void everyReasonIsAnotherLabel() {
        assertThat(OutcomeKind.ALL).extracting(OutcomeKind::reason).doesNotHaveDuplicates();
    }
}
