// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.Stray;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Backends that break the rules MAT-1 to MAT-5. */
final class BrokenMatching {
    private BrokenMatching() {}

    static List<Defect> defects() {
        AtomicInteger requesters = new AtomicInteger();
        return List.of(
                Defect.ofAnswers(
                        "MAT-1",
                        "takes a reply from anybody",
                        (asked, answer, packet) -> answer.isReply()
                                ? answer.withSource(asked.packet().destination())
                                : packet),
                Defect.ofAnswers(
                        "MAT-1",
                        "leaves the checksum to the network card",
                        (asked, answer, packet) -> answer.corrected()),
                Defect.ofAnswers(
                        "MAT-1",
                        "does not look at the code of a reply",
                        (asked, answer, packet) -> answer.isReply() ? answer.withType(answer.type(), 0) : packet),
                Defect.ofWire("MAT-1", "takes replies with another identifier for its own", AnyIdentifier::new),
                Defect.ofAnswers(
                        "MAT-2",
                        "compares no more than the token",
                        (asked, answer, packet) -> asked.carriesToken() && answer.isReply() && hasToken(asked, answer)
                                ? answer.withData(asked.packet().data())
                                : packet),
                Defect.ofAnswers(
                        "MAT-2",
                        "takes any data for an explicit payload",
                        (asked, answer, packet) -> !asked.carriesToken() && answer.isReply()
                                ? answer.withData(asked.packet().data())
                                : packet),
                Defect.ofAnswers(
                        "MAT-2",
                        "does without the token",
                        (asked, answer, packet) ->
                                asked.carriesToken() && answer.isReply() && answer.data().length >= Long.BYTES
                                        ? answer.withData(tokenOf(asked, answer.data()))
                                        : packet),
                Defect.ofWire("MAT-3", "gives a number without a token to the next one at once", Hasty::new),
                Defect.ofWire("MAT-3", "gives a number without a token away again after 2 s", Restless::new),
                Defect.ofLongWire(
                        70_000,
                        "MAT-3",
                        "reads sequence numbers, which are positive up to 32,767, as signed",
                        Signed::new),
                Defect.ofWire("MAT-4", "looks an unknown ICMP type up in a table that is too short", Tabular::new),
                Defect.ofWire("MAT-4", "does not count duplicates", Once::new),
                Defect.ofWire("MAT-5", "takes the process id for identifier, as ping did", identifying(() ->
                        (int) (ProcessHandle.current().pid() & 0xffff))),
                Defect.ofWire(
                        "MAT-5",
                        "numbers its requesters, and takes the number for identifier",
                        identifying(() -> requesters.incrementAndGet() & 0x7fff)));
    }

    private static boolean hasToken(Wire.Sent asked, Answer answer) {
        byte[] data = answer.data();
        return data.length >= Long.BYTES
                && Arrays.equals(data, 0, Long.BYTES, asked.packet().data(), 0, Long.BYTES);
    }

    private static byte[] tokenOf(Wire.Sent asked, byte[] data) {
        return ByteBuffer.wrap(data)
                .put(0, asked.packet().data(), 0, Long.BYTES)
                .array();
    }

    /** Has its first identifier from elsewhere. */
    private static Wire.Maker identifying(IntSupplier first) {
        return (network, counters) -> new RenumberingWire(network, counters) {
            private final int identifier = first.getAsInt();
            private final Map<Integer, Integer> identifiers = new HashMap<>();

            @Override
            int number(Sent sent) {
                Integer mine = identifiers.computeIfAbsent(
                        sent.packet().identifier(), engines -> identifier + identifiers.size());
                return mine << 16 | sent.packet().sequence();
            }
        };
    }

    private static final class AnyIdentifier extends Wire {
        private int first = -1;

        AnyIdentifier(SimulatedNetwork network, EchoCounters counters) {
            super(network, counters);
        }

        @Override
        byte[] out(Sent sent, byte[] packet) {
            first = first < 0 ? sent.packet().identifier() : first;
            return packet;
        }

        @Override
        byte[] back(Answer answer, byte[] packet, long nanos) {
            return answer.isReply() && asked(answer) == null
                    ? answer.withNumber(first << 16 | (answer.number() & 0xffff))
                    : packet;
        }
    }

    private static final class Hasty extends RenumberingWire {
        private @Nullable Sent last;
        private int number;

        Hasty(SimulatedNetwork network, EchoCounters counters) {
            super(network, counters);
        }

        @Override
        int number(Sent sent) {
            if (sent.carriesToken()) {
                return sent.number();
            }
            if (last == null || !last.pending().isDone()) {
                number = sent.number();
            }
            last = sent;
            return number;
        }
    }

    private static final class Restless extends RenumberingWire {
        private static final long REST_NANOS = Duration.ofSeconds(2).toNanos();

        private final Map<Integer, Sent> users = new HashMap<>();

        Restless(SimulatedNetwork network, EchoCounters counters) {
            super(network, counters);
        }

        @Override
        int number(Sent sent) {
            if (sent.carriesToken()) {
                return sent.number();
            }
            int number = users.entrySet().stream()
                    .filter(each -> hasRested(each.getValue(), sent.nanos()))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(sent.number());
            users.put(number, sent);
            return number;
        }

        private static boolean hasRested(Sent user, long now) {
            return user.pending().isDone() && now - user.nanos() > REST_NANOS;
        }
    }

    private static final class Signed extends Wire {
        Signed(SimulatedNetwork network, EchoCounters counters) {
            super(network, counters);
        }

        @Override
        byte @Nullable [] back(Answer answer, byte[] packet, long nanos) {
            if (answer.namesRequest() && (short) answer.number() < 0) {
                counters.count(Stray.UNMATCHED);
                return null;
            }
            return packet;
        }
    }

    private static final class Tabular extends Wire {
        private final int[] seen = new int[200];

        Tabular(SimulatedNetwork network, EchoCounters counters) {
            super(network, counters);
        }

        @Override
        byte @Nullable [] back(Answer answer, byte[] packet, long nanos) {
            if (answer.type() < seen.length) {
                return packet;
            }
            clock.arrival(nanos, () -> seen[answer.type()]++);
            return null;
        }
    }

    /** Takes each answer once. */
    private static final class Once extends Wire {
        private final Set<ByteBuffer> seen = new HashSet<>();

        Once(SimulatedNetwork network, EchoCounters counters) {
            super(network, counters);
        }

        @Override
        byte @Nullable [] back(Answer answer, byte[] packet, long nanos) {
            return !answer.isReply() || seen.add(ByteBuffer.wrap(packet)) ? packet : null;
        }
    }
}
