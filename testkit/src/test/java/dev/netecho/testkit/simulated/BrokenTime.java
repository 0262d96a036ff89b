// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.TimestampSource;
import dev.netecho.engine.SlotState;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.PendingEcho;
import dev.netecho.testkit.ContractTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Backends that break the rules TIM-1 to TIM-5. */
final class BrokenTime {
    private BrokenTime() {}

    static List<Defect> defects() {
        return List.of(
                Defect.ofEngine("TIM-1", "measures a round trip from the moment of asking", MeasuringFromAsking::new),
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
                                Defect.matching(Lengthening::new),
                                ContractTime.ofMachine().tolerance())),
                Defect.ofMany(
                        2_000,
                        "TIM-3",
                        "measures with the clock of the wall, which is set back once",
                        Defect.matching(SetBack::new)),
                Defect.ofMany(
                        2_000, "TIM-3", "calls one round trip in a thousand zero", Defect.matching(SometimesZero::new)),
                Defect.ofMatcher("TIM-3", "is 10 us short and calls itself exact", engine -> new Matcher(engine) {
                    @Override
                    EchoOutcome.Reply reply(
                            Slot slot, Duration roundTrip, int hopLimit, EchoPayload payload, boolean intact) {
                        long nanos = Math.max(1, roundTrip.toNanos() - 10_000);
                        return super.reply(slot, Duration.ofNanos(nanos), hopLimit, payload, intact);
                    }
                }),
                Defect.ofMatcher("TIM-3", "is never sure of a time", engine -> new Matcher(engine) {
                    @Override
                    EchoOutcome.Reply reply(
                            Slot slot, Duration roundTrip, int hopLimit, EchoPayload payload, boolean intact) {
                        EchoOutcome.Reply reply = super.reply(slot, roundTrip, hopLimit, payload, intact);
                        return new EchoOutcome.Reply(
                                reply.responder(),
                                roundTrip,
                                roundTrip,
                                reply.timestampSource(),
                                reply.hopLimit(),
                                payload,
                                intact);
                    }
                }),
                Defect.ofMatcher("TIM-3", "keeps microseconds in 16 bits", engine -> new Matcher(engine) {
                    @Override
                    EchoOutcome.Reply reply(
                            Slot slot, Duration roundTrip, int hopLimit, EchoPayload payload, boolean intact) {
                        long micros = roundTrip.toNanos() / 1_000 & 0xffff;
                        return super.reply(slot, Duration.ofNanos(1_000 * micros), hopLimit, payload, intact);
                    }
                }),
                Defect.ofMatcher("TIM-3", "claims the kernel's stamps and uses its own", engine -> new Matcher(engine) {
                    @Override
                    EchoOutcome.Reply reply(
                            Slot slot, Duration roundTrip, int hopLimit, EchoPayload payload, boolean intact) {
                        EchoOutcome.Reply reply = super.reply(slot, roundTrip, hopLimit, payload, intact);
                        return new EchoOutcome.Reply(
                                reply.responder(),
                                roundTrip,
                                Duration.ZERO,
                                TimestampSource.PROCESS,
                                reply.hopLimit(),
                                payload,
                                intact);
                    }
                }),
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

    /** Remembers when it was asked. */
    private abstract static class Remembering extends SimulatedEngine {
        private final Map<PendingEcho, Long> asked = new ConcurrentHashMap<>();

        Remembering(SimulatedNetwork network, String name, EchoCounters counters) {
            super(network, name, counters);
        }

        @Override
        public void submit(PendingEcho pending) {
            asked.put(pending, clock.nanoTime());
            super.submit(pending);
        }

        long askedNanos(Slot slot) {
            return asked.get(slot.pending);
        }
    }

    private static final class MeasuringFromAsking extends Remembering {
        MeasuringFromAsking(SimulatedNetwork network, String name, EchoCounters counters) {
            super(network, name, counters);
        }

        @Override
        Matcher newMatcher() {
            return new Matcher(this) {
                @Override
                Duration roundTrip(Slot slot, long arrival) {
                    return Duration.ofNanos(Math.max(1, arrival - askedNanos(slot)));
                }
            };
        }
    }

    private static final class ExpiringFromAsking extends Remembering {
        ExpiringFromAsking(SimulatedNetwork network, String name, EchoCounters counters) {
            super(network, name, counters);
        }

        @Override
        Matcher newMatcher() {
            return new Matcher(this) {
                @Override
                boolean isLate(Slot slot, long arrival) {
                    return arrival - askedNanos(slot) > slot.pending.request().timeoutNanos();
                }
            };
        }
    }

    /** Has deadlines of its own. */
    private abstract static class Expiring extends SimulatedEngine {
        Expiring(SimulatedNetwork network, String name, EchoCounters counters) {
            super(network, name, counters);
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
            if (slot.state == SlotState.SENT) {
                end(slot, SlotState.ENDED);
                complete(slot.pending, timedOut(slot));
            }
        }
    }

    private static BrokenHarness.EngineMaker ticking(boolean up) {
        long tick = Duration.ofMillis(16).toNanos();
        return (network, name, counters) -> new Expiring(network, name, counters) {
            @Override
            long waiting(long timeoutNanos) {
                return (up ? timeoutNanos + tick - 1 : timeoutNanos) / tick * tick;
            }
        };
    }

    private static BrokenHarness.EngineMaker late() {
        return (network, name, counters) -> new Expiring(network, name, counters) {
            @Override
            long waiting(long timeoutNanos) {
                return timeoutNanos + Duration.ofMillis(100).toNanos();
            }
        };
    }

    private static final class Lengthening extends Matcher {
        Lengthening(SimulatedEngine engine) {
            super(engine);
        }

        @Override
        Duration roundTrip(Slot slot, long arrival) {
            return super.roundTrip(slot, arrival).plusMillis(15);
        }
    }

    private static final class SetBack extends Matcher {
        private static final int REPLIES_BEFORE = 1_500;

        private int replies;

        SetBack(SimulatedEngine engine) {
            super(engine);
        }

        @Override
        Duration roundTrip(Slot slot, long arrival) {
            Duration measured = super.roundTrip(slot, arrival);
            return ++replies == REPLIES_BEFORE ? measured.minusSeconds(1) : measured;
        }
    }

    private static final class SometimesZero extends Matcher {
        private int replies;

        SometimesZero(SimulatedEngine engine) {
            super(engine);
        }

        @Override
        Duration roundTrip(Slot slot, long arrival) {
            return ++replies % 1_000 == 0 ? Duration.ZERO : super.roundTrip(slot, arrival);
        }
    }

    private static final class ReadingFirst extends Expiring {
        ReadingFirst(SimulatedNetwork network, String name, EchoCounters counters) {
            super(network, name, counters);
        }

        @Override
        Matcher newMatcher() {
            return new Matcher(this) {
                @Override
                boolean isLate(Slot slot, long arrival) {
                    return false;
                }
            };
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
