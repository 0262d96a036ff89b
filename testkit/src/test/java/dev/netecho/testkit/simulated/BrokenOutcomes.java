// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoHandle;
import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Backends that break the rules OUT-1 to OUT-7. */
final class BrokenOutcomes {
    private static final long HORIZON_NANOS = Duration.ofMillis(500).toNanos();
    private static final Logger LOGGER = LoggerFactory.getLogger(BrokenOutcomes.class);

    private BrokenOutcomes() {}

    static List<Defect> defects() {
        return List.of(
                Defect.ofRequester("OUT-1", "tells a listener of an ICMP error twice", Twice::new),
                Defect.around(
                        "OUT-1",
                        "forgets deadlines that are more than half a second away",
                        LateTimeouts.by(timeout -> timeout > HORIZON_NANOS ? LateTimeouts.FOR_EVER : 0)),
                Defect.ofRequester("OUT-2", "completes the future of a time-out with an exception", Exceptional::new),
                Defect.ofRequester("OUT-2", "throws from send() when a host is unreachable", Throwing::new),
                Defect.ofOutcomes(
                        "OUT-3",
                        "reports the usual hop limit where it knows none",
                        (request, outcome) -> outcome instanceof EchoOutcome.Reply reply ? usual(reply) : outcome),
                Defect.ofOutcomes(
                        "OUT-3",
                        "says that the next-hop MTU is 0 where nobody named one",
                        (request, outcome) -> outcome instanceof EchoOutcome.IcmpError error ? zero(error) : outcome),
                refusing(
                        "says no more than the error's number",
                        refused -> new EchoOutcome.NotSent(
                                refused.reason(), "errno " + refused.osError().getAsInt(), refused.osError())),
                refusing(
                        "keeps the error's number to itself where it has a reason",
                        refused -> refused.reason() == NotSentReason.OVERLOADED
                                ? refused
                                : EchoOutcome.NotSent.because(refused.reason(), refused.detail())),
                refusing(
                        "has one reason for all errors of the system",
                        refused -> refused.reason() == NotSentReason.OVERLOADED
                                ? refused
                                : new EchoOutcome.NotSent(NotSentReason.OS_ERROR, refused.detail(), refused.osError())),
                Defect.ofRequester("OUT-5", "closes when a listener throws", Fragile::new),
                Defect.ofRequester("OUT-6", "counts an ICMP error twice", CountingTwice::new),
                Defect.ofRequester(
                        "OUT-6", "counts every ICMP error under another kind", CountingUnderAnotherKind::new),
                Defect.around("OUT-6", "does not say that it sees what was dropped locally", Blind::new),
                Defect.around("OUT-7", "warns of the first time-out of each requester", Warning::new),
                Defect.ofWire("OUT-7", "logs a wrong checksum as an error", Alarming::new),
                Defect.ofRequester("OUT-8", "refuses on the stack of the caller", Recursive::new),
                Defect.ofRequester("OUT-9", "has futures that wait on any thread", Patient::new));
    }

    private interface Refusal {
        EchoOutcome.NotSent of(EchoOutcome.NotSent refused);
    }

    /** Changes what the system refuses. */
    private static Defect refusing(String does, Refusal refusal) {
        return Defect.ofOutcomes(
                "OUT-4",
                does,
                (request, outcome) -> outcome instanceof EchoOutcome.NotSent refused
                                && refused.osError().isPresent()
                        ? refusal.of(refused)
                        : outcome);
    }

    private static EchoOutcome.Reply usual(EchoOutcome.Reply reply) {
        return new EchoOutcome.Reply(
                reply.responder(),
                reply.roundTripTime(),
                reply.roundTripUncertainty(),
                reply.timestampSource(),
                OptionalInt.of(64),
                reply.payload(),
                reply.payloadIntact());
    }

    private static EchoOutcome.IcmpError zero(EchoOutcome.IcmpError error) {
        return new EchoOutcome.IcmpError(
                error.responder(),
                error.kind(),
                error.type(),
                error.code(),
                OptionalInt.of(error.nextHopMtu().orElse(0)),
                error.roundTripTime(),
                error.roundTripUncertainty(),
                error.extensions());
    }

    private static final class Twice extends ForwardingRequester {
        Twice(EchoRequester inner) {
            super(inner);
        }

        @Override
        void tell(EchoListener listener, EchoRequest request, EchoOutcome outcome) {
            super.tell(listener, request, outcome);
            if (outcome instanceof EchoOutcome.IcmpError) {
                super.tell(listener, request, outcome);
            }
        }
    }

    private static final class Exceptional extends ForwardingRequester {
        Exceptional(EchoRequester inner) {
            super(inner);
        }

        @Override
        public CompletableFuture<EchoOutcome> sendAsync(EchoRequest request) {
            CompletableFuture<EchoOutcome> future = inner.sendAsync(request);
            CompletableFuture<EchoOutcome> ours = new CompletableFuture<>() {
                @Override
                public boolean cancel(boolean mayInterruptIfRunning) {
                    boolean cancelled = super.cancel(mayInterruptIfRunning);
                    future.cancel(mayInterruptIfRunning);
                    return cancelled;
                }

                @Override
                public EchoOutcome get(long timeout, TimeUnit unit)
                        throws InterruptedException, ExecutionException, TimeoutException {
                    future.get(timeout, unit);
                    return super.get(timeout, unit);
                }

                @Override
                public <U> CompletableFuture<U> newIncompleteFuture() {
                    return future.newIncompleteFuture();
                }
            };
            var unused = future.whenComplete((outcome, thrown) -> {
                if (outcome instanceof EchoOutcome.TimedOut) {
                    ours.completeExceptionally(new TimeoutException(outcome.toString()));
                } else {
                    ours.complete(outcome);
                }
            });
            return ours;
        }
    }

