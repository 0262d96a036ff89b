// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import dev.netecho.sweep.Sweep;
import dev.netecho.sweep.SweepTargets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** A sweep that several machines share: what is asked, in which shards, and how fast. Immutable and thread-safe. */
public final class SharedSweep {
    /** The most addresses of one shard, so that its result fits into a record: 65,536. */
    public static final int MOST_OF_A_SHARD = 1 << 16;

    /** Kafka takes records of 1 MiB unless told otherwise; each shard names all ranges. */
    private static final int MOST_OCTETS = 1_000_000;

    private static final int MOST_SHARDS = 1 << 20;
    private static final int LARGEST_RATE = 10_000_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    private final ShardTask first;
    private final SweepTargets targets;
    private final int rate;
    private final Duration patience;

    private SharedSweep(ShardTask first, SweepTargets targets, int rate, Duration patience) {
        this.first = first;
        this.targets = targets;
        this.rate = rate;
        this.patience = patience;
    }

    /**
     * {@return a builder with the defaults}
     *
     * @param name tells this sweep from others of the location; 1 to 100 ASCII letters, digits, dots, underscores and
     *     hyphens. A coordinator that is given the name of an earlier sweep continues that sweep.
     * @throws IllegalArgumentException if it is no such name
     */
    public static Builder newBuilder(String name) {
        return new Builder(name);
    }

    /** {@return what tells this sweep from others of the location} */
    public String name() {
        return first.sweep();
    }

    /** {@return what is asked} */
    public SweepTargets targets() {
        return targets;
    }

    /** {@return how many shards there are} */
    public int shards() {
        return first.shards();
    }

    /** {@return how many shards are swept at a time: the rate of all, divided by that of one} */
    public int shardsAtATime() {
        return rate / first.rate();
    }

    /** {@return how long a shard may stay without a result} */
    public Duration patience() {
        return patience;
    }

    ShardTask task(int shard) {
        return first.of(shard);
    }

    static String name(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("the name of the sweep is \"" + text
                    + "\"; it must be 1 to 100 of the letters and digits of ASCII, dots, _ and -");
        }
        return text;
    }

    /** Configures a shared sweep. Not thread-safe. */
    public static final class Builder {
        private static final int MOST_RETRIES = 10;
        private static final Duration SHORTEST = Duration.ofMillis(1);
        private static final Duration LONGEST = Duration.ofHours(1);

        private final String name;
        private final List<String> ranges = new ArrayList<>();
        private final List<String> exclusions = new ArrayList<>();
        private int rate = Sweep.DEFAULT_RATE;
        private int shardRate = 1_000;
        private int shards;
        private int retries;
        private Duration coolDown = Duration.ofSeconds(2);
        private Duration patience = Duration.ofMinutes(30);

        private Builder(String name) {
            this.name = name(Objects.requireNonNull(name, "name"));
        }

        /**
         * Adds a range.
         *
         * @param range as for {@link SweepTargets.Builder#add(String)}
         * @return this
         */
        public Builder add(String range) {
            ranges.add(Objects.requireNonNull(range, "range"));
            return this;
        }

        /**
         * Leaves out a range.
         *
         * @param range as for {@link SweepTargets.Builder#exclude(String)}
         * @return this
         */
        public Builder exclude(String range) {
            exclusions.add(Objects.requireNonNull(range, "range"));
            return this;
        }

        /**
         * Bounds the probes of a second, of all workers together.
         *
         * @param probesPerSecond 1 to 10,000,000; the default is {@link Sweep#DEFAULT_RATE}
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder rate(int probesPerSecond) {
            this.rate = inRange("rate", probesPerSecond, 1, LARGEST_RATE);
            return this;
        }

        /**
         * Bounds the probes of a second of one worker. A worker sweeps one shard at a time.
         *
         * @param probesPerSecond 1 to 10,000,000; the default is 1,000
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder shardRate(int probesPerSecond) {
            this.shardRate = inRange("shardRate", probesPerSecond, 1, LARGEST_RATE);
            return this;
        }

        /**
         * Divides the sweep.
         *
         * @param shards 1 to 1,048,576; the default is as few as {@link SharedSweep#MOST_OF_A_SHARD} allows
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder shards(int shards) {
            this.shards = inRange("shards", shards, 1, MOST_SHARDS);
            return this;
        }

        /**
         * Asks silent hosts again.
         *
         * @param retries 0 to 10; the default is 0
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder retries(int retries) {
            this.retries = inRange("retries", retries, 0, MOST_RETRIES);
            return this;
        }

        /**
         * Waits this long for an answer.
         *
         * @param coolDown 1 ms to one hour; the default is two seconds
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder coolDown(Duration coolDown) {
            if (coolDown.compareTo(SHORTEST) < 0 || coolDown.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "coolDown is " + coolDown + "; it must be " + SHORTEST + " to " + LONGEST);
            }
            this.coolDown = coolDown;
            return this;
        }

        /**
         * Gives up a shard that has no result after this time, so that another is issued in its place. The whole sweep
         * ends if no result at all comes for so long.
         *
         * @param patience 1 ms or more; the default is 30 minutes. It should be several times as long as a shard takes.
         * @return this
         * @throws IllegalArgumentException if it is shorter
         */
        public Builder patience(Duration patience) {
            if (patience.compareTo(SHORTEST) < 0) {
                throw new IllegalArgumentException("patience is " + patience + "; it must be at least " + SHORTEST);
            }
            this.patience = patience;
            return this;
        }

        /**
         * {@return the sweep}
         *
         * @throws IllegalArgumentException if a range is none, there is nothing to ask, one worker is faster than all
         *     may be, a shard would be too large or empty, or the ranges do not fit into a record
         */
        public SharedSweep build() {
            if (shardRate > rate) {
                throw new IllegalArgumentException("shardRate is " + shardRate + ", but all shards together may send "
                        + rate + " a second; give a shardRate of at most the rate");
            }
            ShardTask given = new ShardTask(
                    name, 0, 1, shardRate, coolDown.toMillis(), retries, List.copyOf(ranges), List.copyOf(exclusions));
            SweepTargets targets = given.targets();
            long asked = targets.size() - targets.refused();
            long fewest = (asked + MOST_OF_A_SHARD - 1) / MOST_OF_A_SHARD;
            long parts = shards == 0 ? fewest : shards;
            if (parts < fewest || parts > asked) {
                throw new IllegalArgumentException("there are " + parts + " shards for " + asked + " addresses; give "
                        + fewest + " to " + Math.min(asked, MOST_SHARDS));
            }
            ShardTask first = given.parts((int) parts);
            int octets = first.of(first.shards() - 1).text().getBytes(StandardCharsets.UTF_8).length;
            if (octets > MOST_OCTETS) {
                throw new IllegalArgumentException("the ranges and exclusions take " + octets + " octets; the most is "
                        + MOST_OCTETS + ": give fewer and larger ranges");
            }
            return new SharedSweep(first, targets, rate, patience);
        }

        private static int inRange(String what, int value, int least, int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(what + " is " + value + "; it must be " + least + " to " + most);
            }
            return value;
        }
    }
}
