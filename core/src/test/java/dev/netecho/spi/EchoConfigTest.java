// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.netecho.EchoOption;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EchoConfigTest {
    private static final EchoOption<String> INTERFACE = EchoOption.of("test.interface", String.class);
    private static final EchoOption<Integer> MARK = EchoOption.of("test.mark", Integer.class);

    private final EchoCounters counters = new FakeCounters();

    @Test
    void hasTheNameCountersAndOptionsGiven() {
        EchoConfig config = new EchoConfig("icmp-echo-7", Map.of(INTERFACE, "eth0"), counters);

        assertThat(config.name()).isEqualTo("icmp-echo-7");
        assertThat(config.counters()).isSameAs(counters);
        assertThat(config.option(INTERFACE)).contains("eth0");
        assertThat(config.option(MARK)).isEmpty();
    }

    @Test
    void tellsKeysOfOneNameApart() {
        EchoConfig config = new EchoConfig("n", Map.of(INTERFACE, "eth0"), counters);

        assertThat(config.option(EchoOption.of("test.interface", String.class))).isEmpty();
    }

    @Test
    void isNotChangedByTheMapItWasMadeOf() {
        Map<EchoOption<?>, Object> options = new HashMap<>(Map.of(MARK, 1));
        EchoConfig config = new EchoConfig("n", options, counters);

        options.put(MARK, 2);
        options.put(INTERFACE, "eth0");

        assertThat(config.option(MARK)).contains(1);
        assertThat(config.option(INTERFACE)).isEmpty();
    }

    @Test
    void givesNoValueOfAnotherTypeThanTheKeys() {
        EchoConfig config = new EchoConfig("n", Map.of(MARK, "one"), counters);

        assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> config.option(MARK));
    }

    @Test
    void tellsTheRateAndRefusesOneThatIsNegative() {
        assertThat(new EchoConfig("n", Map.of(), counters).maxRate()).isZero();
        assertThat(new EchoConfig("n", 7, Map.of(), counters).maxRate()).isEqualTo(7);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EchoConfig("n", -5, Map.of(), counters))
                .withMessage("maxRate is -5 a second; it must be 1 or more, or 0 for unlimited");
    }

    @Test
    void refusesNullByName() {
        assertThatNullPointerException()
                .isThrownBy(() -> new EchoConfig(null, Map.of(), counters))
                .withMessage("name");
        assertThatNullPointerException()
                .isThrownBy(() -> new EchoConfig("n", Map.of(), null))
                .withMessage("counters");
    }

    @Test
    void anOptionSaysItsNameAndType() {
        assertThat(MARK.name()).isEqualTo("test.mark");
        assertThat(MARK.type()).isSameAs(Integer.class);
        assertThat(MARK).hasToString("test.mark");
    }
}