    private static final class Recursive extends ForwardingRequester {
        /** What the tests of OUT-8 ask, and no others. */
        private static final Set<String> NOBODY = Set.of("224.0.0.77", "ff02:0:0:0:0:0:0:4d");

        Recursive(EchoRequester inner) {
            super(inner);
        }

        @Override
        public EchoHandle sendAsync(EchoRequest request, EchoListener listener) {
            if (request != null
                    && listener != null
                    && NOBODY.contains(request.destination().getHostAddress())) {
                listener.onOutcome(
                        request,
                        EchoOutcome.NotSent.because(
                                NotSentReason.INVALID_DESTINATION, "a multicast address names no single host"));
                return () -> false;
            }
            return super.sendAsync(request, listener);
        }
    }

    private static final class Patient extends ForwardingRequester {
        Patient(EchoRequester inner) {
            super(inner);
        }

        @Override
        public CompletableFuture<EchoOutcome> sendAsync(EchoRequest request) {
            CompletableFuture<EchoOutcome> future = inner.sendAsync(request);
            CompletableFuture<EchoOutcome> ours = new CompletableFuture<>() {
                @Override
                public boolean cancel(boolean mayInterruptIfRunning) {
                    boolean cancelled = super.cancel(mayInterruptIfRunning);
                    future.cancel(mayInterruptIfRunning);
                    return cancelled;
                }
            };
            var unused = future.whenComplete((outcome, thrown) -> ours.complete(outcome));
            return ours;
        }
    }

    private static final class Throwing extends ForwardingRequester {
        Throwing(EchoRequester inner) {
            super(inner);
        }

        @Override
        public EchoOutcome send(EchoRequest request) throws InterruptedException {
            EchoOutcome outcome = inner.send(request);
            if (outcome instanceof EchoOutcome.IcmpError) {
                throw new IllegalStateException("unreachable: " + outcome);
            }
            return outcome;
        }
    }

    private static final class Fragile extends ForwardingRequester {
        Fragile(EchoRequester inner) {
            super(inner);
        }

        @Override
        void tell(EchoListener listener, EchoRequest request, EchoOutcome outcome) {
            try {
                super.tell(listener, request, outcome);
            } catch (IllegalStateException e) {
                inner.close();
                throw e;
            }
        }
    }

    /** Counts something else than what was so. */
    private abstract static class Miscounting extends ForwardingRequester {
        Miscounting(EchoRequester inner) {
            super(inner);
        }

        abstract void falsify(EchoStatistics now, EchoStatistics.Builder all);

        @Override
        public EchoStatistics statistics() {
            EchoStatistics now = inner.statistics();
            EchoStatistics.Builder all = EchoStatistics.newBuilder();
            for (NotSentReason reason : NotSentReason.values()) {
                all.notSent(reason, now.notSent(reason));
            }
            for (IcmpErrorKind kind : IcmpErrorKind.values()) {
                all.icmpErrors(kind, now.icmpErrors(kind));
            }
            all.sent(now.sent())
                    .replies(now.replies())
                    .timedOut(now.timedOut())
                    .abandoned(now.abandoned())
                    .inFlight(now.inFlight())
                    .queued(now.queued())
                    .queueTime(now.queueTime())
                    .paceTime(now.paceTime())
                    .duplicates(now.duplicates())
                    .late(now.late())
                    .altered(now.altered())
                    .wrongSource(now.wrongSource())
                    .unmatched(now.unmatched())
                    .droppedLocally(now.droppedLocally());
            falsify(now, all);
            return all.build();
        }
    }

    private static final class CountingTwice extends Miscounting {
        CountingTwice(EchoRequester inner) {
            super(inner);
        }

        @Override
        void falsify(EchoStatistics now, EchoStatistics.Builder all) {
            all.sent(now.sent() + now.icmpErrors()); // so that the sum holds
            for (IcmpErrorKind kind : IcmpErrorKind.values()) {
                all.icmpErrors(kind, 2 * now.icmpErrors(kind));
            }
        }
    }

    private static final class CountingUnderAnotherKind extends Miscounting {
        CountingUnderAnotherKind(EchoRequester inner) {
            super(inner);
        }

        @Override
        void falsify(EchoStatistics now, EchoStatistics.Builder all) {
            for (IcmpErrorKind kind : IcmpErrorKind.values()) {
                all.icmpErrors(kind, 0);
            }
            all.icmpErrors(IcmpErrorKind.OTHER, now.icmpErrors());
        }
    }

    private static final class Blind extends ForwardingEngine {
        Blind(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
            counters.observe(Stray.DUPLICATE, Stray.LATE, Stray.ALTERED, Stray.WRONG_SOURCE, Stray.UNMATCHED);
        }
    }

    private static final class Warning extends ForwardingEngine {
        private boolean warned;

        Warning(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
        }

        @Override
        EchoOutcome outcome(PendingEcho pending, EchoOutcome outcome) {
            if (!warned && outcome instanceof EchoOutcome.TimedOut) {
                warned = true;
                LOGGER.warn("{} timed out", pending.request());
            }
            return outcome;
        }
    }

    private static final class Alarming extends Wire {
        Alarming(SimulatedNetwork network, EchoCounters counters) {
            super(network, counters);
        }

        @Override
        byte[] back(Answer answer, byte[] packet, long nanos) {
            if (!answer.isValid()) {
                LOGGER.error("a packet of {} bytes has a wrong checksum", packet.length);
            }
            return packet;
        }
    }
}
