// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.linux.PrivateNamespace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A process that sweeps, and is killed at random moments (SIGKILL), against the ledger of the far end. */
@ExtendWith(PrivateNamespace.class)
@Timeout(120)
final class KilledSweepTest {
    private static final String RANGE = "198.18.32.0/22";
    private static final int HOSTS = 1_024;
    private static final int RATE = 300;
    private static final int CHECKPOINT_MILLIS = 50;
    private static final int KILLS = 3;

    /** Cool-down, interval, what lies in buffers, and a disk and a processor that others use too. */
    private static final int MOST_TWICE = RATE;

    @TempDir
    Path folder;

    /** Who was asked: the script's thread writes, others read when the process has ended. */
    private static final class Ledger {
        private final BitSet asked = new BitSet();
        private int requests;
        private int killAt = Integer.MAX_VALUE;
        private Process process;

        synchronized void take(ScriptedLink link, ScriptedLink.Frame request) {
            requests++;
            asked.set(request.destination() & HOSTS - 1);
            if (isAlive(request.destination())) {
                link.send(request.reply());
            }
            if (asked.cardinality() >= killAt) {
                killAt = Integer.MAX_VALUE;
                // Not process.destroyForcibly(): that closes what it wrote, too.
                process.toHandle().destroyForcibly();
            }
        }

        synchronized int asked() {
            return asked.cardinality();
        }

        synchronized int twice() {
            return requests - HOSTS;
        }

        synchronized Process killed(Process victim, int at) {
            process = victim;
            killAt = at;
            return victim;
        }
    }

    private static boolean isAlive(int address) {
        return address % 3 != 0;
    }

    @Test
    @SuppressWarnings("try") // the far end lives as long as the block
    void continuesWithoutALoss() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Ledger ledger = new Ledger();
        try (ScriptedLink link = new ScriptedLink(ledger::take)) {
            for (int kill = 0; kill < KILLS; kill++) {
                int part = HOSTS / (KILLS + 1);
                Process victim = ledger.killed(start(), (kill + 1) * part + random.nextInt(part));
                String output = output(victim);
                assertThat(victim.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(output).as("seed " + seed).doesNotContain("end ");
                assertThat(victim.exitValue()).as("seed %d: %s", seed, output).isEqualTo(128 + 9);
            }
            String output = output(start());
            int alive = 0;
            for (int host = 0; host < HOSTS; host++) {
                int address = ScriptedLink.LARGE | host;
                boolean isAlive = isAlive(address);
                alive += isAlive ? 1 : 0;
                String line = "alive 198.18." + (address >> 8 & 0xff) + "." + (address & 0xff) + "\n";
                assertThat(output.contains(line)).as("seed %d, %s", seed, line).isEqualTo(isAlive);
            }
            assertThat(output).as("seed " + seed).contains("end true " + alive + " " + (HOSTS - alive));
            assertThat(ledger.asked()).as("seed " + seed).isEqualTo(HOSTS);
            assertThat(ledger.twice()).as("seed " + seed).isLessThan(KILLS * MOST_TWICE);
        }
    }

    private Process start() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SweepProgram.class.getName(),
                RANGE,
                Integer.toString(RATE),
                folder.resolve("checkpoint").toString(),
                Integer.toString(CHECKPOINT_MILLIS)));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String output(Process process) throws Exception {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
