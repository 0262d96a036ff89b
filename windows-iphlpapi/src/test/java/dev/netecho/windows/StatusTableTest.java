// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.IcmpErrorKind;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.windows.win32.IpStatus;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StatusTableTest {
    @ParameterizedTest(name = "{0}: IPv4 {1}, IPv6 {2}")
    @CsvSource({
        "11002,NETWORK_UNREACHABLE,NETWORK_UNREACHABLE",
        "11003,HOST_UNREACHABLE,ADDRESS_UNREACHABLE",
        "11004,PROTOCOL_UNREACHABLE,ADMINISTRATIVELY_PROHIBITED",
        "11005,PORT_UNREACHABLE,PORT_UNREACHABLE",
        "11009,FRAGMENTATION_NEEDED,PACKET_TOO_BIG",
        "11012,SOURCE_ROUTE_FAILED,OTHER",
        "11013,HOP_LIMIT_EXCEEDED,HOP_LIMIT_EXCEEDED",
        "11014,REASSEMBLY_TIME_EXCEEDED,REASSEMBLY_TIME_EXCEEDED",
        "11015,PARAMETER_PROBLEM,PARAMETER_PROBLEM",
        "11016,SOURCE_QUENCH,OTHER",
        "11040,OTHER,OTHER",
        "11041,HOP_LIMIT_EXCEEDED,HOP_LIMIT_EXCEEDED",
        "11042,OTHER,PARAMETER_PROBLEM",
        "11043,OTHER,PARAMETER_PROBLEM",
        "11044,OTHER,OTHER",
        "11045,OTHER,OTHER"
    })
    void anIcmpErrorHasAKindInEachFamily(int status, IcmpErrorKind four, IcmpErrorKind six) {
        assertThat(StatusTable.icmpError(IpVersion.V4, status)).isEqualTo(four);
        assertThat(StatusTable.icmpError(IpVersion.V6, status)).isEqualTo(six);
    }

    @Test
    void nothingElseIsAnIcmpError() {
        Set<Integer> either = Set.of(
                11002, 11003, 11004, 11005, 11009, 11012, 11013, 11014, 11015, 11016, 11040, 11041, 11042, 11043, 11044,
                11045);
        for (int status = 0; status < 12_000; status++) {
            if (!either.contains(status)) {
                assertThat(StatusTable.icmpError(IpVersion.V4, status))
                        .as("%d", status)
                        .isNull();
                assertThat(StatusTable.icmpError(IpVersion.V6, status))
                        .as("%d", status)
                        .isNull();
            }
        }
    }

    @ParameterizedTest(name = "error {0} with a source is {1}, without {2}")
    @CsvSource({
        "5,NOT_PERMITTED,NOT_PERMITTED",
        "6,OS_ERROR,OS_ERROR",
        "8,OVERLOADED,OVERLOADED",
        "50,UNSUPPORTED,UNSUPPORTED",
        "87,OS_ERROR,OS_ERROR",
        "120,UNSUPPORTED,UNSUPPORTED",
        "122,OS_ERROR,OS_ERROR",
        "1214,SOURCE_UNAVAILABLE,INVALID_DESTINATION",
        "1210,OS_ERROR,OS_ERROR",
        "1222,NO_ROUTE,NO_ROUTE",
        "1231,NO_ROUTE,NO_ROUTE",
        "1232,NO_ROUTE,NO_ROUTE",
        "1233,OS_ERROR,OS_ERROR",
        "1234,OS_ERROR,OS_ERROR",
        "1235,OS_ERROR,OS_ERROR",
        "1241,OS_ERROR,OS_ERROR",
        "1256,NO_ROUTE,NO_ROUTE",
        "10047,UNSUPPORTED,UNSUPPORTED",
        "10013,NOT_PERMITTED,NOT_PERMITTED",
        "10049,SOURCE_UNAVAILABLE,INVALID_DESTINATION",
        "10050,NO_ROUTE,NO_ROUTE",
        "10051,NO_ROUTE,NO_ROUTE",
        "10065,NO_ROUTE,NO_ROUTE",
        "1450,OVERLOADED,OVERLOADED",
        "1453,OVERLOADED,OVERLOADED",
        "1816,OVERLOADED,OVERLOADED",
        "4711,OS_ERROR,OS_ERROR",
        "11001,OS_ERROR,OS_ERROR",
        "11003,NO_ROUTE,NO_ROUTE",
        "11006,OVERLOADED,OVERLOADED",
        "11009,TOO_LARGE,TOO_LARGE",
        "11018,INVALID_DESTINATION,INVALID_DESTINATION",
        "11019,SOURCE_UNAVAILABLE,SOURCE_UNAVAILABLE",
        "11050,OS_ERROR,OS_ERROR",
        "11999,OS_ERROR,OS_ERROR"
    })
    void aCallThatFailsHasAReason(int error, NotSentReason withSource, NotSentReason without) {
        assertThat(StatusTable.refusalByError(IpVersion.V4, error, true)).isEqualTo(withSource);
        assertThat(StatusTable.refusalByError(IpVersion.V6, error, false)).isEqualTo(without);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {11006, 0xC000_0017, 0xC000_0044, 0xC000_009A, 0xC000_00A1})
    void aDriverWithoutResourcesIsOverload(int status) {
        assertThat(StatusTable.refusalByStatus(IpVersion.V4, status)).isEqualTo(NotSentReason.OVERLOADED);
    }

    @ParameterizedTest(name = "{0}: IPv4 {1}, IPv6 {2}")
    @CsvSource({
        "11002,NO_ROUTE,NO_ROUTE",
        "11004,OS_ERROR,NOT_PERMITTED",
        "0xC0000022,NOT_PERMITTED,NOT_PERMITTED",
        "0xC00000BB,UNSUPPORTED,UNSUPPORTED",
        "0xC000023C,NO_ROUTE,NO_ROUTE",
        "0xC000023D,NO_ROUTE,NO_ROUTE",
        "0xC0000001,OS_ERROR,OS_ERROR"
    })
    void aDriverThatFailsHasAReason(String number, NotSentReason four, NotSentReason six) {
        int status = Long.decode(number).intValue();
        assertThat(StatusTable.refusalByStatus(IpVersion.V4, status)).isEqualTo(four);
        assertThat(StatusTable.refusalByStatus(IpVersion.V6, status)).isEqualTo(six);
    }

    @ParameterizedTest(name = "{0} is {1} and {2}")
    @CsvSource({
        "0,IP_SUCCESS,IP_SUCCESS",
        "11001,IP_BUF_TOO_SMALL,IP_BUF_TOO_SMALL",
        "11002,IP_DEST_NET_UNREACHABLE,IP_DEST_NO_ROUTE",
        "11003,IP_DEST_HOST_UNREACHABLE,IP_DEST_ADDR_UNREACHABLE",
        "11004,IP_DEST_PROT_UNREACHABLE,IP_DEST_PROHIBITED",
        "11010,IP_REQ_TIMED_OUT,IP_REQ_TIMED_OUT",
        "11013,IP_TTL_EXPIRED_TRANSIT,IP_HOP_LIMIT_EXCEEDED",
        "11015,IP_PARAM_PROBLEM,IP_PARAMETER_PROBLEM",
        "11050,IP_GENERAL_FAILURE,IP_GENERAL_FAILURE",
        "11255,IP_PENDING,IP_PENDING",
        "11999,'',''"
    })
    void aStatusHasItsName(int status, String four, String six) {
        assertThat(IpStatus.name(status, false)).isEqualTo(four);
        assertThat(IpStatus.name(status, true)).isEqualTo(six);
    }

    @Test
    void everyConstantHasItsName() throws IllegalAccessException {
        for (var field : IpStatus.class.getFields()) {
            if (!field.getName().equals("IP_STATUS_BASE")) {
                assertThat(IpStatus.name(field.getInt(null), false)).isEqualTo(field.getName());
            }
        }
    }
}
