// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.netecho.spi.PendingEcho;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LaneSetTest {
    @Test
    void opensNoLaneWhoseSlotsWouldHaveNoHandle() {
        List<Object> numbered = new ArrayList<>(Collections.nCopies(LaneSet.MAX_LANES - 1, "a lane"));
        assertThatCode(() -> LaneSet.requireNumber(numbered)).doesNotThrowAnyException();

        numbered.add("a lane");
        assertThatExceptionOfType(NoMoreLanesException.class)
                .isThrownBy(() -> LaneSet.requireNumber(numbered))
                .withMessageContaining(Integer.toString(LaneSet.MAX_LANES));

        numbered.set(7, null);
        assertThatCode(() -> LaneSet.requireNumber(numbered)).doesNotThrowAnyException();
    }

    @Test
    void hasAHandleForTheLastSlotOfTheLastLane() {
        PendingEcho echo = Pendings.any();
        int lastSlot = (1 << Lane.SLOT_BITS) - 1;
        int handle = (LaneSet.MAX_LANES - 1) << Lane.SLOT_BITS | lastSlot;
        assertThatCode(() -> echo.handle(handle)).doesNotThrowAnyException();
    }
}
