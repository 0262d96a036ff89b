// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.netecho.IcmpErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SweepTest {
    private static final SweepTargets NETWORK = SweepTargets.of("192.0.2.0/24");
    private static final Duration COOL_DOWN = Duration.ofMillis(50);

    @TempDir
    Path folder;

    private static Sweep.Builder sweep(SweepTargets targets) {
        return Sweep.newBuilder(targets).rate(1_000_000).coolDown(COOL_DOWN).own(RangeSet.EMPTY);
    }

    @Test
    void findsEveryHostOnce() throws Exception {
        ScriptedWay way = ScriptedWay.echo();
        Set<String> found = new HashSet<>();
        SweepReport report = sweep(NETWORK)
                .listener(batch -> {
                    for (int i = 0; i < batch.size(); i++) {
                        assertThat(batch.kind(i)).isEqualTo(SweepBatch.Kind.REPLY);
                        assertThat(batch.roundTripNanos(i)).isEqualTo(1_000);
                        assertThat(batch.error(i)).isEmpty();
                        assertThat(batch.responder(i)).isEqualTo(batch.address(i));
                        assertThat(found.add(batch.address(i).getHostAddress())).isTrue();
                    }
                })
                .start(way)
                .report()
                .join();
        assertThat(found).hasSize(256).contains("192.0.2.0", "192.0.2.255");
        assertThat(way.sent).hasSize(256);
        assertThat(report.answered()).isEqualTo(256);
        assertThat(report.packets()).isEqualTo(256);
        assertThat(report.complete()).isTrue();
        assertThat(report.trouble()).isEmpty();
        assertThat(report.duplicates()).hasValue(0);
        assertThat(way.closed).isTrue();
    }

    @Test
    void countsEachKindOfAnswer() throws Exception {
        ScriptedWay[] way = new ScriptedWay[1];
        way[0] = new ScriptedWay(low -> {
            int host = (int) low & 0xff;
            if (host < 100) {
                way[0].reply(low);
            }
            if (host < 10) {
                way[0].reply(low); // twice
            }
            if (host >= 90 && host < 150) {
                // Before or after a reply: the reply is the stronger evidence.
                way[0].later(() ->
                        way[0].answers().onError(0, low, IcmpErrorKind.HOST_UNREACHABLE, 0, 0xffff_c0000201L, -1));
            }
            // Not asked:
            way[0].later(() -> way[0].answers().onReply(0, Addresses.ofIpv4(0x0a000001), 1));
        });
        List<SweepBatch.Kind> kinds = new ArrayList<>();
        SweepReport report = sweep(NETWORK)
                .listener(batch -> {
                    for (int i = 0; i < batch.size(); i++) {
                        kinds.add(batch.kind(i));
                        assertThat(batch.error(i).isPresent()).isEqualTo(batch.kind(i) == SweepBatch.Kind.ERROR);
                    }
                    throw new IllegalStateException("a listener that throws harms nothing");
                })
                .start(way[0])
                .report()
                .join();
        assertThat(report.answered()).isEqualTo(100);
        assertThat(report.errors()).isEqualTo(50);
        assertThat(report.silent()).isEqualTo(106);
        assertThat(report.duplicates()).hasValue(10);
        assertThat(Collections.frequency(kinds, SweepBatch.Kind.REPLY)).isEqualTo(100);
        assertThat(Collections.frequency(kinds, SweepBatch.Kind.DUPLICATE)).isEqualTo(10);
        assertThat(Collections.frequency(kinds, SweepBatch.Kind.ERROR)).isEqualTo(50);
    }

    @Test
    void asksAgainAtHalfTheRateWhereThisHostDropped() throws Exception {
        ScriptedWay[] way = new ScriptedWay[1];
        Set<Long> lost = new HashSet<>();
        way[0] = new ScriptedWay(low -> {
            if ((low & 7) == 0 && lost.add(low)) {
                way[0].drops();
            } else if ((low & 7) != 1) {
                way[0].reply(low);
            }
        });
        SweepReport report = sweep(NETWORK).start(way[0]).report().join();
        assertThat(report.answered()).isEqualTo(224);
        assertThat(report.silent()).isEqualTo(32);
        assertThat(report.unsure()).isZero();
        assertThat(report.packets()).isEqualTo(256 + 64);
    }

    @Test
    void isUnsureOfHostsWhoseAnswersItKeepsLosing() throws Exception {
        ScriptedWay[] way = new ScriptedWay[1];
        way[0] = new ScriptedWay(low -> {
            if ((low & 7) == 0) {
                way[0].drops();
            } else {
                way[0].reply(low);
            }
        });
        SweepReport report = sweep(NETWORK).start(way[0]).report().join();
        assertThat(report.answered()).isEqualTo(224);
        assertThat(report.unsure()).isEqualTo(32);
        assertThat(report.silent()).isZero();
        assertThat(report.packets()).isEqualTo(256 + 3 * 32);
        assertThat(report.complete()).isTrue();
    }

    @Test
    void asksSilentHostsAgainIfToldTo() throws Exception {
        ScriptedWay[] way = new ScriptedWay[1];
        AtomicInteger probes = new AtomicInteger();
        way[0] = new ScriptedWay(low -> {
            if (probes.incrementAndGet() > 256) {
                way[0].reply(low);
                way[0].reply(low); // may be the answer to the first probe
            }
        });
        SweepReport report = sweep(NETWORK).retries(2).start(way[0]).report().join();
        assertThat(report.answered()).isEqualTo(256);
        assertThat(report.duplicates()).hasValue(0);
        assertThat(report.packets()).isEqualTo(512);
    }

    @Test
    void asksAgainWhatTheSystemRefused() throws Exception {
        ScriptedWay[] way = new ScriptedWay[1];
        AtomicInteger probes = new AtomicInteger();
        way[0] = new ScriptedWay(low -> {
            int host = (int) low & 0xff;
            if (host < 16 || (host < 32 && probes.incrementAndGet() <= 16)) {
                way[0].later(() -> way[0].answers().onRefusal(0, low, "the interface is down"));
            } else {
                way[0].reply(low);
            }
        });
        SweepReport report = sweep(NETWORK).start(way[0]).report().join();
        assertThat(report.answered()).isEqualTo(240);
        assertThat(report.refused()).isEqualTo(16);
        assertThat(report.trouble()).contains("the interface is down");
        assertThat(report.complete()).isTrue();
    }

    @Test
    void refusesItsOwnAddressesUnlessTheyAreNamed() throws Exception {
        ScriptedWay way = ScriptedWay.echo();
        SweepReport report = sweep(SweepTargets.of("126.255.255.255-127.0.0.5"))
                .start(way)
                .report()
                .join();
        assertThat(report.targets()).isEqualTo(7);
        assertThat(report.refused()).isEqualTo(6);
        assertThat(report.answered()).isEqualTo(1);
        RangeSet own = RangeSet.of(List.of(AddressRange.parse("192.0.2.7"), AddressRange.parse("192.0.2.255")));
        SweepReport others =
                sweep(NETWORK).own(own).start(ScriptedWay.echo()).report().join();
        assertThat(others.refused()).isEqualTo(2);
        assertThat(others.answered()).isEqualTo(254);
        SweepTargets withOne = SweepTargets.of("192.0.2.0/24", "192.0.2.7");
        SweepReport one =
                sweep(withOne).own(own).start(ScriptedWay.echo()).report().join();
        assertThat(one.refused()).isEqualTo(1);
        assertThat(one.answered()).isEqualTo(255);
    }

    @Test
    void anotherOfferOfWhatWasNotTakenLosesNothing() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ScriptedWay[] way = new ScriptedWay[1];
        way[0] = new ScriptedWay(low -> {
            way[0].room = random.nextInt(5);
            way[0].reply(low);
        });
        Sweep sweep = sweep(SweepTargets.of("192.0.0.0/22")).start(new SweepWayThatRecovers(way[0]));
        SweepReport report = sweep.report().join();
        assertThat(report.answered()).as("seed " + seed).isEqualTo(1_024);
        assertThat(way[0].sent).as("seed " + seed).hasSize(1_024).doesNotHaveDuplicates();
    }

    /** Takes nothing now and then, as a full queue of the system does. */
    private static final class SweepWayThatRecovers implements SweepWay {
        private final ScriptedWay way;

        SweepWayThatRecovers(ScriptedWay way) {
            this.way = way;
        }

        @Override
        public String name() {
            return way.name();
        }

        @Override
        public boolean tellsEveryOutcome() {
            return false;
        }

        @Override
        public boolean tellsDuplicates() {
            return true;
        }

        @Override
        public int send(SweepProbes probes) throws IOException {
            int taken = way.send(probes);
            way.room = Math.max(1, way.room);
            return taken;
        }

        @Override
        public void receive(SweepAnswers answers, long maxWaitNanos) throws IOException, InterruptedException {
            way.receive(answers, 0);
        }

        @Override
        public void close() {
            way.close();
        }
    }

    @Test
    void shardsAskEachAddressOnce() throws Exception {
        List<Long> sent = new ArrayList<>();
        long targets = 0;
        long refused = 0;
        SweepTargets all = SweepTargets.of("192.0.2.0/25", "126.255.255.255-127.0.0.9");
        for (int shard = 0; shard < 7; shard++) {
            ScriptedWay way = ScriptedWay.echo();
            SweepReport report = sweep(all).shard(shard, 7).start(way).report().join();
            sent.addAll(way.sent);
            targets += report.targets();
            refused += report.refused();
        }
        assertThat(sent).hasSize(129).doesNotHaveDuplicates();
        assertThat(targets).isEqualTo(139);
        assertThat(refused).isEqualTo(10);
    }

    @Test
    void keepsTheRate() throws Exception {
        long before = System.nanoTime();
        SweepReport report =
                sweep(NETWORK).rate(1_000).start(ScriptedWay.echo()).report().join();
        long millis = (System.nanoTime() - before) / 1_000_000;
        // The first is due at once, and ten milliseconds may be caught up with.
        assertThat(millis).isGreaterThanOrEqualTo(255 - 10);
        assertThat(report.answered()).isEqualTo(256);
    }

    @Test
    void stopsAndContinues() throws Exception {
        Path file = folder.resolve("checkpoint");
        SweepTargets targets = SweepTargets.of("192.0.0.0/20");
        Set<String> found = new HashSet<>();
        CompletableFuture<Sweep> started = new CompletableFuture<>();
        ScriptedWay first = ScriptedWay.echo();
        Sweep sweep = sweep(targets)
                .rate(20_000)
                .checkpoint(file)
                .listener(batch -> {
                    if (first.sent.size() > 500) {
                        started.join().stop();
                    }
                })
                .start(first);
        started.complete(sweep);
        SweepReport report = sweep.report().join();
        assertThat(report.complete()).isFalse();
        assertThat(report.left()).isPositive();
        assertThat(report.answered()).isEqualTo(first.sent.size());
        ScriptedWay second = ScriptedWay.echo();
        SweepReport rest = sweep(targets)
                .checkpoint(file)
                .listener(batch -> {
                    for (int i = 0; i < batch.size(); i++) {
                        assertThat(found.add(batch.address(i).getHostAddress())).isTrue();
                    }
                })
                .start(second)
                .report()
                .join();
        assertThat(rest.complete()).isTrue();
        assertThat(rest.answered()).isEqualTo(4_096);
        assertThat(rest.seed()).isEqualTo(report.seed());
        assertThat(found).hasSize(4_096);
        // What was answered is not asked again.
        assertThat(second.sent).hasSize(4_096 - first.sent.size());
        assertThat(report.earlier()).isEmpty();
        SweepReport.Earlier earlier = rest.earlier().orElseThrow();
        assertThat(earlier.answered()).isEqualTo(report.answered());
        assertThat(earlier.began()).isBeforeOrEqualTo(earlier.ended());
        assertThat(earlier.complete()).isFalse();
        ScriptedWay third = ScriptedWay.echo();
        SweepReport known =
                sweep(targets).checkpoint(file).start(third).report().join();
        assertThat(known.answered()).isEqualTo(4_096);
        assertThat(third.sent).isEmpty();
        assertThat(known.earlier().orElseThrow().complete()).isTrue();
        // A run that asks nobody leaves the time of the end as it is.
        SweepReport.Earlier end = sweep(targets)
                .checkpoint(file)
                .start(third)
                .report()
                .join()
                .earlier()
                .orElseThrow();
        assertThat(end).isEqualTo(known.earlier().orElseThrow());
        assertThat(end.began()).isEqualTo(earlier.began());
    }

    @Test
    void tellsSilenceOfAnEarlierRunApart() throws Exception {
        Path file = folder.resolve("checkpoint");
        ScriptedWay nobody = new ScriptedWay(low -> {});
        sweep(NETWORK).checkpoint(file).start(nobody).report().join();
        List<SweepBatch.Kind> kinds = new ArrayList<>();
        sweep(NETWORK)
                .checkpoint(file)
                .tellSilent(true)
                .listener(batch -> {
                    for (int i = 0; i < batch.size(); i++) {
                        kinds.add(batch.kind(i));
                    }
                })
                .start(nobody)
                .report()
                .join();
        assertThat(kinds).hasSize(256).containsOnly(SweepBatch.Kind.KNOWN_SILENT);
    }

    @Test
    void tellsNoMoreSilenceOnceItIsStopped() throws Exception {
        AtomicInteger told = new AtomicInteger();
        CompletableFuture<Sweep> started = new CompletableFuture<>();
        Sweep sweep = sweep(SweepTargets.of("192.0.0.0/20"))
                .tellSilent(true)
                .listener(batch -> {
                    told.addAndGet(batch.size());
                    started.join().stop();
                })
                .start(new ScriptedWay(low -> {}));
        started.complete(sweep);
        SweepReport report = sweep.report().join();
        assertThat(told).hasValue(SweepBatch.MOST);
        assertThat(report.complete()).isTrue();
        assertThat(report.silent()).isEqualTo(4_096);
        assertThat(report.trouble()).hasValue("stopped before all hosts were told");
    }

    @Test
    void tellsNoMoreOfAnEarlierRunOnceItIsStopped() throws Exception {
        Path file = folder.resolve("checkpoint");
        SweepTargets targets = SweepTargets.of("192.0.0.0/20");
        sweep(targets).checkpoint(file).start(ScriptedWay.echo()).report().join();
        AtomicInteger told = new AtomicInteger();
        CompletableFuture<Sweep> started = new CompletableFuture<>();
        Sweep sweep = sweep(targets)
                .checkpoint(file)
                .listener(batch -> {
                    told.addAndGet(batch.size());
                    started.join().stop();
                })
                .start(ScriptedWay.echo());
        started.complete(sweep);
        SweepReport report = sweep.report().join();
        assertThat(told).hasValue(SweepBatch.MOST);
        assertThat(report.complete()).isTrue();
        assertThat(report.answered()).isEqualTo(4_096);
        assertThat(report.trouble()).hasValue("stopped before all hosts were told");
    }

    @Test
    void aKillAtAnyMomentLosesNothing() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        SweepTargets targets = SweepTargets.of("192.0.0.0/19");
        Path live = folder.resolve("live");
        List<Path> moments = new ArrayList<>();
        ScriptedWay[] way = new ScriptedWay[1];
        // Every third host is silent, every seventh is lost by this host in the first pass.
        AtomicInteger probes = new AtomicInteger();
        way[0] = new ScriptedWay(low -> answer(way[0], low, probes.incrementAndGet() <= 8_192));
        Sweep.Builder builder =
                sweep(targets).rate(100_000).retries(1).checkpoint(live).checkpointEvery(Duration.ofMillis(10));
        builder.listener(batch -> {
            // A copy of the file is what a kill at this moment leaves.
            if (random.nextInt(20) == 0 && Files.exists(live)) {
                Path moment = folder.resolve("moment" + moments.size());
                try {
                    Files.copy(live, moment);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                moments.add(moment);
            }
        });
        SweepReport whole = builder.start(way[0]).report().join();
        assertThat(whole.answered()).as("seed " + seed).isEqualTo(answering(targets));
        assertThat(moments).isNotEmpty();
        for (Path moment : moments.subList(0, Math.min(5, moments.size()))) {
            ScriptedWay[] again = new ScriptedWay[1];
            again[0] = new ScriptedWay(low -> answer(again[0], low, false));
            SweepReport rest =
                    sweep(targets).checkpoint(moment).start(again[0]).report().join();
            assertThat(rest.complete()).isTrue();
            assertThat(rest.answered()).as("seed " + seed).isEqualTo(whole.answered());
            assertThat(rest.silent()).as("seed " + seed).isEqualTo(whole.silent());
        }
    }

    private static boolean answers(long low) {
        return low % 3 != 0;
    }

    private static void answer(ScriptedWay way, long low, boolean loses) {
        if (loses && low % 7 == 0) {
            way.drops();
        } else if (answers(low)) {
            way.reply(low);
        }
    }

    private static long answering(SweepTargets targets) {
        long count = 0;
        for (long i = 0; i < targets.asked.size(); i++) {
            count += answers(targets.asked.lowAt(i)) ? 1 : 0;
        }
        return count;
    }

    @Test
    void refusesTheCheckpointOfAnotherSweep() throws Exception {
        Path file = folder.resolve("checkpoint");
        sweep(NETWORK).checkpoint(file).start(ScriptedWay.echo()).report().join();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() ->
                        sweep(SweepTargets.of("192.0.2.0/25")).checkpoint(file).start(ScriptedWay.echo()))
                .withMessageContaining("other targets or exclusions; give another file");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> sweep(NETWORK).shard(1, 2).checkpoint(file).start(ScriptedWay.echo()))
                .withMessageContaining("is of shard 0 of 1, not 1 of 2");
        byte[] bytes = Files.readAllBytes(file);
        for (int at = 0; at < bytes.length; at += 7) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 0x40;
            Files.write(file, damaged);
            assertThatExceptionOfType(IOException.class)
                    .as("byte " + at)
                    .isThrownBy(() -> sweep(NETWORK).checkpoint(file).start(ScriptedWay.echo()))
                    .withMessageContaining("give another file, or delete it to begin anew");
            Files.write(file, java.util.Arrays.copyOf(bytes, at));
            assertThatExceptionOfType(IOException.class)
                    .as("cut at " + at)
                    .isThrownBy(() -> sweep(NETWORK).checkpoint(file).start(ScriptedWay.echo()));
        }
    }

    @Test
    void saysThatItCannotWriteItsCheckpoint() throws Exception {
        SweepReport report = sweep(NETWORK)
                .checkpoint(folder.resolve("nowhere").resolve("checkpoint"))
                .start(ScriptedWay.echo())
                .report()
                .join();
        assertThat(report.answered()).isEqualTo(256);
        assertThat(report.trouble()).get().asString().contains("cannot be written");
    }

    @Test
    void reportsAWayThatFails() throws Exception {
        AtomicInteger probes = new AtomicInteger();
        ScriptedWay[] way = new ScriptedWay[1];
        way[0] = new ScriptedWay(low -> {
            if (probes.incrementAndGet() > 100) {
                throw new IllegalStateException("broken");
            }
            way[0].reply(low);
        });
        SweepReport report = sweep(NETWORK).start(way[0]).report().join();
        assertThat(report.complete()).isFalse();
        assertThat(report.answered()).isLessThanOrEqualTo(100);
        assertThat(report.left()).isEqualTo(256 - report.answered());
        assertThat(report.trouble()).get().asString().contains("the way scripted failed");
        assertThat(way[0].closed).isTrue();
    }

    @Test
    void waitingInTheListenerFails() throws Exception {
        CompletableFuture<Sweep> started = new CompletableFuture<>();
        CompletableFuture<Void> checked = new CompletableFuture<>();
        started.complete(sweep(NETWORK)
                .rate(1_000)
                .listener(batch -> {
                    try {
                        assertThatIllegalStateException()
                                .isThrownBy(() -> started.join().report().join())
                                .withMessageContaining("join() would deadlock");
                        checked.complete(null);
                    } catch (AssertionError e) {
                        checked.completeExceptionally(e);
                    }
                })
                .start(ScriptedWay.echo()));
        checked.join();
        started.join().stop();
        started.join().report().join();
    }

    @Test
    void refusesWhatIsOutOfRange() {
        Sweep.Builder builder = sweep(NETWORK);
        assertThatIllegalArgumentException().isThrownBy(() -> builder.rate(0)).withMessageContaining("1 to 10000000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.shard(3, 3))
                .withMessageContaining("counted from 0");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.coolDown(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.retries(11));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.checkpointEvery(Duration.ofHours(2)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sweep(SweepTargets.of("0.0.0.0/0")).start())
                .withMessageContaining("more shards");
    }
}
