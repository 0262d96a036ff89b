// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.cases.Covers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Hosts that have no IPv6 address to send from, or whose IPv6 addresses Java does not show: IPv4 works, and IPv6 says
 * why not.
 */
@InPrivateNamespace
@Timeout(60)
final class MissingFamilyTest {
    private static final String READY =
            "ip link set lo up; echo '0 0' >/proc/sys/net/ipv4/ping_group_range; exec \"$@\"";

    private static List<String> host(String script) {
        return List.of("unshare", "-n", "sh", "-ec", script + READY, "sh");
    }

    /** The administrator has switched IPv6 off (ip-sysctl, disable_ipv6). */
    @Covers(
            rules = {"PRO-4", "OUT-4"},
            cases = {"C101", "C139"})
    @ParameterizedTest
    @EnumSource
    void isToldWhereIpv6IsOff(EngineVariant variant) throws Exception {
        String off = "for i in all default lo; do echo 1 >/proc/sys/net/ipv6/conf/$i/disable_ipv6; done; ";
        isToldOfNoAddress(told(variant, host(off)));
    }

    /** No other host is on the link, but the kernel looks for others for a long time before it uses an address. */
    @Covers(rules = "OUT-4", cases = "C139")
    @ParameterizedTest
    @EnumSource
    void isToldWhereAllAddressesAreTentative(EngineVariant variant) throws Exception {
        String tentative = """
                echo 1 >/proc/sys/net/ipv6/conf/lo/disable_ipv6
                echo 250 >/proc/sys/net/ipv6/conf/default/dad_transmits
                ip link add t0 type veth peer name t1
                ip link set t0 up; ip link set t1 up
                ip addr add 2001:2:0:1::1/64 dev t0
                """;
        isToldOfNoAddress(told(variant, host(tentative), "2001:2:0:1::2"));
    }

    /** As above, but the loopback interface has its address: the kernel takes the packet, and sends it from there. */
    @Covers(rules = "OUT-4", cases = "C139")
    @ParameterizedTest
    @EnumSource
    void isToldWhereAllAddressesButLoopbackAreTentative(EngineVariant variant) throws Exception {
        String tentative = """
                echo 250 >/proc/sys/net/ipv6/conf/default/dad_transmits
                ip link set lo up
                ip link add t0 type veth peer name t1
                ip link set t0 up; ip link set t1 up
                ip addr add 2001:2:0:1::1/64 dev t0
                """;
        List<String> told = told(variant, host(tentative), "2001:2:0:1::2");
        assertThat(told.get(0)).startsWith("availability: IPv6: this host has no usable IPv6 address now");
        assertThat(told.get(2))
                .startsWith("IPv6: NO_ROUTE not sent to 2001:2:0:1:0:0:0:2: this host has no usable IPv6 address");
        assertThat(told(variant, host(tentative)).get(2)).contains("Reply"); // ::1 itself
    }

    /** The capability stays: an address may come while the requester is open. */
    private static void isToldOfNoAddress(List<String> told) {
        assertThat(told).hasSize(4);
        assertThat(told.get(0)).startsWith("availability: IPv6: this host has no usable IPv6 address now");
        assertThat(told.get(1)).isEqualTo("IPV6 claimed: true");
        assertThat(told.get(2))
                .startsWith("IPv6: NO_ROUTE ")
                .contains("EADDRNOTAVAIL", "; this host has no usable IPv6 address")
                .doesNotContain("source");
        assertThat(told.get(3)).isEqualTo("IPv4: reply");
    }

    /** Java's NetworkInterface then hides the IPv6 addresses; the sockets of this library are none of Java's. */
    @Covers(rules = "OUT-4", cases = "C20")
    @ParameterizedTest
    @EnumSource
    void doesNotBlameAnOwnSourceThatJavaHides(EngineVariant variant) throws Exception {
        List<String> told = told(
                variant,
                host("ip link set lo up; ip addr add fd00:5::1/128 dev lo; "),
                "-Djava.net.preferIPv4Stack=true",
                "2001:2:0:9::1",
                "fd00:5::1");
        assertThat(told).hasSize(4);
        assertThat(told.get(0)).isEqualTo("availability: ");
        assertThat(told.get(2)).startsWith("IPv6: NO_ROUTE ").contains("ENETUNREACH");
        assertThat(told.get(3)).isEqualTo("IPv4: reply");
    }

    private static List<String> told(EngineVariant variant, List<String> wrapper, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(MissingFamilyProgram.class.getName(), variant.name()));
        for (String each : more) {
            arguments.add(each.startsWith("-D") ? 0 : arguments.size(), each);
        }
        ChildJvm.Result child = ChildJvm.run(wrapper, ChildJvm.everything(), arguments.toArray(String[]::new));
        assertThat(child.status()).as(child.output()).isZero();
        return child.output().lines().toList();
    }
}
