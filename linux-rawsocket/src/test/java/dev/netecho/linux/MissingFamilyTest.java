// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.cases.Covers;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SPEC PRO-4, on a host whose administrator has switched IPv6 off (ip-sysctl, disable_ipv6): IPv4 works, and IPv6 says why not. */
@InPrivateNamespace
@Timeout(60)
final class MissingFamilyTest {
    private static final List<String> WITHOUT_IPV6 = List.of(
            "unshare",
            "-n",
            "sh",
            "-c",
            "for i in all default lo; do echo 1 >/proc/sys/net/ipv6/conf/$i/disable_ipv6; done"
                    + " && ip link set lo up && echo '0 0' >/proc/sys/net/ipv4/ping_group_range && exec \"$@\"",
            "sh");

    @Covers(rules = "PRO-4", cases = "C101")
    @ParameterizedTest
    @EnumSource
    void doesNotTakeTheOtherWithIt(EngineVariant variant) throws Exception {
        ChildJvm.Result child =
                ChildJvm.run(WITHOUT_IPV6, ChildJvm.everything(), MissingFamilyProgram.class.getName(), variant.name());

        assertThat(child.output().lines())
                .as(child.output())
                .containsExactly("IPv6: SOURCE_UNAVAILABLE", "IPv4: reply");
        assertThat(child.status()).isZero();
    }
}
