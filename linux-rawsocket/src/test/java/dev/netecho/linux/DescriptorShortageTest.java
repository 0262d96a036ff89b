// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process that runs out of descriptors for a moment: a requester opens whole, or says why it does not. */
@InPrivateNamespace
@Timeout(120)
final class DescriptorShortageTest {
    private static final List<String> FEW_DESCRIPTORS = List.of("sh", "-c", "ulimit -n 150; exec \"$@\"", "sh");

    @ParameterizedTest(name = "{0}, on a group of the agent: {1}")
    @CsvSource({"DATAGRAM, false", "DATAGRAM, true", "RAW, true"})
    void losesNoFamilyToAShortageThatPasses(EngineVariant variant, boolean lent) throws Exception {
        assertThat(openings(variant, lent))
                .allMatch(line -> line.endsWith("open, IPv4 reply, IPv6 reply") || line.contains("unavailable: "))
                .anyMatch(line -> line.contains("open, "));
    }

    @ParameterizedTest(name = "{0}, on a group of the agent: {1}")
    @CsvSource({"DATAGRAM, false", "DATAGRAM, true", "RAW, true"})
    void namesTheShortage(EngineVariant variant, boolean lent) throws Exception {
        assertThat(openings(variant, lent).stream().filter(line -> !line.contains("open, ")))
                .isNotEmpty()
                .allMatch(line -> line.contains("unavailable: ") && line.contains("EMFILE"));
    }

    /** What java.nio.file cannot load once, the program around us can never use again. */
    @Test
    void leavesJavasFilesUsable() throws Exception {
        ChildJvm.Result result = ChildJvm.run(FEW_DESCRIPTORS, ChildJvm.everything(), FilesProgram.class.getName());
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("with one descriptor: ", "later: true");
    }

    private static List<String> openings(EngineVariant variant, boolean lent) throws Exception {
        ChildJvm.Result result = ChildJvm.run(
                FEW_DESCRIPTORS,
                ChildJvm.everything(),
                DescriptorProgram.class.getName(),
                variant.name(),
                Boolean.toString(lent));
        assertThat(result.status()).as(result.output()).isZero();
        List<String> lines =
                result.output().lines().filter(line -> line.startsWith("with ")).toList();
        assertThat(lines).as(result.output()).hasSize(DescriptorProgram.MOST_FREE + 1);
        return lines;
    }
}
