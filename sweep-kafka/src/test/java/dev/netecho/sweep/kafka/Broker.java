// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** A broker of Kafka, alone, in the namespace of this process. */
final class Broker implements AutoCloseable {
    /** On the loopback interface; {@link Site} has the routes to it. */
    static final String ADDRESS = "10.99.0.1";

    private final Path folder;
    private final int port;
    private Process process;

    Broker(Path folder) throws Exception {
        this.folder = folder;
        Commands.sh("ip link set lo up; ip addr add " + ADDRESS + "/32 dev lo");
        port = freePort(ADDRESS);
        int controller = freePort("127.0.0.1");
        Files.writeString(
                folder.resolve("server.properties"),
                String.format(Locale.ROOT, """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%d
                listeners=PLAINTEXT://%s:%d,CONTROLLER://127.0.0.1:%d
                advertised.listeners=PLAINTEXT://%2$s:%3$d
                controller.listener.names=CONTROLLER
                log.dirs=%s
                auto.create.topics.enable=false
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                share.coordinator.state.topic.num.partitions=1
                group.share.record.lock.duration.ms=15000
                """, controller, ADDRESS, port, controller, folder.resolve("log")));
        Commands.run(Commands.java(
                128,
                "kafka.tools.StorageTool",
                "format",
                "-t",
                Uuid.randomUuid().toString(),
                "-c",
                properties()));
        start();
    }

    // Nobody else is in this namespace.
    private static int freePort(String address) throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
            return socket.getLocalPort();
        }
    }

    private String properties() {
        return folder.resolve("server.properties").toString();
    }

    /** Starts it, and waits until it answers. */
    void start() throws Exception {
        process = Commands.builder(Commands.java(256, "kafka.Kafka", properties()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("broker.log").toFile()))
                .start();
        try (Admin admin = Admin.create(clients())) {
            admin.describeCluster().nodes().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(Files.readString(folder.resolve("broker.log")), e);
        }
    }

    /** Kills it, without a chance to tidy up. */
    void kill() {
        Commands.end(process);
    }

    String server() {
        return ADDRESS + ":" + port;
    }

    Map<String, Object> clients() {
        return Map.of("bootstrap.servers", server());
    }

    /** {@return how many records were ever written to a topic of one partition} */
    long records(String topic) throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Admin admin = Admin.create(clients())) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get(30, TimeUnit.SECONDS)
                    .offset();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
