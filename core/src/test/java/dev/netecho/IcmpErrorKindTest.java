// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** The tables hold every pair that has a name; all of the other 65,536 pairs of a family are OTHER. */
class IcmpErrorKindTest {
    private static final int ANY_CODE = -1;

    // spotless:off
    private static final Object[][] ICMPV4 = {
        {3,  0, IcmpErrorKind.NETWORK_UNREACHABLE},
        {3,  1, IcmpErrorKind.HOST_UNREACHABLE},
        {3,  2, IcmpErrorKind.PROTOCOL_UNREACHABLE},
        {3,  3, IcmpErrorKind.PORT_UNREACHABLE},
        {3,  4, IcmpErrorKind.FRAGMENTATION_NEEDED},
        {3,  5, IcmpErrorKind.SOURCE_ROUTE_FAILED},
        {3,  6, IcmpErrorKind.NETWORK_UNREACHABLE},
        {3,  7, IcmpErrorKind.HOST_UNREACHABLE},
        {3,  8, IcmpErrorKind.HOST_UNREACHABLE},
        {3,  9, IcmpErrorKind.ADMINISTRATIVELY_PROHIBITED},
        {3, 10, IcmpErrorKind.ADMINISTRATIVELY_PROHIBITED},
        {3, 11, IcmpErrorKind.NETWORK_UNREACHABLE},
        {3, 12, IcmpErrorKind.HOST_UNREACHABLE},
        {3, 13, IcmpErrorKind.ADMINISTRATIVELY_PROHIBITED},
        {3, 14, IcmpErrorKind.HOST_UNREACHABLE},
        {3, 15, IcmpErrorKind.HOST_UNREACHABLE},
        {4, ANY_CODE, IcmpErrorKind.SOURCE_QUENCH},
        {11, 0, IcmpErrorKind.HOP_LIMIT_EXCEEDED},
        {11, 1, IcmpErrorKind.REASSEMBLY_TIME_EXCEEDED},
        {12, ANY_CODE, IcmpErrorKind.PARAMETER_PROBLEM},
    };
    private static final Object[][] ICMPV6 = {
        {1, 0, IcmpErrorKind.NETWORK_UNREACHABLE},
        {1, 1, IcmpErrorKind.ADMINISTRATIVELY_PROHIBITED},
        {1, 3, IcmpErrorKind.ADDRESS_UNREACHABLE},
        {1, 4, IcmpErrorKind.PORT_UNREACHABLE},
        {1, 5, IcmpErrorKind.ADMINISTRATIVELY_PROHIBITED},
        {1, 6, IcmpErrorKind.ADMINISTRATIVELY_PROHIBITED},
        {2, ANY_CODE, IcmpErrorKind.PACKET_TOO_BIG},
        {3, 0, IcmpErrorKind.HOP_LIMIT_EXCEEDED},
        {3, 1, IcmpErrorKind.REASSEMBLY_TIME_EXCEEDED},
        {4, ANY_CODE, IcmpErrorKind.PARAMETER_PROBLEM},
    };
    // spotless:on

    @Test
    void ofIcmpv4IsThatOfTheTableForEveryTypeAndCode() {
        compare(ICMPV4, IcmpErrorKind::ofIcmpv4);
    }

    @Test
    void ofIcmpv6IsThatOfTheTableForEveryTypeAndCode() {
        compare(ICMPV6, IcmpErrorKind::ofIcmpv6);
    }

    private static void compare(Object[][] table, BiFunction<Integer, Integer, IcmpErrorKind> kindOf) {
        Map<Integer, IcmpErrorKind> named = new HashMap<>();
        for (Object[] row : table) {
            int type = (int) row[0];
            int code = (int) row[1];
            for (int c = code == ANY_CODE ? 0 : code; c <= (code == ANY_CODE ? 255 : code); c++) {
                named.put(type << 8 | c, (IcmpErrorKind) row[2]);
            }
        }
        for (int type = 0; type < 256; type++) {
            for (int code = 0; code < 256; code++) {
                assertThat(kindOf.apply(type, code))
                        .as("type %d, code %d", type, code)
                        .isSameAs(named.getOrDefault(type << 8 | code, IcmpErrorKind.OTHER));
            }
        }
    }
}
