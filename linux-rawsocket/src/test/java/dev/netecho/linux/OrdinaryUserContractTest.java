// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.Limit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The whole contract for {@code linux-datagram} once more, for an ordinary user who has made a user namespace and a
 * network namespace in it: with its own lab, in a JVM of its own.
 */
@Timeout(400)
@EnabledIfSystemProperty(
        named = "netecho.test.ordinaryUser",
        matches = "true",
        disabledReason = "the kernel decides what an ordinary user may do, not the JDK: run on the oldest one;"
                + " -Dnetecho.test.ordinaryUser=true runs it here")
final class OrdinaryUserContractTest {
    private static final Duration PATIENCE = Duration.ofMinutes(6);
    private static final int FEWEST = 150;

    /** What cannot be shown there. More than root's own run has only the first: see {@link LinuxHarness#limits}. */
    private static final Set<Limit> LIMITS = EnumSet.of(
            Limit.NO_UNAVAILABLE_HOST,
            Limit.NO_FULL_QUEUE,
            Limit.NO_MISSING_FAMILY,
            Limit.NOTHING_UNSUPPORTED,
            Limit.SOME_IPV4_ERRORS_HIDDEN,
            Limit.SYSTEM_CHOOSES_IDENTIFIER);

    private static final Pattern SKIPPED =
            Pattern.compile("skipped\t[^\t]*\t(?:[A-Z]+-[0-9]+ cannot be shown here: )?([A-Z0-9_]+): .*");

    /**
     * Whoever may open the device of the lab is the host's choice: in a mount namespace of the child there is one that
     * everybody may open, as most distributions have it.
     */
    private static final List<String> ORDINARY_USER = List.of(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs -o mode=755 none /dev/net && mknod -m 666 /dev/net/tun c 10 200 && exec \"$@\"",
            "sh",
            "setpriv",
            "--reuid",
            "65534",
            "--regid",
            "65534",
            "--clear-groups",
            "unshare",
            "--map-root-user",
            "--net");

    @Test
    void thereEveryTestPassesThatTheKernelAllows() throws Exception {
        requireOrdinaryUser();
        ChildJvm.Result child = ChildJvm.runReadable(
                PATIENCE,
                ORDINARY_USER,
                "-Dnetecho.ci=true",
                "-Dnetecho.test.namespace=user",
                ContractProgram.class.getName());

        List<String> lines = child.output().lines().toList();
        assertThat(child.status()).as(child.output()).isZero();
        assertThat(lines).as("who it was").anySatisfy(line -> assertThat(line).matches("user: +0 +65534 +1"));
        assertThat(lines).noneSatisfy(line -> assertThat(line).startsWith("failed\t"));
        assertThat(lines.stream().filter(line -> line.startsWith("skipped\t")))
                .allSatisfy(line -> assertThat(LIMITS).contains(limitOf(line)));
        assertThat(count(lines, "passed: ")).isGreaterThan(FEWEST);
    }

    private static Limit limitOf(String line) {
        Matcher skipped = SKIPPED.matcher(line);
        assertThat(skipped.matches()).as(line).isTrue();
        return Limit.valueOf(skipped.group(1));
    }

    private static int count(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .mapToInt(line -> Integer.parseInt(line.substring(name.length())))
                .sum();
    }

    private static void requireOrdinaryUser() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(ORDINARY_USER);
        command.addAll(List.of("sh", "-c", ": <>/dev/net/tun"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            String reason = "needs root, setpriv(1), and a kernel that lets an ordinary user make namespaces: "
                    + output.strip();
            assertThat(Boolean.getBoolean("netecho.ci"))
                    .as("netecho.ci=true forbids skipping: %s", reason)
                    .isFalse();
            Assumptions.abort(reason);
        }
    }
}
