// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import dev.netecho.EchoCapability;
import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.TimestampSource;
import dev.netecho.micrometer.RoundTripTimer;
import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.spi.PendingEcho;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import jdk.jfr.Recording;

/**
 * What a timer of Micrometer and a recording add to a request. Core alone is measured, with an engine that answers at
 * once: a network would hide it.
 */
@SuppressForbidden("jdk.jfr is not in every Java runtime, but in the JDK that runs the benchmarks")
final class WatchingCost implements Experiment {
    private static final int BATCH = 1_000;

    @Override
    public String name() {
        return "watching-cost";
    }

    @Override
    public String question() {
        return "How many nanoseconds does a timer of Micrometer add to a request, and how many a flight recording?";
    }

    @Override
    public void run(Session session) throws Exception {
        long turnNanos = (long) (session.secondsOf(0.3) * 1e9);
        Map<String, double[]> all = new LinkedHashMap<>();
        int rounds = session.pairs();
        try (EchoRequester requester =
                        EchoRequester.newBuilder().provider(new AtOnce()).open();
                RoundTripTimer timer = new RoundTripTimer(new SimpleMeterRegistry(), requester)) {
            EchoListener plain = (request, outcome) -> {};
            EchoListener timed = timer.around(plain);
            nanos(requester, timed, turnNanos); // warm
            nanos(requester, plain, turnNanos);
            for (int round = 0; round < rounds; round++) {
                put(all, "plain", round, rounds, nanos(requester, plain, turnNanos));
                put(all, "timed", round, rounds, nanos(requester, timed, turnNanos));
                put(all, "recorded", round, rounds, recorded(requester, plain, turnNanos));
            }
        }
        all.forEach((name, values) -> session.figures().add("watching_" + name + "_nanos", Spread.of(values)));
    }

    private static void put(Map<String, double[]> all, String name, int round, int rounds, double value) {
        all.computeIfAbsent(name, unknown -> new double[rounds])[round] = value;
    }

    /** No request is slow enough to be written. */
    private static double recorded(EchoRequester requester, EchoListener listener, long turnNanos) {
        try (Recording recording = new Recording()) {
            recording.enable("dev.netecho.EchoRequest").withThreshold(Duration.ofMillis(100));
            recording.start();
            nanos(requester, listener, turnNanos / 3); // compiles anew
            return nanos(requester, listener, turnNanos);
        }
    }

    private static double nanos(EchoRequester requester, EchoListener listener, long turnNanos) {
        EchoRequest request = EchoRequest.to(InetAddress.getLoopbackAddress());
        long begun = System.nanoTime();
        long asked = 0;
        long took;
        do {
            for (int i = 0; i < BATCH; i++) {
                requester.sendAsync(request, listener);
            }
            asked += BATCH;
            took = System.nanoTime() - begun;
        } while (took < turnNanos);
        return (double) took / asked;
    }

    /** Answers each request while it is submitted. */
    private static final class AtOnce implements EchoRequesterProvider {
        @Override
        public String name() {
            return "at-once";
        }

        @Override
        public int priority() {
            return -1;
        }

        @Override
        public Availability availability() {
            return Availability.available();
        }

        @Override
        public EchoEngine open(EchoConfig config) {
            return new Engine();
        }
    }

    private static final class Engine implements EchoEngine {
        private final EchoOutcome reply = new EchoOutcome.Reply(
                InetAddress.getLoopbackAddress(),
                Duration.ofMillis(1),
                Duration.ZERO,
                TimestampSource.KERNEL,
                OptionalInt.empty(),
                EchoPayload.DEFAULT,
                true);

        @Override
        public void submit(PendingEcho pending) {
            pending.markSent();
            pending.complete(reply);
        }

        @Override
        public void cancelled(PendingEcho pending) {
            pending.letGo();
        }

        @Override
        public boolean inEngineThread() {
            return false;
        }

        @Override
        public Set<EchoCapability> capabilities() {
            return EnumSet.allOf(EchoCapability.class);
        }

        @Override
        public void close() {}
    }
}
