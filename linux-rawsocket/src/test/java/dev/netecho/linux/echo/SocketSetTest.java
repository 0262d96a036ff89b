// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.netecho.spi.PendingEcho;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SocketSetTest {
    @Test
    void opensNoSocketWhoseSlotsWouldHaveNoHandle() {
        List<Object> numbered = new ArrayList<>(Collections.nCopies(SocketSet.MAX_SOCKETS - 1, "a socket"));
        assertThatCode(() -> SocketSet.requireNumber(numbered)).doesNotThrowAnyException();

        numbered.add("a socket");
        assertThatExceptionOfType(NoMoreSocketsException.class)
                .isThrownBy(() -> SocketSet.requireNumber(numbered))
                .withMessageContaining(Integer.toString(SocketSet.MAX_SOCKETS));

        numbered.set(7, null);
        assertThatCode(() -> SocketSet.requireNumber(numbered)).doesNotThrowAnyException();
    }

    @Test
    void hasAHandleForTheLastSlotOfTheLastSocket() {
        PendingEcho echo = Pendings.any();
        int lastSlot = (1 << InFlight.SLOT_BITS) - 1;
        int handle = (SocketSet.MAX_SOCKETS - 1) << InFlight.SLOT_BITS | lastSlot;
        assertThatCode(() -> echo.handle(handle)).doesNotThrowAnyException();
    }
}
