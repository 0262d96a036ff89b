// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTest {
    private static final Duration TIME = Duration.ofNanos(11_234);
    private static final Duration UNCERTAINTY = Duration.ofNanos(345);

    private static EchoOutcome.Reply reply(TimestampSource source, OptionalInt hopLimit) {
        return new EchoOutcome.Reply(Addresses.V4, TIME, UNCERTAINTY, source, hopLimit, EchoPayload.DEFAULT, true);
    }

    @ParameterizedTest
    @EnumSource
    void givesBackWhatItWasMadeOf(TimestampSource source) {
        EchoOutcome.Reply reply = reply(source, OptionalInt.of(64));

        assertThat(reply.isReply()).isTrue();
        assertThat(reply.responder()).isSameAs(Addresses.V4);
        assertThat(reply.roundTripTime()).isEqualTo(TIME);
        assertThat(reply.roundTripUncertainty()).isEqualTo(UNCERTAINTY);
        assertThat(reply.timestampSource()).isEqualTo(source);
        assertThat(reply.hopLimit()).hasValue(64);
        assertThat(reply.payload()).isSameAs(EchoPayload.DEFAULT);
        assertThat(reply.payloadIntact()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 255})
    void keepsEveryHopLimit(int hopLimit) {
        assertThat(reply(TimestampSource.KERNEL, OptionalInt.of(hopLimit)).hopLimit())
                .hasValue(hopLimit);
    }

    @Test
    void aHiddenHopLimitIsEmpty() {
        assertThat(reply(TimestampSource.KERNEL, OptionalInt.empty()).hopLimit())
                .isEmpty();
        assertThat(new EchoOutcome.Reply(
                        Addresses.V4,
                        TIME.toNanos(),
                        UNCERTAINTY.toNanos(),
                        TimestampSource.KERNEL,
                        -1,
                        EchoPayload.DEFAULT,
                        true))
                .isEqualTo(reply(TimestampSource.KERNEL, OptionalInt.empty()));
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, -1, 256})
    void refusesAHopLimitThatNoPacketHas(int hopLimit) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reply(TimestampSource.KERNEL, OptionalInt.of(hopLimit)))
                .withMessageContaining(Integer.toString(hopLimit));
    }

    @Test
    void refusesANegativeUncertainty() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EchoOutcome.Reply(
                        Addresses.V4, 1, -1, TimestampSource.KERNEL, 64, EchoPayload.DEFAULT, true))
                .withMessageContaining("-1 ns");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EchoOutcome.IcmpError(
                        Addresses.V4,
                        IcmpErrorKind.HOST_UNREACHABLE,
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        TIME,
                        UNCERTAINTY.negated()))
                .withMessageContaining(UNCERTAINTY.negated().toString());
    }

    @Test
    void refusesNullByName() {
        assertThatNullPointerException()
                .isThrownBy(() -> new EchoOutcome.Reply(
                        null,
                        TIME,
                        UNCERTAINTY,
                        TimestampSource.KERNEL,
                        OptionalInt.empty(),
                        EchoPayload.DEFAULT,
                        true))
                .withMessage("responder");
        assertThatNullPointerException()
                .isThrownBy(() -> new EchoOutcome.Reply(
                        Addresses.V4,
                        null,
                        UNCERTAINTY,
                        TimestampSource.KERNEL,
                        OptionalInt.empty(),
                        EchoPayload.DEFAULT,
                        true))
                .withMessage("roundTripTime");
    }

    @Test
    void isEqualToItsLikeAndToNothingElse() {
        List<EchoOutcome.Reply> others = List.of(
                reply(TimestampSource.KERNEL, OptionalInt.of(64)),
                reply(TimestampSource.PROCESS, OptionalInt.of(64)),
                reply(TimestampSource.KERNEL, OptionalInt.of(63)),
                reply(TimestampSource.KERNEL, OptionalInt.empty()),
                new EchoOutcome.Reply(
                        Addresses.V4,
                        TIME,
                        UNCERTAINTY.plusNanos(1),
                        TimestampSource.KERNEL,
                        OptionalInt.of(64),
                        EchoPayload.DEFAULT,
                        true),
                new EchoOutcome.Reply(
                        Addresses.V6,
                        TIME,
                        UNCERTAINTY,
                        TimestampSource.KERNEL,
                        OptionalInt.of(64),
                        EchoPayload.DEFAULT,
                        true),
                new EchoOutcome.Reply(
                        Addresses.V4,
                        TIME.plusNanos(1),
                        UNCERTAINTY,
                        TimestampSource.KERNEL,
                        OptionalInt.of(64),
                        EchoPayload.DEFAULT,
                        true),
                new EchoOutcome.Reply(
                        Addresses.V4,
                        TIME,
                        UNCERTAINTY,
                        TimestampSource.KERNEL,
                        OptionalInt.of(64),
                        EchoPayload.ofSize(9),
                        true),
                new EchoOutcome.Reply(
                        Addresses.V4,
                        TIME,
                        UNCERTAINTY,
                        TimestampSource.KERNEL,
                        OptionalInt.of(64),
                        EchoPayload.DEFAULT,
                        false));
        Set<EchoOutcome.Reply> different = new HashSet<>(others);
        assertThat(different).hasSize(others.size());
        EchoOutcome.Reply like = reply(TimestampSource.KERNEL, OptionalInt.of(64));
        assertThat(like)
                .isEqualTo(others.get(0))
                .hasSameHashCodeAs(others.get(0))
                .isNotEqualTo(null);
        assertThat(like.toString())
                .contains(
                        "responder=" + Addresses.V4,
                        "PT0.000011234S",
                        "PT0.000000345S",
                        "KERNEL",
                        "64",
                        "payloadIntact=true");
    }
}
