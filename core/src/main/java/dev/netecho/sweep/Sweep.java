// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks each address of a network, in a random order, at a bounded rate, and tells what became of it.
 *
 * <p><b>Order.</b> The seed decides it. A shard is every n-th address of that order, so that several hosts share a
 * sweep without talking to each other.
 *
 * <p><b>Truth.</b> If this host drops packets, the silent hosts among the 4,096 or so around that moment are in doubt.
 * They are asked again, up to three times and each time at half the rate; then they are <em>unsure</em>. So are hosts
 * to which the system would not send: they are asked again, and then refused.
 *
 * <p><b>Checkpoint.</b> It is written every five seconds, and at the end. A sweep that is killed continues from its
 * last one, and asks again what was within the cool-down then, or later. What was found before is told again, with an
 * unknown round trip, so that the output of each run is whole. One sweep at a time may use a file.
 *
 * <p>A sweep has a thread of its own, named {@code netecho-sweep}. It takes a few bits of memory for each address.
 * Thread-safe.
 */
public final class Sweep {
    /** The probes in a second when no rate is given: 10,000. */
    public static final int DEFAULT_RATE = 10_000;

    /** The most addresses of one shard: 1,073,741,824. */
    public static final long MOST_OF_A_SHARD = 1L << 30;

    private final SweepRun run;
    private final Thread thread;
    private final Future result = new Future();

    private Sweep(SweepRun run) {
        this.run = run;
        this.thread = new Thread(null, this::run, "netecho-sweep", 0, false);
        thread.setDaemon(true);
    }

    /**
     * {@return a builder with the defaults}
     *
     * @param targets what to ask
     */
    public static Builder newBuilder(SweepTargets targets) {
        return new Builder(targets);
    }

    /** {@return the ways to send that are installed beside any {@link EchoRequester}, best first} */
    public static List<SweepWayProvider> ways() {
        return List.copyOf(WayLookup.installed());
    }

    /**
     * {@return the report at the end: when every address has its result, or after {@link #stop}} It never completes
     * exceptionally. To wait for it in the listener throws {@link IllegalStateException}.
     */
    public CompletableFuture<SweepReport> report() {
        return result;
    }

    /** {@return how far it is now} */
    public SweepProgress progress() {
        return run.progress();
    }

    /** {@return how it sends, such as {@code "packet"} or the name of a provider of requesters} */
    public String way() {
        return run.wayName();
    }

    /**
     * Ends the sweep within a fraction of a second: it sends nothing more, writes its checkpoint, and reports. It also
     * tells no more hosts; if it is complete nevertheless, {@link SweepReport#trouble} says so.
     */
    public void stop() {
        run.stop();
    }

    private void run() {
        result.complete(run.run());
    }

    /** Waiting for it on the thread that completes it would last for ever. */
    private final class Future extends CompletableFuture<SweepReport> {
        private void checkMayWait(String call) {
            if (!isDone() && Thread.currentThread().equals(thread)) {
                throw new IllegalStateException(
                        call + " would deadlock in the listener of the sweep; use thenAccept() or another thread");
            }
        }

        @Override
        public SweepReport get() throws InterruptedException, ExecutionException {
            checkMayWait("get()");
            return super.get();
        }

        @Override
        public SweepReport get(long timeout, TimeUnit unit)
                throws InterruptedException, ExecutionException, TimeoutException {
            checkMayWait("get()");
            return super.get(timeout, unit);
        }

        @Override
        public SweepReport join() {
            checkMayWait("join()");
            return super.join();
        }
    }

    /** Configures a sweep. Not thread-safe. */
    public static final class Builder {
        private static final int LARGEST_RATE = 10_000_000;
        private static final int MOST_RETRIES = 10;
        private static final int MOST_SHARDS = 1 << 20;
        private static final Duration SHORTEST = Duration.ofMillis(1);
        private static final Duration OFTEN = Duration.ofMillis(10);
        private static final Duration LONGEST = Duration.ofHours(1);

        final SweepTargets targets;
        int rate = DEFAULT_RATE;
        int shard;
        int shards = 1;
        int retries;
        Duration coolDown = Duration.ofSeconds(2);
        boolean tellSilent;
        SweepListener listener = batch -> {};
        long checkpointNanos = TimeUnit.SECONDS.toNanos(5);

        @Nullable
        Path checkpoint;

        /** The addresses of this host; null for what it has at the start. */
        @Nullable
        RangeSet own;

        private @Nullable Long seed;
        private @Nullable EchoRequester requester;
        private @Nullable String way;

        private Builder(SweepTargets targets) {
            this.targets = Objects.requireNonNull(targets, "targets");
        }

        /**
         * Sends through this requester, which stays open. Default: the best way of this host.
         *
         * @param requester any
         * @return this
         */
        public Builder requester(EchoRequester requester) {
            this.requester = Objects.requireNonNull(requester, "requester");
            return this;
        }

