// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.IpVersion;
import dev.netecho.windows.win32.PointerWidth;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ReplySizeTest {
    /**
     * Structure, options in words, data, 8 for an ICMP error, IO_STATUS_BLOCK (16 or 8), 16 to spare; a multiple of 8.
     */
    @ParameterizedTest(name = "{0} {1}, {2} bytes of data, {3} of options: {4}")
    @CsvSource({
        "V4,BITS_64,0,0,336",
        "V4,BITS_64,32,0,368",
        "V4,BITS_64,1,0,344",
        "V4,BITS_64,32,40,408",
        "V4,BITS_64,32,1,376",
        "V4,BITS_64,65500,0,65840",
        "V4,BITS_32,0,0,320",
        "V4,BITS_32,32,0,352",
        "V6,BITS_64,0,0,336",
        "V6,BITS_64,32,0,368",
        "V6,BITS_32,32,0,360",
        "V6,BITS_32,0,0,328"
    })
    void isTheFormula(IpVersion version, PointerWidth width, int data, int options, int expected) {
        assertThat(ReplySize.of(version, width, data, options)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(PointerWidth.class)
    void isNeverBelowWhatIsDocumented(PointerWidth width) {
        int ioStatusBlock = 2 * width.bytes();
        for (IpVersion version : IpVersion.values()) {
            for (int data = 0; data <= 65_500; data += 7) {
                for (int options = 0; options <= 40; options += 13) {
                    int structure = ReplySize.structure(version, width);
                    int size = ReplySize.of(version, width, data, options);
                    assertThat(size).isGreaterThanOrEqualTo(structure + options + data + 8 + ioStatusBlock);
                    assertThat(size).isGreaterThanOrEqualTo(structure + 40);
                    assertThat(size % 8).isZero();
                }
            }
        }
    }
}
