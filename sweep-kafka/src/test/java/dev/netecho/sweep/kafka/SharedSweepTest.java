// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers, coordinators and a real broker. */
@Tag("once")
@Timeout(300)
final class SharedSweepTest {
    private static final int HOSTS = 680;

    @TempDir
    static Path folder;

    private static Broker broker;

    @BeforeAll
    static void startBroker() throws Exception {
        if (System.getProperty("netecho.test.namespace", "none").equals("none")) {
            String reason = "needs a private network namespace: .ci/namespace/bin/java makes one";
            assertThat(Boolean.getBoolean("netecho.ci")).as(reason).isFalse();
            Assumptions.abort(reason);
        }
        broker = new Broker(folder);
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    /** Shards of 17 s under locks of 15 s: none ends without a renewal. */
    @Test
    void losesNothingToKillsStopsAndARestart() throws Exception {
        SharedSweep sweep = SharedSweep.newBuilder("kills")
                .add("198.18.32.0-198.18.34.167")
                .shards(4)
                .rate(30)
                .shardRate(10)
                .coolDown(Duration.ofMillis(300))
                .build();
        SweepCoordinator coordinator = new SweepCoordinator(broker.clients(), "lab");
        Location location = new Location("lab");
        Topics.prepare(broker.clients(), location);
        sendNoShard(location);
        Map<Integer, ShardResult> results = new ConcurrentHashMap<>();
        Path log = folder.resolve("workers.log");
        try (Site first = new Site(1);
                Site second = new Site(2);
                Site third = new Site(3)) {
            List<Site> sites = List.of(first, second, third);
            CompletableFuture<SharedReport> report =
                    inThread(() -> coordinator.run(sweep, result -> results.put(result.shard(), result)));
            try {
                Process killed = first.worker(broker, "lab", "killed", log);
                Process stopped = second.worker(broker, "lab", "stopped", log);
                third.worker(broker, "lab", "third", log);
                await(log, () -> sites.stream().allMatch(site -> site.asked().cardinality() > 10));
                assertThat(broker.records(location.shards()))
                        .as("no shard, and as many as the rate allows")
                        .isEqualTo(1 + 3);
                Commands.end(killed);
                Commands.sh("kill -STOP " + stopped.pid());
                first.worker(broker, "lab", "replacement", log);
                // Whoever is asked again here was taken from the one that stands still.
                BitSet lost = second.asked();
                await(log, () -> first.asked().intersects(lost) || third.asked().intersects(lost));
                broker.kill();
                broker.start();
                Commands.sh("kill -CONT " + stopped.pid());
                assertThat(report.get(120, TimeUnit.SECONDS).complete()).isTrue();
            } finally {
                coordinator.stop();
            }
            BitSet ledger = union(sites, true);
            assertThat(ledger.cardinality()).isEqualTo(HOSTS - (HOSTS + 2) / 3);
            assertThat(union(sites, false).cardinality()).isEqualTo(HOSTS);
            assertThat(answered(results)).isEqualTo(ledger);
            assertThat(report.get().answered()).isEqualTo(ledger.cardinality());
            assertThat(report.get().silent() + report.get().unsure()).isEqualTo(HOSTS - ledger.cardinality());
        }
        assertThat(Files.readString(log))
                .contains("offset 0 of netecho.sweep.lab.shards is no shard, and is rejected")
                .contains("of kills is lost; another worker sweeps it");

        // Another coordinator finds everything in the topic, and issues nothing.
        long issued = broker.records(location.shards());
        Map<Integer, ShardResult> again = new ConcurrentHashMap<>();
        assertThat(new SweepCoordinator(broker.clients(), "lab")
                        .run(sweep, result -> again.put(result.shard(), result))
                        .complete())
                .isTrue();
        assertThat(answered(again)).isEqualTo(answered(results));
        assertThat(broker.records(location.shards())).isEqualTo(issued);
    }

    @Test
    void whatNobodySweepsIsNotSilent() throws Exception {
        SharedSweep sweep = SharedSweep.newBuilder("alone")
                .add("198.18.32.0/28")
                .shards(2)
                .patience(Duration.ofSeconds(1))
                .build();
        SharedReport report = new SweepCoordinator(broker.clients(), "nowhere").run(sweep, result -> {});
        assertThat(report.complete()).isFalse();
        assertThat(report.missing()).containsExactly(0, 1);
        assertThat(report.notSwept()).isEqualTo(16);
        assertThat(report.silent()).isZero();
    }

    @Test
    void aWorkerThatEndsReleasesItsShard() throws Exception {
        SharedSweep slow = SharedSweep.newBuilder("released")
                .add("127.0.5.0/28")
                .shardRate(1)
                .coolDown(Duration.ofMillis(300))
                .build();
        SweepCoordinator coordinator = new SweepCoordinator(broker.clients(), "yard");
        CompletableFuture<SharedReport> report = inThread(() -> coordinator.run(slow, result -> {}));
        try {
            CountDownLatch begun = new CountDownLatch(1);
            SweepWorker leaving = new SweepWorker(broker.clients(), "yard", sweep -> begun.countDown());
            CompletableFuture<SharedReport> left = inThread(() -> ran(leaving));
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            CountDownLatch taken = new CountDownLatch(1);
            SweepWorker heir = new SweepWorker(broker.clients(), "yard", sweep -> {
                sweep.rate(1_000);
                taken.countDown();
            });
            leaving.stop();
            long released = System.nanoTime();
            left.get(30, TimeUnit.SECONDS);
            CompletableFuture<SharedReport> inherited = inThread(() -> ran(heir));
            assertThat(taken.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(System.nanoTime() - released)
                    .as("sooner than the lock of 15 s would have ended")
                    .isLessThan(TimeUnit.SECONDS.toNanos(12));
            assertThat(report.get(60, TimeUnit.SECONDS).answered()).isEqualTo(16);
            heir.stop();
            inherited.get(30, TimeUnit.SECONDS);
        } finally {
            coordinator.stop();
        }
    }

    private interface Work {
        SharedReport run() throws Exception;
    }

    private static SharedReport ran(SweepWorker worker) throws Exception {
        worker.run();
        return null;
    }

    private static CompletableFuture<SharedReport> inThread(Work work) {
        CompletableFuture<SharedReport> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(work.run());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    private static void sendNoShard(Location location) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(broker.clients(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(location.shards(), "rubbish".getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
    }

    private static void await(Path log, BooleanSupplier condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited for a minute; the workers say: " + Files.readString(log));
            }
            Thread.sleep(20);
        }
    }

    private static BitSet union(List<Site> sites, boolean replied) {
        BitSet union = new BitSet();
        for (Site site : sites) {
            union.or(replied ? site.replied() : site.asked());
        }
        return union;
    }

    private static BitSet answered(Map<Integer, ShardResult> results) {
        List<InetAddress> all = new ArrayList<>();
        results.values().forEach(result -> all.addAll(result.answered()));
        BitSet hosts = new BitSet();
        for (InetAddress address : all) {
            byte[] octets = address.getAddress();
            hosts.set((octets[2] & 3) << 8 | (octets[3] & 0xff));
        }
        assertThat(hosts.cardinality()).as("each host once").isEqualTo(all.size());
        return hosts;
    }
}
