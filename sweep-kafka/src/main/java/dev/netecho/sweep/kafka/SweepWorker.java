// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import dev.netecho.EchoUnavailableException;
import dev.netecho.sweep.Sweep;
import dev.netecho.sweep.SweepReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sweeps shards of one location, one at a time, until it is stopped.
 *
 * <p>It takes a shard under a lock, and renews the lock while it sweeps. It writes the result, and accepts the shard
 * only then. A worker that dies, or that stands still for longer than the lock, loses the shard to another one. One
 * that cannot renew its lock ends the sweep of that shard. A shard that is malformed is rejected. Locks, and how often
 * a shard is delivered at most, are settings of the broker.
 *
 * <p>Thread-safe; it runs once.
 */
public final class SweepWorker {
    private static final Logger LOG = LoggerFactory.getLogger(SweepWorker.class);

    private final Map<String, Object> kafka;
    private final Location location;
    private final Consumer<Sweep.Builder> how;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    /**
     * Does not connect yet.
     *
     * @param kafka settings of Kafka clients: {@code bootstrap.servers}, security, {@code client.id}. They must suit a
     *     producer and a share consumer.
     * @param location where this machine is; 1 to 100 ASCII letters, digits, underscores and hyphens
     * @param how sets how each shard is sent, such as {@link Sweep.Builder#way}; it may do nothing
     * @throws IllegalArgumentException if it is no name of a location
     */
    public SweepWorker(Map<String, Object> kafka, String location, Consumer<Sweep.Builder> how) {
        this.kafka = Map.copyOf(kafka);
        this.location = new Location(location);
        this.how = Objects.requireNonNull(how, "how");
    }

    /**
     * Sweeps until {@link #stop}.
     *
     * @throws EchoUnavailableException if nothing can send here; the shard is released
     * @throws InterruptedException if the thread is interrupted; the broker gives its shard to another worker
     */
    public void run() throws EchoUnavailableException, InterruptedException {
        try (KafkaProducer<byte[], byte[]> results = producer();
                ShardQueue queue = new ShardQueue(kafka, location)) {
            while (!stopped.isDone()) {
                ConsumerRecord<byte[], byte[]> record = queue.take();
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while it waited for a shard");
                }
                if (record != null) {
                    AcknowledgeType end = AcknowledgeType.RELEASE;
                    try {
                        end = sweep(queue, record, results);
                    } finally {
                        // RENEW: the lock is lost, and there is nothing to say.
                        if (end != AcknowledgeType.RENEW) {
                            queue.settle(record, end);
                        }
                    }
                }
            }
        }
    }

    /** Ends it within a second or so: it releases its shard, which goes to another worker. From any thread. */
    public void stop() {
        stopped.complete(null);
    }

    /** {@return what to say of the record at last; RENEW if its lock is lost} */
    private AcknowledgeType sweep(
            ShardQueue queue, ConsumerRecord<byte[], byte[]> record, KafkaProducer<byte[], byte[]> results)
            throws EchoUnavailableException, InterruptedException {
        ShardTask task;
        try {
            task = ShardTask.parse(record.value());
        } catch (IllegalArgumentException e) {
            LOG.warn("offset {} of {} is no shard, and is rejected", record.offset(), record.topic(), e);
            return AcknowledgeType.REJECT;
        }
        Found found = new Found();
        Sweep.Builder builder = task.newSweep(task.targets());
        how.accept(builder);
        Sweep sweep = start(builder.listener(found));
        try {
            CompletableFuture<?> end = CompletableFuture.anyOf(sweep.report(), stopped);
            while (!ended(end, queue.lock().toNanos() / 3)) {
                if (!queue.renew(record)) {
                    LOG.warn("the lock of {} is lost; another worker sweeps it", task);
                    return AcknowledgeType.RENEW;
                }
            }
        } finally {
            sweep.stop();
        }
        SweepReport report = sweep.report().join();
        if (!report.complete()) {
            report.trouble().ifPresent(trouble -> LOG.warn("{} ended early: {}", task, trouble));
            return AcknowledgeType.RELEASE;
        }
        return write(results, task, ShardResult.of(task, clientId(), report, found));
    }

    private static Sweep start(Sweep.Builder builder) throws EchoUnavailableException {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint of a shard", e);
        }
    }

    private static boolean ended(CompletableFuture<?> end, long nanos) throws InterruptedException {
        try {
            end.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a sweep ends with a report", e);
        }
    }

    /** Accepted only if the result is there to stay: otherwise it would count as swept, and be nowhere. */
    private AcknowledgeType write(KafkaProducer<byte[], byte[]> results, ShardTask task, ShardResult result)
            throws InterruptedException {
        try {
            results.send(new ProducerRecord<>(location.results(), task.key(), result.octets(task.fingerprint())))
                    .get();
            return AcknowledgeType.ACCEPT;
        } catch (ExecutionException e) {
            LOG.warn("the result of {} cannot be written; it is swept again", task, e);
            return AcknowledgeType.RELEASE;
        }
    }

    private String clientId() {
        return kafka.getOrDefault(CommonClientConfigs.CLIENT_ID_CONFIG, "").toString();
    }

    private KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.LARGEST_RESULT);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
