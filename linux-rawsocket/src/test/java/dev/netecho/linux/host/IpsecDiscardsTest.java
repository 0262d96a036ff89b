// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The text of proc(5); what it means for requests is shown by IpsecTest. */
final class IpsecDiscardsTest {
    @Test
    void whatGoesOutAndWhatComesInCounts() {
        try (IpsecDiscards discards = new IpsecDiscards(0)) {
            assertThat(discards.count("""
                            XfrmInTmplMismatch      \t5
                            XfrmOutNoStates         \t10
                            XfrmFwdHdrError         \t100
                            XfrmAcquireError        \t200
                            XfrmOutNew              \tx
                            """)).isEqualTo(15);
        }
    }

    @Test
    void aTextWithoutCountsIsUnknown() {
        try (IpsecDiscards discards = new IpsecDiscards(0)) {
            for (String text : new String[] {"", "\n", "Xfrm\t1\n", "XfrmFwdHdrError\t1\n"}) {
                assertThat(discards.count(text)).as(text).isEqualTo(-1);
            }
        }
    }
}
