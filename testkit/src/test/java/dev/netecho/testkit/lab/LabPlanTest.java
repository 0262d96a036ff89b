// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabPlanTest {
    @Test
    void noTwoRowsShareAnAddressAndEveryRowRulesItsOwn() {
        Map<Integer, LabPlan> owners = new HashMap<>();
        for (LabPlan row : LabPlan.values()) {
            for (int block = row.first() >> 8; block < (row.first() + row.size()) >> 8; block++) {
                assertThat(owners.put(block, row)).as("198.18.%d.0/24", block).isNull();
                assertThat(LabPlan.rowOf(block << 8)).isEqualTo(row);
                assertThat(LabPlan.rowOf((block << 8) | 255)).isEqualTo(row);
            }
            assertThat(row.first() % row.size())
                    .as("%s is a prefix", row.prefix())
                    .isZero();
        }
    }

    @Test
    void anUnassignedAddressIsSilent() {
        assertThat(LabPlan.rowOf(79 << 8)).isEqualTo(LabPlan.SILENT);
    }

    @Test
    void theTableNamesBothFamiliesAndWhatEveryRowDoes() {
        String table = LabPlan.toMarkdown();

        assertThat(table.lines()).hasSize(2 + LabPlan.values().length).allMatch(line -> line.startsWith("|"));
        assertThat(table)
                .contains("| 198.18.2.*d* | 2001:2::18:2:*d* | `DELAYED` | answers after 4 d ms |")
                .contains("| 198.18.80.0/20 | 2001:2::18:80:0 to 2001:2::18:95:255 | `MANY_AT_ONCE` |");
    }

    @Test
    void aNumberBeyondTheRowIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabPlan.AT_ONCE.ipv4(256))
                .withMessageContaining("AT_ONCE")
                .withMessageContaining("256");
        assertThatIllegalArgumentException().isThrownBy(() -> LabPlan.AT_ONCE.ipv6(-1));
    }
}
