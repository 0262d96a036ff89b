// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.IpVersion;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IcmpTypesTest {
    @Test
    void theErrorsOfIpv4Are34511And12() {
        assertThat(IntStream.range(0, 256).filter(type -> IcmpTypes.isError(IpVersion.V4, type)))
                .containsExactly(3, 4, 5, 11, 12);
    }

    @Test
    void theErrorsOfIpv6Are0To127() {
        assertThat(IntStream.range(0, 256).filter(type -> IcmpTypes.isError(IpVersion.V6, type)))
                .containsExactly(IntStream.range(0, 128).boxed().toArray(Integer[]::new));
    }

    @Test
    void theRedirectsAre5And137() {
        assertThat(IntStream.range(0, 256).filter(type -> IcmpTypes.isRedirect(IpVersion.V4, type)))
                .containsExactly(5);
        assertThat(IntStream.range(0, 256).filter(type -> IcmpTypes.isRedirect(IpVersion.V6, type)))
                .containsExactly(137);
    }

    @Test
    void eachVersionHasTheNumbersOfItsRfc() {
        assertThat(IpVersion.V4.echoRequestType()).isEqualTo(8);
        assertThat(IpVersion.V4.echoReplyType()).isEqualTo(0);
        assertThat(IpVersion.V4.icmpProtocol()).isEqualTo(1);
        assertThat(IpVersion.V4.minimumHeaderLength()).isEqualTo(20);
        assertThat(IpVersion.V6.echoRequestType()).isEqualTo(128);
        assertThat(IpVersion.V6.echoReplyType()).isEqualTo(129);
        assertThat(IpVersion.V6.icmpProtocol()).isEqualTo(58);
        assertThat(IpVersion.V6.minimumHeaderLength()).isEqualTo(40);
    }
}
