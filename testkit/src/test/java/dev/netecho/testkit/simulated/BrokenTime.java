// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoOutcome;
import dev.netecho.TimestampSource;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import dev.netecho.testkit.ContractTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;

/** Backends that break the rules TIM-1 to TIM-5. */
final class BrokenTime {
    private BrokenTime() {}

    static List<Defect> defects() {
        return List.of(
                Defect.around("TIM-1", "measures a round trip from the moment of asking", MeasuringFromAsking::new),
                Defect.ofEngine("TIM-1", "counts the timeout from the moment of asking", ExpiringFromAsking::new),
                Defect.ofEngine("TIM-2", "rounds timeouts down to ticks of 16 ms", ticking(false)),
                Defect.ofEngine("TIM-2", "rounds timeouts up to ticks of 16 ms", ticking(true)),
                new Defect(
                        "TIM-2",
                        "notices every time-out 100 ms late",
                        () -> new BrokenHarness(late(), ContractTime.ofMachine().tolerance())),
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
                Defect.ofMatcher(
                        "TIM-4", "takes the moment of reading for that of the arrival", engine -> new Matcher(engine) {
                            @Override
                            boolean isLate(Slot slot, long arrival) {
                                return super.isLate(slot, engine.clock.nanoTime());
                            }
                        }),
                Defect.ofEngine(
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

    private static final class ExpiringFromAsking extends SimulatedEngine {
        private final Map<PendingEcho, Long> asked;

        ExpiringFromAsking(SimulatedNetwork network, String name, EchoCounters counters) {
            this(network, counters, new ConcurrentHashMap<>());
        }

        private ExpiringFromAsking(SimulatedNetwork network, EchoCounters counters, Map<PendingEcho, Long> asked) {
            super(
                    network,
                    counters,
                    new Slots(),
                    engine -> new Matcher(engine) {
                        @Override
                        boolean isLate(Slot slot, long arrival) {
                            return arrival - asked.get(slot.pending)
                                    > slot.pending.request().timeoutNanos();
                        }
                    },
                    firstIdentifier());
            this.asked = asked;
        }

        @Override
        public void submit(PendingEcho pending) {
            asked.put(pending, clock.nanoTime());
            super.submit(pending);
        }
    }

    /** Has deadlines of its own. */
    private abstract static class Expiring extends SimulatedEngine {
        Expiring(SimulatedNetwork network, EchoCounters counters, Function<SimulatedEngine, Matcher> matcher) {
            super(network, counters, new Slots(), matcher, firstIdentifier());
        }

        long waiting(long timeoutNanos) {
            return timeoutNanos;
        }

        @Override
        void send(PendingEcho pending) {
            super.send(pending);
            Slot slot = slots.get(pending.handle());
            if (slot != null && slot.pending == pending && slot.deadline != null) {
                clock.forget(slot.deadline);
                long due = slot.sentNanos + waiting(pending.request().timeoutNanos());
                slot.deadline = clock.deadline(due, () -> step(() -> due(slot, due)));
            }
        }

        void due(Slot slot, long nanos) {
            expire(slot);
        }
    }

    private static BrokenHarness.EngineMaker ticking(boolean up) {
        long tick = Duration.ofMillis(16).toNanos();
        return (network, name, counters) -> new Expiring(network, counters, Matcher::new) {
            @Override
            long waiting(long timeoutNanos) {
                return (up ? timeoutNanos + tick - 1 : timeoutNanos) / tick * tick;
            }
        };
    }

    private static BrokenHarness.EngineMaker late() {
        return (network, name, counters) -> new Expiring(network, counters, Matcher::new) {
            @Override
            long waiting(long timeoutNanos) {
                return timeoutNanos + Duration.ofMillis(100).toNanos();
            }
        };
    }

    private static final class ReadingFirst extends Expiring {
        ReadingFirst(SimulatedNetwork network, String name, EchoCounters counters) {
            super(network, counters, engine -> new Matcher(engine) {
                @Override
                boolean isLate(Slot slot, long arrival) {
                    return false;
                }
            });
        }

        @Override
        void due(Slot slot, long nanos) {
            long now = clock.nanoTime();
            if (now > nanos) {
                slot.deadline = clock.deadline(now, () -> step(() -> due(slot, now)));
            } else {
                super.due(slot, nanos);
            }
        }
    }
}