        /**
         * Sends by this way and no other. Default: the best of this host.
         *
         * @param name the name of a {@link SweepWayProvider}, or {@code "requester"}
         * @return this
         */
        public Builder way(String name) {
            this.way = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Bounds the probes of a second.
         *
         * @param probesPerSecond 1 to 10,000,000; the default is {@link Sweep#DEFAULT_RATE}
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder rate(int probesPerSecond) {
            if (probesPerSecond < 1 || probesPerSecond > LARGEST_RATE) {
                throw new IllegalArgumentException(
                        "rate is " + probesPerSecond + " a second; it must be 1 to " + LARGEST_RATE);
            }
            this.rate = probesPerSecond;
            return this;
        }

        /**
         * Decides the order. Default: random; with several shards, a number that follows from the targets, so that all
         * shards have the same.
         *
         * @param seed any number; all shards of a sweep need the same
         * @return this
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Asks one part of several of the addresses. Default: all of them.
         *
         * @param shard which part, 0 to shards - 1
         * @param shards how many there are, 1 to 1,048,576
         * @return this
         * @throws IllegalArgumentException if one is out of range
         */
        public Builder shard(int shard, int shards) {
            if (shards < 1 || shards > MOST_SHARDS || shard < 0 || shard >= shards) {
                throw new IllegalArgumentException("shard is " + shard + " of " + shards + "; there must be 1 to "
                        + MOST_SHARDS + " shards, counted from 0");
            }
            this.shard = shard;
            this.shards = shards;
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
         * Asks all silent hosts again this many times, against loss in the network.
         *
         * @param retries 0 to 10; the default is 0
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder retries(int retries) {
            if (retries < 0 || retries > MOST_RETRIES) {
                throw new IllegalArgumentException("retries is " + retries + "; it must be 0 to " + MOST_RETRIES);
            }
            this.retries = retries;
            return this;
        }

        /**
         * Writes this file from time to time, and continues from it if it exists.
         *
         * @param file one for each shard; its folder must exist
         * @return this
         */
        public Builder checkpoint(Path file) {
            this.checkpoint = Objects.requireNonNull(file, "file");
            return this;
        }

        /**
         * Learns of each answer.
         *
         * @param listener the default does nothing
         * @return this
         */
        public Builder listener(SweepListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Tells the listener at the end which hosts did not answer, in the order of their addresses if there is one
         * shard.
         *
         * @param tell whether to; the default is false
         * @return this
         */
        public Builder tellSilent(boolean tell) {
            this.tellSilent = tell;
            return this;
        }

        /** What a test takes for the addresses of this host. */
        Builder own(RangeSet addresses) {
            this.own = addresses;
            return this;
        }

        /**
         * Writes the checkpoint so often. A sweep that is killed asks again what it asked after its last one, and
         * within the cool-down before.
         *
         * @param interval 10 ms to one hour; the default is five seconds
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder checkpointEvery(Duration interval) {
            if (interval.compareTo(OFTEN) < 0 || interval.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "checkpointEvery is " + interval + "; it must be " + OFTEN + " to " + LONGEST);
            }
            this.checkpointNanos = interval.toNanos();
            return this;
        }

        /**
         * {@return a sweep that has begun}
         *
         * @throws IllegalArgumentException if a shard has more than {@link Sweep#MOST_OF_A_SHARD} addresses, or none
         * @throws EchoUnavailableException if nothing can send here; the message has the reason and the remedy
         * @throws IOException if the checkpoint cannot be read, or is of another sweep
         */
        public Sweep start() throws EchoUnavailableException, IOException {
            Checkpoint state = state();
            SweepSettings settings = new SweepSettings(targets, rate, coolDown);
            return start(state, WayLookup.open(requester, way, settings, SweepRun.mostPasses(state.retries)));
        }

        /** With a way of a test. */
        Sweep start(SweepWay opened) throws IOException {
            return start(state(), opened);
        }

        private Sweep start(Checkpoint state, SweepWay opened) {
            Sweep sweep;
            try {
                sweep = new Sweep(new SweepRun(this, state, opened));
                sweep.thread.start();
            } catch (RuntimeException | Error e) {
                opened.close();
                throw e;
            }
            return sweep;
        }

        private Checkpoint state() throws IOException {
            long all = targets.asked.size();
            long size = (all - shard + shards - 1) / shards;
            if (size < 1 || size > MOST_OF_A_SHARD) {
                throw new IllegalArgumentException("shard " + shard + " of " + shards + " has " + size
                        + " addresses; it must have 1 to " + MOST_OF_A_SHARD + ": give "
                        + (size < 1 ? "fewer" : "more") + " shards");
            }
            byte[] digest = targets.digest();
            if (checkpoint != null) {
                Checkpoint found = Checkpoint.read(checkpoint);
                if (found != null) {
                    found.check(checkpoint, digest, seed, shard, shards);
                    return found;
                }
            }
            long order = seed != null
                    ? seed
                    : shards > 1 ? ByteBuffer.wrap(digest).getLong() : new SecureRandom().nextLong();
            return new Checkpoint(digest, order, shard, shards, retries, new Findings(size));
        }
    }
}
