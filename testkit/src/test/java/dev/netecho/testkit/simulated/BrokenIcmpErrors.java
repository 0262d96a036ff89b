// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.IcmpErrorKind;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.engine.SlotState;
import dev.netecho.packet.IcmpTypes;
import dev.netecho.packet.Ipv4Header;
import dev.netecho.packet.Ipv6Header;
import dev.netecho.packet.QuotedEcho;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;

/** Backends that break the rules ERR-1 to ERR-5. */
final class BrokenIcmpErrors {
    private BrokenIcmpErrors() {}

    static List<Defect> defects() {
        return List.of(
                changing(
                        "takes every \"time exceeded\" for that of the hop limit",
                        (request, error) -> error.kind() == IcmpErrorKind.REASSEMBLY_TIME_EXCEEDED
                                ? of(error, IcmpErrorKind.HOP_LIMIT_EXCEEDED)
                                : error),
                changing(
                        "says that the destination itself sent the error",
                        (request, error) -> new EchoOutcome.IcmpError(
                                request.destination(),
                                error.kind(),
                                error.type(),
                                error.code(),
                                error.nextHopMtu(),
                                error.roundTripTime(),
                                error.roundTripUncertainty())),
                changing(
                        "does not measure how long an error took",
                        (request, error) -> new EchoOutcome.IcmpError(
                                error.responder(),
                                error.kind(),
                                error.type(),
                                error.code(),
                                error.nextHopMtu(),
                                Duration.ZERO,
                                error.roundTripUncertainty())),
                changing(
                        "keeps the next-hop MTU to itself",
                        (request, error) -> new EchoOutcome.IcmpError(
                                error.responder(),
                                error.kind(),
                                error.type(),
                                error.code(),
                                OptionalInt.empty(),
                                error.roundTripTime(),
                                error.roundTripUncertainty())),
                Defect.ofMatcher("ERR-1", "does not look at the quoted destination", engine -> new Matcher(engine) {
                    @Override
                    boolean isToDestination(Slot slot, IpVersion version, QuotedEcho quoted) {
                        return true;
                    }
                }),
                Defect.ofMatcher("ERR-1", "wants more quoted than RFC 792 asks for", engine -> new Matcher(engine) {
                    @Override
                    boolean isToDestination(Slot slot, IpVersion version, QuotedEcho quoted) {
                        return quoted.tokenPresent() && super.isToDestination(slot, version, quoted);
                    }
                }),
                Defect.ofMatcher("ERR-2", "ends a request with a redirect", engine -> new Matcher(engine) {
                    @Override
                    boolean isNoFailure(IpVersion version, int type, IcmpErrorKind kind) {
                        return kind == IcmpErrorKind.SOURCE_QUENCH;
                    }
                }),
                Defect.ofMatcher("ERR-2", "ends a request with a source quench", engine -> new Matcher(engine) {
                    @Override
                    boolean isNoFailure(IpVersion version, int type, IcmpErrorKind kind) {
                        return IcmpTypes.isRedirect(version, type);
                    }
                }),
                Defect.around(
                        "ERR-3",
                        "reads 16 errors at a time, and takes the next one for the failure of a send",
                        Foreign::new),
                Defect.ofMatcher("ERR-4", "waits 30 ms for something better than an error", Hopeful::new),
                Defect.ofMatcher(
                        "ERR-4",
                        "does not know an error's request any more once it has ended",
                        engine -> new Matcher(engine) {
                            @Override
                            boolean isToDestination(Slot slot, IpVersion version, QuotedEcho quoted) {
                                return slot.state == SlotState.SENT && super.isToDestination(slot, version, quoted);
                            }
                        }),
                Defect.aroundMany(2_000, "ERR-5", "gives up after 1,000 errors", Overwhelmed::new));
    }

    private static EchoOutcome.IcmpError of(EchoOutcome.IcmpError error, IcmpErrorKind kind) {
        return new EchoOutcome.IcmpError(
                error.responder(),
                kind,
                error.type(),
                error.code(),
                error.nextHopMtu(),
                error.roundTripTime(),
                error.roundTripUncertainty());
    }

    private interface Change {
        EchoOutcome.IcmpError of(EchoRequest request, EchoOutcome.IcmpError error);
    }

    private static Defect changing(String does, Change change) {
        return Defect.ofOutcomes(
                "ERR-1",
                does,
                (request, outcome) ->
                        outcome instanceof EchoOutcome.IcmpError error ? change.of(request, error) : outcome);
    }

    /** What ip(7) says of IP_RECVERR: an error that nobody has read is the result of the next send. */
    private static final class Foreign extends ForwardingEngine {
        private static final int AT_A_TIME = 16;
        private static final int EHOSTUNREACH = 113;

        private final SimulatedClock clock;
        private final AtomicBoolean unread = new AtomicBoolean();
        private long instant = -1;
        private int read;

        Foreign(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
            this.clock = network.clock();
        }

        @Override
        EchoOutcome outcome(PendingEcho pending, EchoOutcome outcome) {
            if (outcome instanceof EchoOutcome.IcmpError) {
                read = clock.nanoTime() == instant ? read + 1 : 1;
                instant = clock.nanoTime();
                if (read > AT_A_TIME) {
                    unread.set(true);
                }
            }
            return outcome;
        }

        @Override
        public void submit(PendingEcho pending) {
            if (unread.getAndSet(false)) {
                EchoOutcome foreign = new EchoOutcome.NotSent(
                        NotSentReason.NO_ROUTE, "the system says: no route to host", OptionalInt.of(EHOSTUNREACH));
                clock.execute(() -> pending.complete(foreign));
            } else {
                super.submit(pending);
            }
        }
    }

    private static final class Hopeful extends Matcher {
        private static final long PATIENCE_NANOS = Duration.ofMillis(30).toNanos();

        Hopeful(SimulatedEngine engine) {
            super(engine);
        }

        @Override
        void accept(byte[] packet, long arrival) {
            ByteBuffer view = ByteBuffer.wrap(packet);
            int header = Ipv4Header.headerLength(view, 0, packet.length);
            boolean four = header != 0;
            if (!four) {
                header = Ipv6Header.headerLength(view, 0, packet.length);
            }
            int type = header < packet.length ? packet[header] & 0xff : 0;
            boolean error = four
                    ? type == IcmpTypes.V4_DESTINATION_UNREACHABLE || type == IcmpTypes.V4_TIME_EXCEEDED
                    : type == IcmpTypes.V6_DESTINATION_UNREACHABLE || type == IcmpTypes.V6_TIME_EXCEEDED;
            if (error) {
                engine.clock.deadline(
                        engine.clock.nanoTime() + PATIENCE_NANOS,
                        () -> engine.step(() -> super.accept(packet, arrival)));
            } else {
                super.accept(packet, arrival);
            }
        }
    }

    private static final class Overwhelmed extends ForwardingEngine {
        private static final int BEARABLE = 1_000;
        private static final int ENOBUFS = 105;

        private int errors;

        Overwhelmed(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
        }

        @Override
        EchoOutcome outcome(PendingEcho pending, EchoOutcome outcome) {
            return outcome instanceof EchoOutcome.IcmpError && ++errors > BEARABLE
                    ? new EchoOutcome.NotSent(NotSentReason.OS_ERROR, "too many ICMP errors", OptionalInt.of(ENOBUFS))
                    : outcome;
        }
    }
}
