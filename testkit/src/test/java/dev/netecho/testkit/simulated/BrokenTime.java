// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.TimestampSource;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import dev.netecho.testkit.ContractTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;

/** Backends that break the rules TIM-1 to TIM-5. */
final class BrokenTime {
    private static final long TICK = Duration.ofMillis(16).toNanos();

    private BrokenTime() {}

    static List<Defect> defects() {
        return List.of(
                Defect.around("TIM-1", "measures a round trip from the moment of asking", MeasuringFromAsking::new),
                Defect.ofWire("TIM-1", "counts the timeout from the moment of asking", ExpiringFromAsking::new),
                Defect.around(
                        "TIM-2",
                        "rounds timeouts down to ticks of 16 ms",
                        (engine, network, counters) -> new Ticking(engine)),
                Defect.around(
                        "TIM-2",
                        "rounds timeouts up to ticks of 16 ms",
                        LateTimeouts.by(timeout -> Math.floorMod(-timeout, TICK))),
                new Defect(
                        "TIM-2",
                        "notices every time-out 100 ms late",
                        () -> new BrokenHarness(
                                LateTimeouts.by(
                                        timeout -> Duration.ofMillis(100).toNanos()),
                                ContractTime.ofMachine().tolerance())),
                new Defect(
                        "TIM-3",
                        "adds 15 ms to every round trip",
                        () -> new BrokenHarness(
                                lasting(nanos -> nanos + 15_000_000),
                                ContractTime.ofMachine().tolerance())),
                Defect.aroundMany(
                        2_000,
                        "TIM-3",
                        "measures with the clock of the wall, which is set back once",
                        (engine, network, counters) -> new Lasting(engine) {
                            @Override
                            long roundTrip(long nanos) {
                                return replies == 1_500 ? nanos - 1_000_000_000 : nanos;
                            }
                        }),
                Defect.aroundMany(
                        2_000,
                        "TIM-3",
                        "calls one round trip in a thousand zero",
                        (engine, network, counters) -> new Lasting(engine) {
                            @Override
                            long roundTrip(long nanos) {
                                return replies % 1_000 == 0 ? 0 : nanos;
                            }
                        }),
                Defect.around(
                        "TIM-3",
                        "is 10 us short and calls itself exact",
                        lasting(nanos -> Math.max(1, nanos - 10_000))),
                replying(
                        "is never sure of a time",
                        reply -> new EchoOutcome.Reply(
                                reply.responder(),
                                reply.roundTripTime(),
                                reply.roundTripTime(),
                                reply.timestampSource(),
                                reply.hopLimit(),
                                reply.payload(),
                                reply.payloadIntact())),
                Defect.around(
                        "TIM-3", "keeps microseconds in 16 bits", lasting(nanos -> 1_000 * (nanos / 1_000 & 0xffff))),
                replying(
                        "claims the kernel's stamps and uses its own",
                        reply -> new EchoOutcome.Reply(
                                reply.responder(),
                                reply.roundTripTime(),
                                Duration.ZERO,
                                TimestampSource.PROCESS,
                                reply.hopLimit(),
                                reply.payload(),
                                reply.payloadIntact())),
                Defect.around("TIM-4", "takes the moment of reading for that of the arrival", Unhurried::new),
                Defect.ofWire(
                        "TIM-5",
                        "reads packets before it looks for deadlines, and does not compare",
                        ReadingFirst::new));
    }

    private static final class MeasuringFromAsking extends ForwardingEngine {
        private final SimulatedClock clock;
        private final Map<PendingEcho, Long> asked = new ConcurrentHashMap<>();
        private final Map<PendingEcho, Long> waited = new ConcurrentHashMap<>();

        MeasuringFromAsking(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
            this.clock = network.clock();
        }

        @Override
        public void submit(PendingEcho pending) {
            asked.put(pending, clock.nanoTime());
            super.submit(pending);
        }

        @Override
        void sent(PendingEcho pending) {
            waited.put(pending, clock.nanoTime() - asked.get(pending));
        }

        @Override
        EchoOutcome outcome(PendingEcho pending, EchoOutcome outcome) {
            return outcome instanceof EchoOutcome.Reply reply
                    ? lasting(reply, reply.roundTripTime().toNanos() + waited.get(pending))
                    : outcome;
        }
    }

