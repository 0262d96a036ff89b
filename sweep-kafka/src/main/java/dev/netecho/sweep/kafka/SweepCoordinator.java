// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Issues the shards of a sweep to the workers of a location, and collects the results.
 *
 * <p>Only so many shards are issued at a time that all workers together keep the rate of the sweep. A sweep is done
 * when every shard has a result. What is in the topic of results already counts, so that a coordinator that was killed
 * continues when it is run again.
 *
 * <p>It makes the two topics of the location if they are missing, and sets up the share group. Thread-safe; each call
 * of {@link #run} works on its own.
 */
public final class SweepCoordinator {
    private static final Logger LOG = LoggerFactory.getLogger(SweepCoordinator.class);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Map<String, Object> kafka;
    private final Location location;
    private volatile boolean stopped;

    /**
     * Does not connect yet.
     *
     * @param kafka settings of Kafka clients: {@code bootstrap.servers}, security. They must suit a producer, a
     *     consumer and an admin client.
     * @param location whose workers sweep; 1 to 100 ASCII letters, digits, underscores and hyphens
     * @throws IllegalArgumentException if it is no name of a location
     */
    public SweepCoordinator(Map<String, Object> kafka, String location) {
        this.kafka = Map.copyOf(kafka);
        this.location = new Location(location);
    }

    /** Ends all runs within a second or so. Shards that are issued are swept all the same. From any thread. */
    public void stop() {
        stopped = true;
    }

    /**
     * Sweeps, and waits for the end.
     *
     * @param sweep what to sweep
     * @param listener gets each result as it comes, on this thread, those of earlier runs first. If a shard was
     *     delivered again it may get a second result, which replaces the first.
     * @return what became of all addresses
     * @throws IllegalStateException if there are results of another sweep of that name
     * @throws org.apache.kafka.common.KafkaException if the broker refuses something
     * @throws InterruptedException if the thread is interrupted
     */
    public SharedReport run(SharedSweep sweep, Consumer<ShardResult> listener) throws InterruptedException {
        Topics.prepare(kafka, location);
        ShardBoard board = new ShardBoard(sweep);
        try (KafkaConsumer<byte[], byte[]> results = consumer();
                KafkaProducer<byte[], byte[]> shards = producer()) {
            List<TopicPartition> partitions = results.partitionsFor(location.results()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            results.assign(partitions);
            results.seekToBeginning(partitions);
            readWhatIsThere(results, partitions, board, listener);
            board.begin(System.nanoTime());
            while (!stopped && !board.isOver(System.nanoTime())) {
                for (int shard = board.next(); shard >= 0; shard = board.next()) {
                    issue(shards, sweep.task(shard));
                    board.issued(shard, System.nanoTime());
                }
                take(results, board, listener);
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while it waited for results");
                }
            }
        }
        return board.report();
    }

    private void readWhatIsThere(
            KafkaConsumer<byte[], byte[]> results,
            List<TopicPartition> partitions,
            ShardBoard board,
            Consumer<ShardResult> listener) {
        Map<TopicPartition, Long> ends = results.endOffsets(partitions);
        while (!stopped && partitions.stream().anyMatch(p -> results.position(p) < ends.getOrDefault(p, 0L))) {
            take(results, board, listener);
        }
    }

    private static void take(KafkaConsumer<byte[], byte[]> results, ShardBoard board, Consumer<ShardResult> listener) {
        for (ConsumerRecord<byte[], byte[]> record : results.poll(POLL)) {
            ShardResult.Read read = read(record);
            if (read != null && board.result(read, System.nanoTime())) {
                listener.accept(read.result());
            }
        }
    }

    private static ShardResult.@Nullable Read read(ConsumerRecord<byte[], byte[]> record) {
        // Null deletes a result, once the topic is compacted.
        if (record.value() == null) {
            return null;
        }
        try {
            return ShardResult.Read.of(record.value());
        } catch (IllegalArgumentException e) {
            LOG.warn("offset {} of {} is no result, and is left out", record.offset(), record.topic(), e);
            return null;
        }
    }

    private void issue(KafkaProducer<byte[], byte[]> shards, ShardTask task) throws InterruptedException {
        try {
            shards.send(new ProducerRecord<>(location.shards(), task.key(), task.octets()))
                    .get();
        } catch (ExecutionException e) {
            throw new KafkaException(task + " cannot be issued", e.getCause());
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> config = new HashMap<>(kafka);
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
