// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SweepTargetsTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 256",
        "192.0.2.77/24, 256",
        "192.0.2.1-192.0.2.9, 9",
        "192.0.2.1, 1",
        "10.0.0.0/8, 16777216",
        "2001:db8::/112, 65536",
        "2001:db8::ffff-2001:db8::1:2, 4",
        "::ffff:192.0.2.0-::ffff:192.0.2.3, 4",
        "2001:db8::/96, 4294967296"
    })
    void countsWhatARangeHolds(String range, long size) {
        SweepTargets targets = SweepTargets.of(range);
        assertThat(targets.size()).isEqualTo(size);
        assertThat(targets.refused()).isZero();
        assertThat(targets.areIpv4()).isEqualTo(!range.contains("db8"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host",
                "192.0.2",
                "192.0.2.256",
                "192.0.2.01",
                "192.0.2.1.",
                "192.0.2.1/33",
                "192.0.2.1/-1",
                "192.0.2.1/",
                "2001:db8::/129",
                "fe80::1%lo",
                "192.0.2.9-192.0.2.1",
                "192.0.2.1-2001:db8::1",
                "2001:db8::g"
            })
    void refusesWhatIsNoRange(String range) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SweepTargets.of(range))
                .withMessageMatching("(?s).*(give|must be|takes).*");
    }

    @Test
    void refusesMoreThanItCanHold() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SweepTargets.of("2001:db8::/64"))
                .withMessageContaining("2001:db8:0:0:0:0:0:0-2001:db8:0:0:ffff:ffff:ffff:ffff has more than 4294967296")
                .withMessageContaining("give narrower ranges");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SweepTargets.of("::/0"))
                .withMessageContaining("more than 4294967296");
    }

    @Test
    void refusesToAskNobody() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SweepTargets.newBuilder()
                        .add("192.0.2.0/24")
                        .exclude("192.0.0.0/16")
                        .build())
                .withMessageContaining("exclude less");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SweepTargets.of("224.0.0.0/4"))
                .withMessageContaining("all 268435456 addresses are refused");
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0/0, 570425344",
        "126.255.255.0-127.0.0.255, 256",
        "127.0.0.0/8, 0",
        "127.0.0.1, 0",
        "240.0.0.0/24, 0",
        "239.255.255.255-240.0.0.1, 3",
        "255.255.255.0/24, 1"
    })
    void refusesWhatARangeDoesNotMean(String range, long refused) {
        SweepTargets targets = range.startsWith("239") ? SweepTargets.of(range, "192.0.2.1") : SweepTargets.of(range);
        assertThat(targets.refused()).isEqualTo(refused);
    }

    @Test
    void asksEachAddressOnceWithoutTheExclusions() throws Exception {
        SweepTargets targets = SweepTargets.newBuilder()
                .add("192.0.2.0/28")
                .add("192.0.2.8-192.0.2.20")
                .add("2001:db8::fffe-2001:db8::1:1")
                .add(InetAddress.getByName("192.0.2.30"), InetAddress.getByName("192.0.2.30"))
                .exclude("192.0.2.3")
                .exclude("192.0.2.10/31")
                .exclude("2001:db8::1:0/128")
                .build();
        List<String> asked = new ArrayList<>();
        for (long i = 0; i < targets.asked.size(); i++) {
            InetAddress address = targets.addressAt(i);
            asked.add(address.getHostAddress());
            assertThat(targets.contains(address)).isTrue();
            assertThat(targets.asked.indexOf(Addresses.high(address), Addresses.low(address)))
                    .isEqualTo(i);
        }
        List<String> expected = new ArrayList<>();
        for (int i = 0; i <= 20; i++) {
            if (i != 3 && i != 10 && i != 11) {
                expected.add("192.0.2." + i);
            }
        }
        expected.addAll(
                List.of("192.0.2.30", "2001:db8:0:0:0:0:0:fffe", "2001:db8:0:0:0:0:0:ffff", "2001:db8:0:0:0:0:1:1"));
        assertThat(asked).containsExactlyElementsOf(expected);
        assertThat(targets.ranges()).isEqualTo(6);
        assertThat(targets.first(1).getHostAddress()).isEqualTo("192.0.2.4");
        assertThat(targets.last(1).getHostAddress()).isEqualTo("192.0.2.9");
        assertThat(targets.contains(InetAddress.getByName("192.0.2.3"))).isFalse();
        assertThat(targets.contains(InetAddress.getByName("192.0.2.21"))).isFalse();
        assertThat(targets)
                .hasToString("192.0.2.0-192.0.2.2, 192.0.2.4-192.0.2.9, 192.0.2.12-192.0.2.20, 192.0.2.30,"
                        + " 2001:db8:0:0:0:0:0:fffe-2001:db8:0:0:0:0:0:ffff and 1 more ranges");
    }

    @Test
    void setsAgreeWithASetOfNumbers() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            TreeSet<Integer> left = new TreeSet<>();
            TreeSet<Integer> right = new TreeSet<>();
            RangeSet a = some(random, left);
            RangeSet b = some(random, right);
            TreeSet<Integer> minus = new TreeSet<>(left);
            minus.removeAll(right);
            TreeSet<Integer> and = new TreeSet<>(left);
            and.retainAll(right);
            TreeSet<Integer> or = new TreeSet<>(left);
            or.addAll(right);
            assertThat(numbers(a.minus(b))).as("seed " + seed).isEqualTo(minus);
            assertThat(numbers(a.and(b))).as("seed " + seed).isEqualTo(and);
            assertThat(numbers(a.or(b))).as("seed " + seed).isEqualTo(or);
        }
    }

    /** Around the border of the two halves of an address. */
    private static RangeSet some(Random random, Set<Integer> numbers) {
        List<AddressRange> ranges = new ArrayList<>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            int first = random.nextInt(40);
            int last = Math.min(39, first + random.nextInt(8));
            for (int n = first; n <= last; n++) {
                numbers.add(n);
            }
            ranges.add(new AddressRange(high(first), first - 20, high(last), last - 20));
        }
        return RangeSet.of(ranges);
    }

    private static long high(int number) {
        return number < 20 ? 7 : 8;
    }

    private static Set<Integer> numbers(RangeSet set) {
        Set<Integer> numbers = new TreeSet<>();
        for (long i = 0; i < set.size(); i++) {
            int number = (int) set.lowAt(i) + 20;
            assertThat(set.highAt(i)).isEqualTo(high(number));
            numbers.add(number);
        }
        assertThat(numbers).hasSize((int) set.size());
        return numbers;
    }
}
