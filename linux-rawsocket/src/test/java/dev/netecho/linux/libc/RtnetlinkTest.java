// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RtnetlinkTest {
    private static final short NLMSG_ERROR = 2;

    /** A shortage in the kernel says nothing of the route. */
    @ParameterizedTest(name = "errno {0}")
    @CsvSource({
        Errno.ENOMEM + ", -1",
        Errno.ENOBUFS + ", -1",
        Errno.ENETUNREACH + ", 0",
        Errno.EHOSTUNREACH + ", 0",
        Errno.EACCES + ", 0",
        Errno.EINVAL + ", 0"
    })
    void anErrorMeansNoRouteUnlessItIsAShortage(int errno, int type) {
        ByteBuffer buffer = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
        buffer.putInt(0, 36);
        buffer.putShort(4, NLMSG_ERROR);
        buffer.putInt(16, -errno);

        assertThat(Rtnetlink.isAnswer(buffer)).isTrue();
        assertThat(Rtnetlink.routeType(buffer)).isEqualTo(type);
    }
}
