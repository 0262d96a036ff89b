// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes what a location needs in Kafka. */
final class Topics {
    /** A shard of 65,536 hosts of IPv6, at 17 octets each, and its head. */
    static final int LARGEST_RESULT = 2 << 20;

    private static final String RETENTION = Long.toString(Duration.ofDays(30).toMillis());

    private Topics() {}

    /**
     * Makes both topics, if they are missing, and sets up the share group.
     *
     * @throws KafkaException if the broker refuses
     */
    static void prepare(Map<String, Object> kafka, Location location) throws InterruptedException {
        try (Admin admin = Admin.create(kafka)) {
            make(admin, new NewTopic(location.shards(), Optional.empty(), Optional.empty()));
            make(
                    admin,
                    new NewTopic(location.results(), Optional.empty(), Optional.empty())
                            .configs(Map.of(
                                    TopicConfig.CLEANUP_POLICY_CONFIG,
                                    "compact,delete",
                                    TopicConfig.RETENTION_MS_CONFIG,
                                    RETENTION,
                                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                    Integer.toString(LARGEST_RESULT))));
            ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, location.group());
            // A group begins at the end of its topic by default, and would miss what is issued before its first worker.
            Collection<AlterConfigOp> settings =
                    List.of(set("share.auto.offset.reset", "earliest"), set("share.renew.acknowledge.enable", "true"));
            await(admin.incrementalAlterConfigs(Map.of(group, settings)).all());
        }
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    private static void make(Admin admin, NewTopic topic) throws InterruptedException {
        try {
            await(admin.createTopics(List.of(topic)).all());
        } catch (TopicExistsException e) {
            // Made by an earlier sweep, or by hand with settings of its own.
        }
    }

    private static void await(KafkaFuture<Void> done) throws InterruptedException {
        try {
            done.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }
}
