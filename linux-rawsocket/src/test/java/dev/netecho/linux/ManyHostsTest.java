// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.netecho.testkit.cases.Covers;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 4,000 live hosts 20 ms away, asked at once, with the receive buffer that an ordinary user gets by default. */
@InPrivateNamespace
class ManyHostsTest {
    private static final int HOSTS = 4_000;

    @ParameterizedTest(name = "{0}, IPv6: {1}")
    @CsvSource({"DATAGRAM, false", "DATAGRAM, true", "RAW, false", "RAW, true"})
    @Covers(rules = "LOAD-2", cases = "C106")
    void losesNoAnswerToItsOwnBuffer(EngineVariant variant, boolean ipv6) throws Exception {
        ChildJvm.Result result = ChildJvm.run(
                // A namespace for the lab alone: it refuses one that has other interfaces.
                List.of("unshare", "-n"),
                ChildJvm.everything(),
                ManyHostsProgram.class.getName(),
                variant.name(),
                Boolean.toString(ipv6),
                Integer.toString(HOSTS));

        // Only root may open /dev/net/tun; CI is root.
        boolean mayBeMissing = !Boolean.getBoolean("netecho.ci");
        assumeThat(mayBeMissing && result.output().contains("no lab: "))
                .as(result.output())
                .isFalse();
        assertThat(result.output()).contains(ManyHostsProgram.everyHost(HOSTS));
    }
}
