// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoRequester;
import dev.netecho.testkit.cases.Covers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Other processes: they neither take our answers nor inherit our descriptors. */
@EngineTest
@ParameterizedClass(name = "{0}")
@EnumSource(EngineVariant.class)
final class ProcessBoundaryTest {
    static final int HOSTS = 200;
    static final int ROUNDS = 25;

    @Parameter
    EngineVariant variant;

    @Test
    @Covers(rules = "MAT-5", cases = "C91")
    void sharesTheHostsWithAnotherProcess() throws Exception {
        ChildJvm.Running child =
                ChildJvm.start(List.of(), ChildJvm.everything(), PingProgram.class.getName(), variant.name());
        String here;
        try (EchoRequester requester = variant.open()) {
            // Until the other one is at it, so that both are for a while.
            Await.until(
                    "the child pings",
                    () -> size(child.output()) > 0 || !child.process().isAlive());
            here = PingProgram.pingAll(requester);
        }
        ChildJvm.Result there = ChildJvm.end(child);
        String all = "replies " + HOSTS * ROUNDS + " of " + HOSTS * ROUNDS + ", strays 0";
        assertThat(here).isEqualTo(all);
        assertThat(there.output()).contains(all);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Covers(rules = "END-4", cases = "C128")
    void leavesNoDescriptorToAChildProcess() throws Exception {
        try (EchoRequester requester = variant.open()) {
            Outcomes.reply(requester.send(Loopback.request(Loopback.V4, Duration.ofSeconds(20))));
            Path output = Files.createTempFile("netecho-descriptors", ".txt");
            Process child = new ProcessBuilder("ls", "-l", "/proc/self/fd")
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(child.waitFor()).isZero();
            String listing = Files.readString(output);
            Files.delete(output);
            assertThat(listing).contains(" 1 -> ").doesNotContain("eventpoll", "eventfd");
            // Standard input may be a socket of whoever runs the tests; above it nothing may be.
            assertThat(listing.lines().filter(line -> line.contains("socket:") && !line.matches(".* [012] -> .*")))
                    .isEmpty();
        }
    }
}
