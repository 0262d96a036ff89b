// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A class that is read from a folder needs a descriptor: all are read before a requester is open. */
@InPrivateNamespace
@Timeout(120)
final class LoadedClassesTest {
    @ParameterizedTest
    @EnumSource(EngineVariant.class)
    void noneIsLoadedAfterOpen(EngineVariant variant) throws Exception {
        ChildJvm.Result result = ChildJvm.run(
                List.of("sh", "-c", "ulimit -n 200; exec \"$@\"", "sh"),
                ChildJvm.everything(),
                "-Xlog:class+load=info:stdout",
                LoadedClassesProgram.class.getName(),
                variant.name());
        List<String> afterwards = result.output()
                .lines()
                .dropWhile(line -> !line.equals(LoadedClassesProgram.OPENED))
                .toList();
        assertThat(afterwards.stream()
                        .filter(line -> line.contains("dev.netecho.") && line.matches(".*source: file:.*/classes/")))
                .as("read from a folder after open()")
                .isEmpty();
        assertThat(result.status()).as(String.join("\n", afterwards)).isZero();
        assertThat(afterwards.stream().filter(line -> line.startsWith("outcome: Reply")))
                .hasSize(4);
        assertThat(afterwards).contains("closed in 0 s");
    }
}
