// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoOptionsTest {
    @Test
    void leaveEverythingToTheSystemByDefault() {
        assertThat(EchoOptions.DEFAULT.hopLimit()).isEmpty();
        assertThat(EchoOptions.DEFAULT.trafficClass()).isEmpty();
        assertThat(EchoOptions.DEFAULT.dontFragment()).isFalse();
    }

    @Test
    void changeOneValueAndKeepTheOthers() {
        EchoOptions all =
                EchoOptions.DEFAULT.withHopLimit(8).withTrafficClass(0xb8).withDontFragment(true);

        assertThat(all.hopLimit()).hasValue(8);
        assertThat(all.trafficClass()).hasValue(0xb8);
        assertThat(all.dontFragment()).isTrue();
        assertThat(all.withHopLimit(9).trafficClass()).hasValue(0xb8);
        assertThat(all.withHopLimit(9).dontFragment()).isTrue();
        assertThat(all.withTrafficClass(1).hopLimit()).hasValue(8);
        assertThat(all.withDontFragment(false).trafficClass()).hasValue(0xb8);
        assertThat(EchoOptions.DEFAULT.hopLimit())
                .as("the constant is unharmed")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 255})
    void takeEveryHopLimitInRange(int hopLimit) {
        assertThat(EchoOptions.DEFAULT.withHopLimit(hopLimit).hopLimit()).isEqualTo(OptionalInt.of(hopLimit));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 256, Integer.MAX_VALUE})
    void refuseAHopLimitOutOfRangeAndNameIt(int hopLimit) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EchoOptions.DEFAULT.withHopLimit(hopLimit))
                .withMessage("hop limit is " + hopLimit + "; it must be 1 to 255");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255})
    void takeEveryTrafficClassInRange(int trafficClass) {
        assertThat(EchoOptions.DEFAULT.withTrafficClass(trafficClass).trafficClass())
                .isEqualTo(OptionalInt.of(trafficClass));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 256, Integer.MAX_VALUE})
    void refuseATrafficClassOutOfRangeAndNameIt(int trafficClass) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EchoOptions.DEFAULT.withTrafficClass(trafficClass))
                .withMessage("traffic class is " + trafficClass + "; it must be 0 to 255");
    }

    @Test
    void areEqualWhenEveryValueIs() {
        EchoOptions options =
                EchoOptions.DEFAULT.withHopLimit(8).withTrafficClass(0).withDontFragment(true);
        EchoOptions same =
                EchoOptions.DEFAULT.withDontFragment(true).withTrafficClass(0).withHopLimit(8);

        assertThat(options).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(options).isNotEqualTo(options.withHopLimit(9));
        assertThat(options).isNotEqualTo(options.withTrafficClass(1));
        assertThat(options).isNotEqualTo(options.withDontFragment(false));
        assertThat(EchoOptions.DEFAULT.withTrafficClass(0))
                .as("a traffic class of 0 is not the system's default")
                .isNotEqualTo(EchoOptions.DEFAULT);
        assertThat(options).isNotEqualTo("another type");
    }

    @Test
    void sayWhatTheyHold() {
        assertThat(EchoOptions.DEFAULT.withHopLimit(8))
                .hasToString("EchoOptions[hopLimit=8, trafficClass=default, dontFragment=false]");
    }

    @Test
    void interfaceAndMarkAreKeptBesideTheOthers() {
        EchoOptions options = EchoOptions.DEFAULT
                .withInterface("an0")
                .withMark(7)
                .withHopLimit(8)
                .withTrafficClass(9)
                .withDontFragment(true);

        assertThat(options.interfaceName()).contains("an0");
        assertThat(options.mark()).hasValue(7);
        assertThat(options.hopLimit()).hasValue(8);
        assertThat(options.trafficClass()).hasValue(9);
        assertThat(options.dontFragment()).isTrue();
        assertThat(options)
                .isEqualTo(options.withMark(7))
                .isNotEqualTo(options.withMark(0))
                .isNotEqualTo(options.withInterface("an1"))
                .hasSameHashCodeAs(options.withInterface("an0"))
                .hasToString("EchoOptions[hopLimit=8, trafficClass=9, dontFragment=true, interface=an0, mark=7]");
        assertThat(EchoOptions.DEFAULT.interfaceName()).isEmpty();
        assertThat(EchoOptions.DEFAULT.mark()).isEmpty();
    }
}
