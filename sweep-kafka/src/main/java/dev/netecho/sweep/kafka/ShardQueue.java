// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The shards that a worker takes, one at a time, each under a lock. Of one thread. */
final class ShardQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShardQueue.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CLOSE = Duration.ofSeconds(10);

    /** Until the broker says how long it is; the least that brokers allow by default (KIP-932). */
    private static final int SHORT_LOCK_MILLIS = 15_000;

    private final ShareConsumer<byte[], byte[]> consumer;

    /** What came while a lock was renewed, and is not begun. */
    private @Nullable ConsumerRecord<byte[], byte[]> next;

    private long lockedNanos;

    ShardQueue(Map<String, Object> kafka, Location location) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, location.group());
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        config.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        // Otherwise the broker locks whole batches, and shards wait here for the one before (KIP-1206).
        config.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        consumer = new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(location.shards()));
    }

    /** {@return the next shard, for which this waits half a second, or null} */
    @Nullable
    ConsumerRecord<byte[], byte[]> take() {
        ConsumerRecord<byte[], byte[]> taken = next;
        next = null;
        return taken == null ? poll() : taken;
    }

    private @Nullable ConsumerRecord<byte[], byte[]> poll() {
        // Before the call: the lock begins when the broker answers.
        long before = System.nanoTime();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            lockedNanos = before;
            return record;
        }
        return null;
    }

    /** {@return how long a lock lasts} */
    Duration lock() {
        return Duration.ofMillis(consumer.acquisitionLockTimeoutMs().orElse(SHORT_LOCK_MILLIS));
    }

    /**
     * Makes the lock last for its whole time again.
     *
     * <p>KIP-1222: a renewed record has to be polled again before it can be acknowledged again.
     *
     * @return whether it is still ours
     */
    boolean renew(ConsumerRecord<byte[], byte[]> record) {
        long before = System.nanoTime();
        // A process that was stopped longer than that has lost it, and another worker has the shard.
        // The broker refuses its word; without one, the next poll would fail.
        if (before - lockedNanos >= lock().toNanos()) {
            settle(record, AcknowledgeType.RELEASE);
            return false;
        }
        if (!settle(record, AcknowledgeType.RENEW)) {
            return false;
        }
        long end = before + lock().toNanos() / 3;
        do {
            ConsumerRecord<byte[], byte[]> polled = poll();
            if (polled != null) {
                lockedNanos = before;
                if (polled.partition() == record.partition() && polled.offset() == record.offset()) {
                    return true;
                }
                next = polled;
                return false;
            }
        } while (System.nanoTime() - end < 0);
        return false;
    }

    /** {@return whether the broker took the word on this record: the lock was still ours} */
    boolean settle(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
        try {
            consumer.acknowledge(record, type);
            for (Optional<KafkaException> failure :
                    consumer.commitSync(lock().dividedBy(3)).values()) {
                if (failure.isPresent()) {
                    throw failure.get();
                }
            }
            return true;
        } catch (KafkaException | IllegalStateException e) {
            // The record is no longer locked for this consumer.
            LOG.warn("{} of offset {} of {} did not succeed", type, record.offset(), record.topic(), e);
            return false;
        }
    }

    @Override
    public void close() {
        consumer.close(CLOSE);
    }
}
