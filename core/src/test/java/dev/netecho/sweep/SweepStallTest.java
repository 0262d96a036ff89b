// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A thread that stands still for longer than the cool-down: what came meanwhile lies in the buffers of the system. */
@Timeout(60)
class SweepStallTest {
    private static final Duration COOL_DOWN = Duration.ofMillis(50);

    /** More than the cool-down, and what is added to it for buffers. */
    private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    @TempDir
    Path folder;

    private static Sweep.Builder sweep(String range) {
        return Sweep.newBuilder(SweepTargets.of(range))
                .rate(1_000_000)
                .coolDown(COOL_DOWN)
                .own(RangeSet.EMPTY);
    }

    /** Of two hosts the second answers while the thread that took the answer of the first stands still. */
    private static final class SecondIsLate {
        final ScriptedWay way = new ScriptedWay(this::take);
        private volatile long first;
        private volatile long second;
        private volatile boolean stalled;

        private void take(long low) {
            if (way.sent.size() == 1) {
                first = low;
            } else {
                second = low;
                way.reply(first);
            }
        }

        void onAnswers(SweepBatch batch) {
            if (!stalled) {
                stalled = true;
                way.reply(second);
                LockSupport.parkNanos(STALL_NANOS);
            }
        }
    }

    @Test
    void readsWhatCameWhileItStoodStill() throws Exception {
        SecondIsLate hosts = new SecondIsLate();
        SweepReport report = sweep("192.0.2.0/31")
                .listener(hosts::onAnswers)
                .start(hosts.way)
                .report()
                .join();
        assertThat(report.answered()).isEqualTo(2);
    }

    @Test
    void aCheckpointAfterAStallHasNoUnreadHostBehindItsCursor() throws Exception {
        Path file = folder.resolve("checkpoint");
        Path killed = folder.resolve("killed");
        SecondIsLate hosts = new SecondIsLate();
        // What is on the disk before the answer is read is what a kill leaves.
        hosts.way.beforeReceive = () -> {
            if (hosts.stalled && !Files.exists(killed)) {
                awaitFile(file);
                Files.copy(file, killed);
            }
        };
        sweep("192.0.2.0/31")
                .checkpoint(file)
                .checkpointEvery(Duration.ofMillis(10))
                .listener(batch -> {
                    // So that it is the one that is written after the stall.
                    assertThat(file.toFile().delete() || !file.toFile().exists())
                            .isTrue();
                    hosts.onAnswers(batch);
                })
                .start(hosts.way)
                .report()
                .join();
        assertThat(killed).exists();
        SweepReport rest = sweep("192.0.2.0/31")
                .checkpoint(killed)
                .start(ScriptedWay.echo())
                .report()
                .join();
        assertThat(rest.answered()).isEqualTo(2);
    }

    private static void awaitFile(Path file) throws InterruptedException {
        for (int i = 0; i < 5_000 && !Files.exists(file); i++) {
            Thread.sleep(1);
        }
    }

    @Test
    void asksAgainWhatWasLostBeforeAStall() throws Exception {
        ScriptedWay[] way = new ScriptedWay[1];
        boolean[] stalled = new boolean[1];
        // Answers are lost among the first 4,096 hosts; this is noticed after many others, and a stall.
        way[0] = new ScriptedWay(low -> {
            int number = way[0].sent.size();
            if (number > 4_096 || number % 7 != 0) {
                way[0].reply(low);
            }
        });
        SweepReport report = sweep("192.0.0.0/18")
                .listener(batch -> {
                    if (!stalled[0] && way[0].sent.size() > 9_000) {
                        stalled[0] = true;
                        way[0].drops();
                        LockSupport.parkNanos(STALL_NANOS);
                    }
                })
                .start(way[0])
                .report()
                .join();
        assertThat(report.answered()).isEqualTo(16_384);
        assertThat(report.silent()).isZero();
    }
}
