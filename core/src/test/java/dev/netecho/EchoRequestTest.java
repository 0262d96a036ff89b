// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EchoRequestTest {
    @Test
    void hasDocumentedDefaults() {
        EchoRequest request = EchoRequest.to(Addresses.V4);

        assertThat(request.destination()).isEqualTo(Addresses.V4);
        assertThat(request.source()).isEmpty();
        assertThat(request.payload()).isSameAs(EchoPayload.DEFAULT);
        assertThat(request.options()).isSameAs(EchoOptions.DEFAULT);
        assertThat(request.timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(request.timeoutNanos()).isEqualTo(1_000_000_000);
    }

    @Test
    void equalsOneThatAsksTheSame() throws UnknownHostException {
        List<EchoRequest> all = new ArrayList<>();
        for (int made = 0; made < 2; made++) {
            all.add(EchoRequest.to(Addresses.V4));
            all.add(EchoRequest.to(Addresses.ip("192.0.2.77")));
            all.add(EchoRequest.newBuilder(Addresses.V4)
                    .source(Addresses.ip("192.0.2.2"))
                    .build());
            all.add(EchoRequest.newBuilder(Addresses.V4)
                    .payload(EchoPayload.ofSize(8))
                    .build());
            all.add(EchoRequest.newBuilder(Addresses.V4)
                    .options(EchoOptions.DEFAULT.withHopLimit(3))
                    .build());
            all.add(EchoRequest.newBuilder(Addresses.V4)
                    .timeout(Duration.ofMillis(3))
                    .build());
            for (int scope = 1; scope <= 2; scope++) {
                byte[] octets = Addresses.ip("fe80::1").getAddress();
                InetAddress scoped = Inet6Address.getByAddress(null, octets, scope);
                all.add(EchoRequest.to(scoped));
                all.add(EchoRequest.newBuilder(Addresses.V6).source(scoped).build());
            }
        }
        int kinds = all.size() / 2;
        for (int i = 0; i < all.size(); i++) {
            for (int j = 0; j < all.size(); j++) {
                assertThat(all.get(i).equals(all.get(j)))
                        .as("%s and %s", all.get(i), all.get(j))
                        .isEqualTo(i % kinds == j % kinds);
            }
            assertThat(all.get(i)).hasSameHashCodeAs(all.get((i + kinds) % all.size()));
            assertThat(all.get(i)).isNotEqualTo(null);
        }
    }

    @Test
    void carriesWhatTheBuilderWasGiven() {
        EchoPayload payload = EchoPayload.of(new byte[] {1});
        EchoOptions options = EchoOptions.DEFAULT.withHopLimit(3);

        EchoRequest request = EchoRequest.newBuilder(Addresses.V6)
                .source(Addresses.ip("2001:db8::2"))
                .payload(payload)
                .options(options)
                .timeout(Duration.ofMillis(800))
                .build();

        assertThat(request.destination()).isEqualTo(Addresses.V6);
        assertThat(request.source()).contains(Addresses.ip("2001:db8::2"));
        assertThat(request.payload()).isSameAs(payload);
        assertThat(request.options()).isSameAs(options);
        assertThat(request.timeout()).isEqualTo(Duration.ofMillis(800));
        assertThat(request.timeoutNanos()).isEqualTo(800_000_000);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, true, 0, c0000201",
        "255.255.255.254, true, 0, fffffffe",
        "::1, false, 0, 1",
        "2001:db8:1:2:8000::ff, false, 20010db800010002, 80000000000000ff"
    })
    void knowsItsDestinationAsNumbers(String destination, boolean four, String high, String low) {
        EchoRequest request = EchoRequest.to(Addresses.ip(destination));

        assertThat(request.version()).isEqualTo(four ? IpVersion.V4 : IpVersion.V6);
        assertThat(Long.toHexString(request.destinationHigh())).isEqualTo(high);
        assertThat(Long.toHexString(request.destinationLow())).isEqualTo(low);
        assertThat(request.destinationScope()).isZero();
    }

    @Test
    void knowsTheScopeOfItsDestination() throws UnknownHostException {
        byte[] octets = Addresses.ip("fe80::1").getAddress();

        EchoRequest request = EchoRequest.to(Inet6Address.getByAddress(null, octets, 7));

        assertThat(request.destinationScope()).isEqualTo(7);
    }

    @Test
    void isNotChangedByItsBuilderAfterwards() {
        EchoRequest.Builder builder = EchoRequest.newBuilder(Addresses.V4);
        EchoRequest first = builder.build();

        EchoRequest second = builder.timeout(Duration.ofSeconds(9)).build();

        assertThat(first.timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(second.timeout()).isEqualTo(Duration.ofSeconds(9));
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 0.0.0.0", "2001:db8::1, ::"})
    void takesTheUnspecifiedSourceAsNone(String destination, String source) {
        EchoRequest request = EchoRequest.newBuilder(Addresses.ip(destination))
                .source(Addresses.ip(source))
                .build();

        assertThat(request.source()).isEmpty();
    }

    @Test
    void theUnspecifiedSourceReplacesAnEarlierOne() {
        EchoRequest request = EchoRequest.newBuilder(Addresses.V4)
                .source(Addresses.ip("192.0.2.2"))
                .source(Addresses.ip("0.0.0.0"))
                .build();

        assertThat(request.source()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 2001:db8:0:0:0:0:0:2", "2001:db8:0:0:0:0:0:1, 192.0.2.2", "192.0.2.1, 0:0:0:0:0:0:0:0"})
    void refusesASourceOfTheOtherFamilyAndNamesBoth(String destination, String source) {
        EchoRequest.Builder builder = EchoRequest.newBuilder(Addresses.ip(destination));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.source(Addresses.ip(source)))
                .withMessage("source " + source + " and destination " + destination
                        + " differ in family; both must be IPv4 or both IPv6");
    }

    @Test
    void takesAnIpv4MappedIpv6AddressAsIpv4() {
        InetAddress mapped = Addresses.ip("::ffff:192.0.2.1");

        assertThat(mapped).isInstanceOf(Inet4Address.class);
        assertThat(EchoRequest.to(mapped).destination()).isEqualTo(Addresses.V4);
    }

    @Test
    void takesAnIpv4MappedAddressAsIpv4() throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xff;
        System.arraycopy(Addresses.V4.getAddress(), 0, mapped, 12, 4);
        InetAddress six = Inet6Address.getByAddress(null, mapped, -1);
        assertThat(six).isInstanceOf(Inet6Address.class);

        EchoRequest request = EchoRequest.newBuilder(six).source(six).build();

        assertThat(request.destination()).isEqualTo(Addresses.V4);
        assertThat(request.source()).contains(Addresses.V4);
        assertThat(request.version()).isEqualTo(IpVersion.V4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-0.000000001S", "PT-1S", "PT-2562047788015215H"})
    void refusesATimeoutThatIsNotPositiveAndNamesIt(String timeout) {
        Duration duration = Duration.parse(timeout);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> EchoRequest.newBuilder(Addresses.V4).timeout(duration))
                .withMessage("timeout is " + duration + "; it must be positive");
    }

    @Test
    void takesATimeoutOfOneNanosecond() {
        assertThat(withTimeout(Duration.ofNanos(1)).timeoutNanos()).isEqualTo(1);
    }

    @Test
    void takesTheLongestTimeoutThereIsAndWaits73Years() {
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

        assertThat(withTimeout(longest).timeout()).isEqualTo(longest);
        assertThat(withTimeout(longest).timeoutNanos()).isEqualTo(Long.MAX_VALUE / 4);
        assertThat(withTimeout(Duration.ofSeconds(Long.MAX_VALUE)).timeoutNanos())
                .isEqualTo(Long.MAX_VALUE / 4);
        assertThat(Duration.ofNanos(Long.MAX_VALUE / 4).toDays() / 365).isEqualTo(73);
    }

    @Test
    void keepsATimeoutOf25Days() {
        assertThat(withTimeout(Duration.ofDays(25)).timeoutNanos())
                .isEqualTo(Duration.ofDays(25).toNanos());
    }

    @Test
    void refusesNullByName() {
        EchoRequest.Builder builder = EchoRequest.newBuilder(Addresses.V4);

        assertThatNullPointerException().isThrownBy(() -> EchoRequest.to(null)).withMessage("destination");
        assertThatNullPointerException().isThrownBy(() -> builder.source(null)).withMessage("source");
        assertThatNullPointerException().isThrownBy(() -> builder.payload(null)).withMessage("payload");
        assertThatNullPointerException().isThrownBy(() -> builder.options(null)).withMessage("options");
        assertThatNullPointerException().isThrownBy(() -> builder.timeout(null)).withMessage("timeout");
    }

    @Test
    void saysWhatItHolds() {
        assertThat(EchoRequest.to(Addresses.V4))
                .hasToString(
                        "EchoRequest[destination=192.0.2.1, source=any, payload=EchoPayload[56 bytes, default form],"
                                + " options=EchoOptions[hopLimit=default, trafficClass=default, dontFragment=false],"
                                + " timeout=PT1S]");
        assertThat(EchoRequest.newBuilder(Addresses.V4)
                        .source(Addresses.ip("192.0.2.2"))
                        .build()
                        .toString())
                .contains("source=192.0.2.2");
    }

    private static EchoRequest withTimeout(Duration timeout) {
        return EchoRequest.newBuilder(Addresses.V4).timeout(timeout).build();
    }
}
