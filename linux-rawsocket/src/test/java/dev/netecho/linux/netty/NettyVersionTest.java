// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NettyVersionTest {
    @ParameterizedTest
    @CsvSource({
        "3.10.6.Final, true",
        "4.1.128.Final, true",
        "4.2.0.RC4, true",
        "4.2.6.Final, true",
        "4.2.7.Final, false",
        "4.2.18.Final, false",
        "4.3.0.Final, false",
        "5.0.0.Alpha5, false",
        "unknown, false"
    })
    void isTooOld(String version, boolean tooOld) {
        assertThat(NettyVersion.isTooOld(version)).isEqualTo(tooOld);
    }
}
