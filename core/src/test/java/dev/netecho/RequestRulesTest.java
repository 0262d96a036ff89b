// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRulesTest {
    private static final Set<EchoCapability> EVERYTHING = EnumSet.allOf(EchoCapability.class);

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, the unspecified address",
        "::, the unspecified address",
        "224.0.0.1, a multicast address",
        "239.255.255.255, a multicast address",
        "ff02::1, a multicast address",
        "ff0e::1234, a multicast address",
        "255.255.255.255, the broadcast address",
        "fe80::1, link-local and needs a scope",
        "febf::1, link-local and needs a scope",
    })
    void refuseADestinationThatIsNoSingleHostAndNameIt(String literal, String why) {
        InetAddress destination = Addresses.ip(literal);

        EchoOutcome.NotSent refusal = refusal(EchoRequest.to(destination), EVERYTHING);

        assertThat(refusal).isNotNull();
        assertThat(refusal.reason()).isSameAs(NotSentReason.INVALID_DESTINATION);
        assertThat(refusal.detail())
                .startsWith(destination.getHostAddress() + " is ")
                .contains(why);
        assertThat(refusal.osError()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "192.0.2.255",
                "223.255.255.255",
                "240.0.0.1",
                "255.255.255.254",
                "169.254.0.1",
                "::1",
                "2001:db8::1",
                "fec0::1",
                "fe7f::1",
                "::ffff:192.0.2.1"
            })
    void letEverySingleHostPass(String literal) {
        assertThat(refusal(EchoRequest.to(Addresses.ip(literal)), EVERYTHING)).isNull();
    }

    @Test
    void areOneObjectForAllRequestsThatNeedTheSame() {
        EchoRequest request = EchoRequest.to(Addresses.ip("192.0.2.1"));

        assertThat(EchoRequest.to(Addresses.ip("192.0.2.2")).rules).isSameAs(request.rules);
        assertThat(EchoRequest.to(Addresses.ip("2001:db8::1")).rules).isNotSameAs(request.rules);
        assertThat(EchoRequest.to(Addresses.ip("224.0.0.1")).rules).isNotSameAs(request.rules);
    }

    @Test
    void letALinkLocalDestinationWithAScopePass() throws UnknownHostException {
        byte[] octets = Addresses.ip("fe80::1").getAddress();

        assertThat(refusal(EchoRequest.to(Inet6Address.getByAddress(null, octets, 7)), EVERYTHING))
                .isNull();
    }

    @Test
    void refuseALinkLocalDestinationWithScopeZero() throws UnknownHostException {
        byte[] octets = Addresses.ip("fe80::1").getAddress();

        EchoOutcome.NotSent refusal = refusal(EchoRequest.to(Inet6Address.getByAddress(null, octets, 0)), EVERYTHING);

        assertThat(refusal).isNotNull();
        assertThat(refusal.reason()).isSameAs(NotSentReason.INVALID_DESTINATION);
    }

    @Test
    void refuseAScopeOfADestinationThatIsNotLinkLocal() throws UnknownHostException {
        for (String literal : new String[] {"fd00:5::1", "2001:db8::1", "fec0::1", "::1"}) {
            byte[] octets = Addresses.ip(literal).getAddress();

            EchoOutcome.NotSent refusal =
                    refusal(EchoRequest.to(Inet6Address.getByAddress(null, octets, 7)), EVERYTHING);

            assertThat(refusal).as(literal).isNotNull();
            assertThat(refusal.reason()).isSameAs(NotSentReason.INVALID_DESTINATION);
            assertThat(refusal.detail()).contains("%7 has a scope but is not link-local");
        }
    }

    @Test
    void refuseAnInterfaceThatDoesNotHaveTheDestination() throws SocketException, UnknownHostException {
        byte[] octets = Addresses.ip("2001:db8::77").getAddress();
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            try {
                Inet6Address scoped = Inet6Address.getByAddress(null, octets, each);
                assertThat(refusal(EchoRequest.to(scoped), EVERYTHING))
                        .as(scoped.toString())
                        .isNotNull();
            } catch (UnknownHostException e) {
                // An interface without a global address: Java itself refuses it.
                assertThat(e).hasMessageContaining("scope_id");
            }
        }
    }

    @Test
    void letOwnAddressesPassAsNetworkInterfaceHandsThemOut() throws SocketException {
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress own : Collections.list(each.getInetAddresses())) {
                EchoRequest request = EchoRequest.to(own);
                assertThat(refusal(request, EVERYTHING)).as(own.toString()).isNull();
                assertThat(request.destinationScope() == 0)
                        .isEqualTo(!own.isLinkLocalAddress() || request.version() == IpVersion.V4);
            }
        }
    }

    @Test
    void refuseMulticastEvenWithAScope() throws UnknownHostException {
        byte[] octets = Addresses.ip("ff02::1").getAddress();

        EchoOutcome.NotSent refusal = refusal(EchoRequest.to(Inet6Address.getByAddress(null, octets, 7)), EVERYTHING);

        assertThat(refusal).isNotNull();
        assertThat(refusal.detail()).contains("a multicast address");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 224.0.0.1, a multicast address",
        "192.0.2.1, 255.255.255.255, the broadcast address",
        "2001:db8::1, ff02::1, a multicast address",
        "2001:db8::1, fe80::1, link-local and needs a scope",
        "::1, febf::1, link-local and needs a scope",
    })
    void refuseASourceThatNoHostHasAndNameIt(String destination, String literal, String why) {
        InetAddress source = Addresses.ip(literal);

        EchoOutcome.NotSent refusal = refusal(
                EchoRequest.newBuilder(Addresses.ip(destination)).source(source).build(), EVERYTHING);

        assertThat(refusal).isNotNull();
        assertThat(refusal.reason()).isSameAs(NotSentReason.SOURCE_UNAVAILABLE);
        assertThat(refusal.detail())
                .startsWith("the source " + source.getHostAddress() + " is ")
                .contains(why);
        assertThat(refusal.osError()).isEmpty();
    }

    @Test
    void letSourcesWithAScopePass() throws UnknownHostException {
        for (String literal : new String[] {"fe80::1", "2001:db8::2"}) {
            InetAddress source =
                    Inet6Address.getByAddress(null, Addresses.ip(literal).getAddress(), 7);
            EchoRequest request = EchoRequest.newBuilder(Addresses.ip("2001:db8::1"))
                    .source(source)
                    .build();
            assertThat(refusal(request, EVERYTHING)).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IPV4", "SOURCE_ADDRESS", "HOP_LIMIT_IPV4", "TRAFFIC_CLASS_IPV4", "DONT_FRAGMENT_IPV4"})
    void refuseAnIpv4RequestAndNameWhatIsMissing(EchoCapability missing) {
        refusesOnlyForWantOf(missing, demanding(Addresses.V4, "192.0.2.2"));
    }

    @ParameterizedTest
    @EnumSource(names = {"IPV6", "SOURCE_ADDRESS", "HOP_LIMIT_IPV6", "TRAFFIC_CLASS_IPV6", "DONT_FRAGMENT_IPV6"})
    void refuseAnIpv6RequestAndNameWhatIsMissing(EchoCapability missing) {
        refusesOnlyForWantOf(missing, demanding(Addresses.V6, "2001:db8::2"));
    }

    @Test
    void askOfAPlainRequestNothingButItsFamily() {
        assertThat(refusal(EchoRequest.to(Addresses.V4), EnumSet.of(EchoCapability.IPV4)))
                .isNull();
        assertThat(refusal(EchoRequest.to(Addresses.V6), EnumSet.of(EchoCapability.IPV6)))
                .isNull();
    }

    @Test
    void askOfADemandingRequestNothingOfTheOtherFamily() {
        EnumSet<EchoCapability> four = EnumSet.of(
                EchoCapability.IPV4,
                EchoCapability.SOURCE_ADDRESS,
                EchoCapability.HOP_LIMIT_IPV4,
                EchoCapability.TRAFFIC_CLASS_IPV4,
                EchoCapability.DONT_FRAGMENT_IPV4);

        assertThat(refusal(demanding(Addresses.V4, "192.0.2.2"), four)).isNull();
    }

    private static EchoRequest demanding(InetAddress destination, String source) {
        return EchoRequest.newBuilder(destination)
                .source(Addresses.ip(source))
                .options(EchoOptions.DEFAULT.withHopLimit(8).withTrafficClass(1).withDontFragment(true))
                .build();
    }

    private static void refusesOnlyForWantOf(EchoCapability missing, EchoRequest request) {
        EchoOutcome.NotSent refusal = refusal(request, EnumSet.complementOf(EnumSet.of(missing)));

        assertThat(refusal)
                .isEqualTo(EchoOutcome.NotSent.because(
                        NotSentReason.UNSUPPORTED, "this backend does not have " + missing));
        assertThat(refusal(request, EVERYTHING)).isNull();
    }

    private static EchoOutcome.@Nullable NotSent refusal(EchoRequest request, Set<EchoCapability> capabilities) {
        EnumSet<EchoCapability> available = EnumSet.noneOf(EchoCapability.class);
        available.addAll(capabilities);
        return request.rules.allow(available) ? null : request.rules.refusal(available, "");
    }
}
