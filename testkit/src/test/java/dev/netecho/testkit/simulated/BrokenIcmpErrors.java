// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.IcmpErrorKind;
import dev.netecho.IcmpExtension;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.packet.IcmpTypes;
import dev.netecho.packet.QuotedEcho;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** Backends that break the rules ERR-1 to ERR-6. */
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
                                error.roundTripUncertainty(),
                                error.extensions())),
                changing(
                        "does not measure how long an error took",
                        (request, error) -> new EchoOutcome.IcmpError(
                                error.responder(),
                                error.kind(),
                                error.type(),
                                error.code(),
                                error.nextHopMtu(),
                                Duration.ZERO,
                                error.roundTripUncertainty(),
                                error.extensions())),
                changing(
                        "keeps the next-hop MTU to itself",
                        (request, error) -> new EchoOutcome.IcmpError(
                                error.responder(),
                                error.kind(),
                                error.type(),
                                error.code(),
                                OptionalInt.empty(),
                                error.roundTripTime(),
                                error.roundTripUncertainty(),
                                error.extensions())),
                Defect.ofAnswers(
                        "ERR-1",
                        "does not look at the quoted destination",
                        (asked, answer, packet) -> answer.isError()
                                ? answer.withQuotedDestination(asked.packet().destination())
                                : packet),
                Defect.ofAnswers("ERR-1", "wants more quoted than RFC 792 asks for", (asked, answer, packet) -> {
                    QuotedEcho quote = answer.quote();
                    return quote == null || quote.tokenPresent() ? packet : answer.aboutAnother();
                }),
                Defect.ofAnswers(
                        "ERR-2",
                        "ends a request with a redirect",
                        failing(answer -> IcmpTypes.isRedirect(answer.version(), answer.type()))),
                Defect.ofAnswers(
                        "ERR-2",
                        "ends a request with a source quench",
                        failing(answer ->
                                answer.type() == IcmpTypes.V4_SOURCE_QUENCH && answer.version() == IpVersion.V4)),
                Defect.around(
                        "ERR-3",
                        "reads 16 errors at a time, and takes the next one for the failure of a send",
                        Foreign::new),
                Defect.ofWire("ERR-4", "waits 30 ms for something better than an error", Hopeful::new),
                Defect.ofWire("ERR-4", "does not know an error's request any more once it has ended", Forgetting::new),
                Defect.aroundMany(2_000, "ERR-5", "gives up after 1,000 errors", Overwhelmed::new),
                Defect.ofOutcomes(
                        "ERR-6",
                        "keeps the labels of a router to itself",
                        (request, outcome) ->
                                outcome instanceof EchoOutcome.IcmpError error ? with(error, List.of()) : outcome),
                Defect.ofOutcomes(
                        "ERR-6",
                        "reads only the outermost label",
                        (request, outcome) -> outcome instanceof EchoOutcome.IcmpError error
                                ? with(error, outermost(error.extensions()))
                                : outcome),
                Defect.ofAnswers(
                        "ERR-6",
                        "believes extensions whatever their checksum",
                        (asked, answer, packet) -> answer.isError() ? answer.withExtensionChecksum() : packet));
    }

    /** Takes more messages for "host unreachable". */
    private static Defect.Answers failing(Predicate<Answer> which) {
        return (asked, answer, packet) ->
                which.test(answer) ? answer.withType(IcmpTypes.V4_DESTINATION_UNREACHABLE, 1) : packet;
    }

    private static EchoOutcome.IcmpError of(EchoOutcome.IcmpError error, IcmpErrorKind kind) {
        return new EchoOutcome.IcmpError(
                error.responder(),
                kind,
                error.type(),
                error.code(),
                error.nextHopMtu(),
                error.roundTripTime(),
                error.roundTripUncertainty(),
                error.extensions());
    }

    private static EchoOutcome.IcmpError with(EchoOutcome.IcmpError error, List<IcmpExtension> extensions) {
        return new EchoOutcome.IcmpError(
                error.responder(),
                error.kind(),
                error.type(),
                error.code(),
                error.nextHopMtu(),
                error.roundTripTime(),
                error.roundTripUncertainty(),
                extensions);
    }

    private static List<IcmpExtension> outermost(List<IcmpExtension> extensions) {
        return extensions.stream()
                .map(each ->
                        new IcmpExtension(each.classNumber(), each.type(), Arrays.copyOf(each.data(), Integer.BYTES)))
                .toList();
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

    private static final class Hopeful extends Wire {
        private static final long PATIENCE_NANOS = Duration.ofMillis(30).toNanos();

        Hopeful(SimulatedNetwork network, EchoCounters counters) {
            super(network, counters);
        }

        private static boolean isHopeless(IpVersion version, int type) {
            return version == IpVersion.V4
                    ? type == IcmpTypes.V4_DESTINATION_UNREACHABLE || type == IcmpTypes.V4_TIME_EXCEEDED
                    : type == IcmpTypes.V6_DESTINATION_UNREACHABLE || type == IcmpTypes.V6_TIME_EXCEEDED;
        }

        @Override
        void back(byte[] packet, long nanos, PacketSink engine) {
            Answer answer = Answer.of(packet);
            boolean waits = answer != null && isHopeless(answer.version(), answer.type());
            engine.at(waits ? nanos + PATIENCE_NANOS : nanos, packet);
        }

        @Override
        EchoOutcome outcome(PendingEcho pending, EchoOutcome outcome) {
            if (!(outcome instanceof EchoOutcome.IcmpError error)
                    || !isHopeless(pending.request().version(), error.type().orElseThrow())) {
                return outcome;
            }
            return new EchoOutcome.IcmpError(
                    error.responder(),
                    error.kind(),
                    error.type(),
                    error.code(),
                    error.nextHopMtu(),
                    Duration.ofNanos(Math.max(1, error.roundTripTime().toNanos() - PATIENCE_NANOS)),
                    error.roundTripUncertainty(),
                    error.extensions());
        }
    }

    private static final class Forgetting extends Wire {
        private final Set<Integer> ended = new HashSet<>();

        Forgetting(SimulatedNetwork network, EchoCounters counters) {
            super(network, counters);
        }

        @Override
        byte[] back(Answer answer, byte[] packet, long nanos) {
            Sent asked = asked(answer);
            if (asked == null || !answer.isError()) {
                return packet;
            }
            boolean over = !ended.add(asked.number()) || nanos > asked.deadline();
            return over ? answer.aboutAnother() : packet;
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