    private static EchoOutcome.Reply lasting(EchoOutcome.Reply reply, long nanos) {
        return new EchoOutcome.Reply(
                reply.responder(),
                Duration.ofNanos(nanos),
                reply.roundTripUncertainty(),
                reply.timestampSource(),
                reply.hopLimit(),
                reply.payload(),
                reply.payloadIntact());
    }

    /** Has round trips of its own. */
    private abstract static class Lasting extends ForwardingEngine {
        int replies;

        Lasting(EchoEngine engine) {
            super(engine);
        }

        abstract long roundTrip(long nanos);

        @Override
        EchoOutcome outcome(PendingEcho pending, EchoOutcome outcome) {
            if (!(outcome instanceof EchoOutcome.Reply reply)) {
                return outcome;
            }
            replies++;
            return lasting(reply, roundTrip(reply.roundTripTime().toNanos()));
        }
    }

    private static BrokenHarness.EngineWrapper lasting(LongUnaryOperator change) {
        return (engine, network, counters) -> new Lasting(engine) {
            @Override
            long roundTrip(long nanos) {
                return change.applyAsLong(nanos);
            }
        };
    }

    private static Defect replying(String does, UnaryOperator<EchoOutcome.Reply> change) {
        return Defect.ofOutcomes(
                "TIM-3",
                does,
                (request, outcome) -> outcome instanceof EchoOutcome.Reply reply ? change.apply(reply) : outcome);
    }

    /** What arrives later than that is late. */
    private static final class ExpiringFromAsking extends Wire {
        private final Map<PendingEcho, Long> asked = new ConcurrentHashMap<>();

        ExpiringFromAsking(SimulatedNetwork network, EchoCounters counters) {
            super(network, counters);
        }

        @Override
        void submitted(PendingEcho pending) {
            asked.put(pending, clock.nanoTime());
        }

        @Override
        void back(byte[] packet, long nanos, PacketSink engine) {
            Answer answer = Answer.of(packet);
            Sent sent = answer == null ? null : asked(answer);
            boolean late = sent != null
                    && nanos - asked.get(sent.pending())
                            > sent.pending().request().timeoutNanos();
            engine.at(late ? Math.max(nanos, sent.deadline() + 1) : nanos, packet);
        }
    }

    private static final class Ticking extends ForwardingEngine {
        Ticking(EchoEngine engine) {
            super(engine);
        }

        @Override
        EchoRequest instead(EchoRequest request) {
            EchoRequest.Builder copy = EchoRequest.newBuilder(request.destination())
                    .payload(request.payload())
                    .options(request.options())
                    .timeout(Duration.ofNanos(Math.max(1, request.timeoutNanos() / TICK * TICK)));
            request.source().ifPresent(copy::source);
            return copy.build();
        }
    }

    private static final class Unhurried extends ForwardingEngine {
        private final SimulatedClock clock;
        private final EchoCounters counters;
        private final Map<PendingEcho, Long> sent = new ConcurrentHashMap<>();

        Unhurried(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
            this.clock = network.clock();
            this.counters = counters;
        }

        @Override
        void sent(PendingEcho pending) {
            sent.put(pending, clock.nanoTime());
        }

        @Override
        EchoOutcome outcome(PendingEcho pending, EchoOutcome outcome) {
            long since = clock.nanoTime() - sent.getOrDefault(pending, clock.nanoTime());
            if (!outcome.isReply() || since <= pending.request().timeoutNanos()) {
                return outcome;
            }
            counters.count(Stray.LATE);
            return new EchoOutcome.TimedOut(Duration.ofNanos(since), false);
        }
    }

    /** Where it wakes late, what has arrived by then arrives at the deadline instead. */
    private static final class ReadingFirst extends Wire {
        ReadingFirst(SimulatedNetwork network, EchoCounters counters) {
            super(network, counters);
        }

        @Override
        void back(byte[] packet, long nanos, PacketSink engine) {
            Answer answer = Answer.of(packet);
            Sent sent = answer == null ? null : asked(answer);
            if (sent == null || nanos <= sent.deadline()) {
                engine.at(nanos, packet);
                return;
            }
            long deadline = sent.deadline();
            clock.arrival(deadline, () -> engine.at(clock.nanoTime() >= nanos ? deadline : nanos, packet));
        }
    }
}
