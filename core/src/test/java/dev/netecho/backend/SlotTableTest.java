// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.spi.PendingEcho;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which slot a request gets, under a clock that the test turns. */
final class SlotTableTest {
    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final long START = 86_400 * SECOND;

    @Test
    void givesNewSlotsInOrderAndGrowsUpToItsLimit() {
        SlotTable table = new SlotTable(5000);
        for (int i = 0; i < 5000; i++) {
            table.makeRoom();
            assertThat(table.take(Pendings.any(), true, START)).isEqualTo(i);
        }
        assertThat(table.take(Pendings.any(), true, START)).isEqualTo(SlotTable.NONE);
        assertThat(table.inUse()).isEqualTo(5000);
        assertThat(table.capacity()).isEqualTo(5000);
        assertThat(table.end()).isEqualTo(5000);
    }

    @Test
    void keepsWhatItKnowsOfASlotWhenItGrows() {
        SlotTable table = new SlotTable(1 << 16);
        PendingEcho first = Pendings.any();
        int slot = table.take(first, true, START);
        table.describe(slot, 11, 22, 33);
        table.sent(slot, START, 7);
        for (int i = 1; i < 3000; i++) {
            table.makeRoom();
            table.take(Pendings.any(), true, START);
        }

        assertThat(table.pending(slot)).isSameAs(first);
        assertThat(table.state(slot)).isEqualTo(SlotState.SENT);
        assertThat(table.token(slot)).isEqualTo(11);
        assertThat(table.isDestination(slot, 22, 33)).isTrue();
        assertThat(table.isDestination(slot, 22, 34)).isFalse();
        assertThat(table.isDestination(slot, 23, 33)).isFalse();
        assertThat(table.sentNanos(slot)).isEqualTo(START);
        assertThat(table.calledNanos(slot)).isEqualTo(START - 7);
    }

    @Test
    void remembersTheTokenBefore() {
        SlotTable table = new SlotTable(1);
        int slot = use(table, true, START, START);
        table.describe(table.take(Pendings.any(), true, START + 1), 77, 0, 0);

        assertThat(table.token(slot)).isEqualTo(77);
        assertThat(table.earlierToken(slot)).isEqualTo(1);
    }

    @Test
    void usesRestedSlotsInTheOrderOfTheirRelease() {
        SlotTable table = new SlotTable(100);
        for (int i = 0; i < 4; i++) {
            table.take(Pendings.any(), true, START);
        }
        for (int slot : new int[] {2, 0, 3}) {
            free(table, slot, SlotState.ANSWERED, true, START);
        }

        assertThat(table.take(Pendings.any(), true, START + SlotTable.REST_NANOS - 1))
                .as("a slot that rests is left alone while there are new ones")
                .isEqualTo(4);
        assertThat(table.take(Pendings.any(), true, START + SlotTable.REST_NANOS))
                .isEqualTo(2);
        assertThat(table.take(Pendings.any(), true, START + SlotTable.REST_NANOS))
                .isEqualTo(0);
        assertThat(table.take(Pendings.any(), true, START + SlotTable.REST_NANOS))
                .isEqualTo(3);
        assertThat(table.take(Pendings.any(), true, START + SlotTable.REST_NANOS))
                .isEqualTo(5);
    }

    @Test
    void usesARestingSlotForATokenWhenThereIsNoOther() {
        SlotTable table = new SlotTable(2);
        table.take(Pendings.any(), true, START);
        int slot = table.take(Pendings.any(), true, START);
        free(table, slot, SlotState.ENDED, true, START);

        assertThat(table.take(Pendings.any(), true, START)).isEqualTo(slot);
        assertThat(table.take(Pendings.any(), true, START)).isEqualTo(SlotTable.NONE);
    }

    @Test
    void letsASlotRestForAMinuteBetweenPayloadsWithoutToken() {
        SlotTable table = new SlotTable(1);
        int slot = use(table, false, START, START);
        long rested = START + SlotTable.REST_WITHOUT_TOKEN_NANOS;

        assertThat(table.take(Pendings.any(), false, rested - 1)).isEqualTo(SlotTable.NONE);
        assertThat(table.take(Pendings.any(), false, rested)).isEqualTo(slot);
    }

