// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import dev.netecho.sweep.Sweep;
import dev.netecho.sweep.SweepTargets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A shard as a record of Kafka has it: lines of text, in this order.
 *
 * <pre>
 * netecho-shard 1
 * sweep office
 * shard 3 20
 * rate 1000
 * cool-down-ms 2000
 * retries 0
 * add 10.0.0.0/16
 * exclude 10.0.7.0/24
 * </pre>
 */
record ShardTask(
        String sweep,
        int shard,
        int shards,
        int rate,
        long coolDownMillis,
        int retries,
        List<String> ranges,
        List<String> exclusions) {
    private static final String VERSION = "netecho-shard 1";
    private static final String ADD = "add ";
    private static final String EXCLUDE = "exclude ";

    static ShardTask parse(byte[] record) {
        List<String> lines = new String(record, StandardCharsets.UTF_8).lines().toList();
        int at = 0;
        if (lines.isEmpty() || !lines.get(at++).equals(VERSION)) {
            throw new IllegalArgumentException("it does not begin with \"" + VERSION + "\"");
        }
        String sweep = SharedSweep.name(value(lines, at++, "sweep "));
        String shard = value(lines, at++, "shard ");
        int space = shard.indexOf(' ');
        if (space < 0) {
            throw new IllegalArgumentException("line 3 must have a shard and how many there are");
        }
        int index = (int) number(shard.substring(0, space));
        int shards = (int) number(shard.substring(space + 1));
        int rate = (int) number(value(lines, at++, "rate "));
        long coolDown = number(value(lines, at++, "cool-down-ms "));
        int retries = (int) number(value(lines, at++, "retries "));
        List<String> ranges = new ArrayList<>();
        while (at < lines.size() && lines.get(at).startsWith(ADD)) {
            ranges.add(lines.get(at++).substring(ADD.length()));
        }
        List<String> exclusions = new ArrayList<>();
        while (at < lines.size() && lines.get(at).startsWith(EXCLUDE)) {
            exclusions.add(lines.get(at++).substring(EXCLUDE.length()));
        }
        if (at < lines.size()) {
            throw new IllegalArgumentException("line " + (at + 1) + " is not known here");
        }
        ShardTask task = new ShardTask(sweep, index, shards, rate, coolDown, retries, ranges, exclusions);
        task.check();
        return task;
    }

    private static String value(List<String> lines, int at, String name) {
        if (at >= lines.size() || !lines.get(at).startsWith(name)) {
            throw new IllegalArgumentException("line " + (at + 1) + " must begin with \"" + name + "\"");
        }
        return lines.get(at).substring(name.length());
    }

    private static long number(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("\"" + text + "\" is not a number of 1 to 9 digits");
        }
        return Long.parseLong(text);
    }

    /** Whoever writes into the topic may send anything. */
    private void check() {
        SweepTargets targets = targets();
        newSweep(targets);
        long asked = targets.size() - targets.refused();
        long size = (asked - shard + shards - 1) / shards;
        if (size < 1 || size > SharedSweep.MOST_OF_A_SHARD) {
            throw new IllegalArgumentException(
                    "it has " + size + " addresses; it must have 1 to " + SharedSweep.MOST_OF_A_SHARD);
        }
    }

    ShardTask of(int index) {
        return new ShardTask(sweep, index, shards, rate, coolDownMillis, retries, ranges, exclusions);
    }

    ShardTask parts(int count) {
        return new ShardTask(sweep, shard, count, rate, coolDownMillis, retries, ranges, exclusions);
    }

    String text() {
        StringBuilder text = new StringBuilder(VERSION)
                .append("\nsweep ")
                .append(sweep)
                .append("\nshard ")
                .append(shard)
                .append(' ')
                .append(shards)
                .append("\nrate ")
                .append(rate)
                .append("\ncool-down-ms ")
                .append(coolDownMillis)
                .append("\nretries ")
                .append(retries)
                .append('\n');
        for (String range : ranges) {
            text.append(ADD).append(range).append('\n');
        }
        for (String exclusion : exclusions) {
            text.append(EXCLUDE).append(exclusion).append('\n');
        }
        return text.toString();
    }

    byte[] octets() {
        return text().getBytes(StandardCharsets.UTF_8);
    }

    /** {@return the key of shard and result: a redelivery overwrites the result in a compacted topic} */
    byte[] key() {
        return (sweep + "/" + shard).getBytes(StandardCharsets.UTF_8);
    }

    /** {@return what tells this sweep from another of the same name; the same for all its shards} */
    long fingerprint() {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(of(0).octets()))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    SweepTargets targets() {
        SweepTargets.Builder targets = SweepTargets.newBuilder();
        ranges.forEach(targets::add);
        exclusions.forEach(targets::exclude);
        return targets.build();
    }

    /** {@return the sweep of this shard, not yet begun} */
    Sweep.Builder newSweep(SweepTargets targets) {
        return Sweep.newBuilder(targets)
                .shard(shard, shards)
                .rate(rate)
                .coolDown(Duration.ofMillis(coolDownMillis))
                .retries(retries)
                .tellSilent(true);
    }

    @Override
    public String toString() {
        return "shard " + shard + "/" + shards + " of " + sweep;
    }
}
