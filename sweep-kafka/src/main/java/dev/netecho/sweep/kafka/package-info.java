// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * One sweep by many machines, through Kafka 4.2 or newer.
 *
 * <p>A <em>location</em> has a topic of shards, a share group of workers, and a topic of results.
 *
 * <pre>{@code
 * Map<String, Object> kafka = Map.of("bootstrap.servers", "kafka.example:9092");
 *
 * // On each machine that sends:
 * new SweepWorker(kafka, "berlin", sweep -> {}).run();
 *
 * // On one machine:
 * SharedSweep office = SharedSweep.newBuilder("office-2026-11")
 *         .add("10.0.0.0/12").rate(50_000).shardRate(5_000).build();
 * SharedReport report = new SweepCoordinator(kafka, "berlin").run(office, result -> store(result.answered()));
 * }</pre>
 *
 * <p>docs/sweep.md says what happens when a part of it fails.
 */
@NullMarked
package dev.netecho.sweep.kafka;

import org.jspecify.annotations.NullMarked;