    @Test
    void letsAPayloadWithATokenUseASlotThatRestsForOnesWithout() {
        SlotTable table = new SlotTable(1);
        int slot = use(table, false, START, START);

        assertThat(table.take(Pendings.any(), true, START + 1)).isEqualTo(slot);
    }

    @Test
    void aUseWithATokenDoesNotEndTheRestOfASlot() {
        SlotTable table = new SlotTable(1);
        use(table, false, START, START);
        use(table, true, START + 1, START + 2);

        assertThat(table.take(Pendings.any(), false, START + 3))
                .as("the late reply to the first payload would still be taken for the reply to an equal one")
                .isEqualTo(SlotTable.NONE);
    }

    @Test
    void doesNotLetASlotRestWhosePacketNeverLeft() {
        SlotTable table = new SlotTable(1);
        int slot = table.take(Pendings.any(), false, START);
        free(table, slot, SlotState.FREE, true, START);

        assertThat(table.take(Pendings.any(), false, START)).isEqualTo(slot);
    }

    @Test
    void knowsNoStateOfASlotOutsideOfWhatWasUsed() {
        SlotTable table = new SlotTable(10);
        table.take(Pendings.any(), true, START);

        assertThat(table.state(-1)).isEqualTo(SlotState.FREE);
        assertThat(table.state(0)).isEqualTo(SlotState.STAGED);
        assertThat(table.state(1)).isEqualTo(SlotState.FREE);
        assertThat(table.state(1 << 20)).isEqualTo(SlotState.FREE);
    }

    /** Every rule at once, against a model that remembers everything. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepsItsRulesInAnyOrderOfUse(long seed) {
        Random random = new Random(seed);
        int limit = 1 + random.nextInt(40);
        SlotTable table = new SlotTable(limit);
        Map<Integer, PendingEcho> taken = new HashMap<>();
        Map<Integer, Boolean> carried = new HashMap<>();
        Map<Integer, Long> tokenlessEnd = new HashMap<>();
        long now = START;
        for (int step = 0; step < 4_000; step++) {
            now += random.nextInt(4) == 0 ? random.nextLong(5 * SECOND) : random.nextLong(20 * MILLISECOND);
            String where = "seed " + seed + " step " + step;
            if (random.nextBoolean()) {
                boolean token = random.nextBoolean();
                PendingEcho echo = Pendings.any();
                int slot = table.take(echo, token, now);
                if (slot == SlotTable.NONE) {
                    assertThat(token && taken.size() < limit)
                            .as(where + ": refused a token though a slot is free")
                            .isFalse();
                    continue;
                }
                assertThat(slot).as(where).isBetween(0, limit - 1);
                assertThat(taken.put(slot, echo)).as(where + ": in use").isNull();
                carried.put(slot, token);
                if (!token) {
                    assertThat(now - tokenlessEnd.getOrDefault(slot, now - SlotTable.REST_WITHOUT_TOKEN_NANOS))
                            .as(where + ": rest of slot " + slot)
                            .isGreaterThanOrEqualTo(SlotTable.REST_WITHOUT_TOKEN_NANOS);
                }
                table.sent(slot, now, 0);
            } else if (!taken.isEmpty()) {
                List<Integer> slots = new ArrayList<>(taken.keySet());
                int slot = slots.get(random.nextInt(slots.size()));
                boolean withdrawn = random.nextInt(5) == 0;
                boolean token = carried.get(slot);
                if (!token && !withdrawn) {
                    tokenlessEnd.put(slot, now);
                }
                assertThat(table.free(slot, withdrawn ? SlotState.FREE : SlotState.ENDED, withdrawn || token, now))
                        .as(where)
                        .isSameAs(taken.remove(slot));
                assertThat(table.pending(slot)).as(where).isNull();
            }
            assertThat(table.inUse()).as(where).isEqualTo(taken.size());
        }
    }

    private static int use(SlotTable table, boolean token, long from, long to) {
        int slot = table.take(Pendings.any(), token, from);
        table.describe(slot, token ? 1 : 0, 0, 0);
        table.sent(slot, from, 0);
        free(table, slot, SlotState.ENDED, token, to);
        return slot;
    }

    private static void free(SlotTable table, int slot, SlotState end, boolean token, long now) {
        assertThat(table.free(slot, end, token, now)).isNotNull();
    }
}
