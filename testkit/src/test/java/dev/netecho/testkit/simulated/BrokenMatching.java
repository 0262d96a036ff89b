// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.IpVersion;
import dev.netecho.engine.SlotState;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Backends that break the rules MAT-1 to MAT-5. */
final class BrokenMatching {
    private BrokenMatching() {}

    static List<Defect> defects() {
        AtomicInteger requesters = new AtomicInteger();
        return List.of(
                Defect.ofMatcher("MAT-1", "takes a reply from anybody", engine -> new Matcher(engine) {
                    @Override
                    void acceptReply(
                            ByteBuffer view, int offset, int length, byte[] source, int hopLimit, long arrival) {
                        Slot slot = engine.slot(IcmpEcho.identifier(view, offset), IcmpEcho.sequence(view, offset));
                        byte[] asked = slot == null
                                ? source
                                : slot.pending.request().destination().getAddress();
                        super.acceptReply(view, offset, length, asked, hopLimit, arrival);
                    }
                }),
                Defect.ofMatcher("MAT-1", "leaves the checksum to the network card", engine -> new Matcher(engine) {
                    @Override
                    boolean isChecksumValid(ByteBuffer view, boolean four, int header, int length) {
                        return true;
                    }
                }),
                Defect.ofMatcher("MAT-1", "does not look at the code of a reply", engine -> new Matcher(engine) {
                    @Override
                    boolean isReply(ByteBuffer view, int offset, int length, IpVersion version) {
                        return length >= IcmpEcho.HEADER_LENGTH
                                && IcmpEcho.type(view, offset) == version.echoReplyType();
                    }
                }),
                Defect.ofEngine("MAT-1", "takes replies with another identifier for its own", anyIdentifier()),
                Defect.ofMatcher("MAT-2", "compares no more than the token", engine -> new Matcher(engine) {
                    @Override
                    boolean isIntact(Slot slot, ByteBuffer view, int data, int length) {
                        return slot.carriesToken() || super.isIntact(slot, view, data, length);
                    }
                }),
                Defect.ofMatcher("MAT-2", "takes any data for an explicit payload", engine -> new Matcher(engine) {
                    @Override
                    boolean isIntact(Slot slot, ByteBuffer view, int data, int length) {
                        return !slot.carriesToken() || super.isIntact(slot, view, data, length);
                    }
                }),
                Defect.ofMatcher("MAT-2", "does without the token", engine -> new Matcher(engine) {
                    @Override
                    void acceptReply(
                            ByteBuffer view, int offset, int length, byte[] source, int hopLimit, long arrival) {
                        Slot slot = engine.slot(IcmpEcho.identifier(view, offset), IcmpEcho.sequence(view, offset));
                        int data = offset + IcmpEcho.HEADER_LENGTH;
                        if (slot != null && slot.carriesToken() && length >= IcmpEcho.HEADER_LENGTH + Long.BYTES) {
                            view.putLong(data, slot.start);
                        }
                        super.acceptReply(view, offset, length, source, hopLimit, arrival);
                    }
                }),
                Defect.ofEngine("MAT-3", "gives a number without a token to the next one at once", Hasty::new),
                Defect.ofEngine(
                        "MAT-3",
                        "gives a number without a token away again after 2 s",
                        (network, name, counters) -> new SimulatedEngine(
                                network, counters, new Restless(), Matcher::new, SimulatedEngine.firstIdentifier())),
                Defect.ofMany(
                        70_000,
                        "MAT-3",
                        "reads sequence numbers, which are positive up to 32,767, as signed",
                        Signed::new),
                Defect.ofMatcher("MAT-4", "looks an unknown ICMP type up in a table that is too short", Tabular::new),
                Defect.ofMatcher("MAT-4", "does not count duplicates", engine -> new Matcher(engine) {
                    @Override
                    void count(Stray stray) {
                        if (stray != Stray.DUPLICATE) {
                            super.count(stray);
                        }
                    }
                }),
                Defect.ofEngine("MAT-5", "takes the process id for identifier, as ping did", identifying(() ->
                        (int) (ProcessHandle.current().pid() & 0xffff))),
                Defect.ofEngine(
                        "MAT-5",
                        "numbers its requesters, and takes the number for identifier",
                        identifying(() -> requesters.incrementAndGet() & 0x7fff)));
    }

    private static BrokenHarness.EngineMaker identifying(IntSupplier first) {
        return (network, name, counters) ->
                new SimulatedEngine(network, counters, new Slots(), Matcher::new, first.getAsInt());
    }

    /** Takes every reply for one with its own identifier. */
    private static BrokenHarness.EngineMaker anyIdentifier() {
        return (network, name, counters) -> {
            int first = SimulatedEngine.firstIdentifier();
            return new SimulatedEngine(
                    network,
                    counters,
                    new Slots(),
                    engine -> new Matcher(engine) {
                        @Override
                        void acceptReply(
                                ByteBuffer view, int offset, int length, byte[] source, int hopLimit, long arrival) {
                            if (engine.key(IcmpEcho.identifier(view, offset), 0) < 0) {
                                view.putShort(offset + IcmpEcho.IDENTIFIER_OFFSET, (short) first);
                            }
                            super.acceptReply(view, offset, length, source, hopLimit, arrival);
                        }
                    },
                    first);
        };
    }

    private static final class Hasty extends SimulatedEngine {
        private final HastySlots hasty;

        Hasty(SimulatedNetwork network, String name, EchoCounters counters) {
            this(network, counters, new HastySlots());
        }

        private Hasty(SimulatedNetwork network, EchoCounters counters, HastySlots slots) {
            super(network, counters, slots, Matcher::new, firstIdentifier());
            this.hasty = slots;
        }

        @Override
        void send(PendingEcho pending) {
            hasty.tokenless = !pending.request().payload().carriesToken();
            super.send(pending);
        }
    }

    private static final class HastySlots extends Slots {
        private boolean tokenless;
        private int last = -1;

        @Override
        int freeKey(long now) {
            if (!tokenless) {
                return super.freeKey(now);
            }
            Slot slot = get(last);
            if (slot == null || slot.state == SlotState.SENT) {
                last = super.freeKey(now);
            }
            return last;
        }
    }

    /** Takes the lowest number that nobody had in the last two seconds. */
    private static final class Restless extends Slots {
        private static final long REST_NANOS = Duration.ofSeconds(2).toNanos();

        @Override
        int freeKey(long now) {
            for (int key = 0; key < 1 << 16; key++) {
                Slot slot = get(key);
                if (slot == null || (slot.state != SlotState.SENT && now - slot.endedNanos > REST_NANOS)) {
                    return key;
                }
            }
            return super.freeKey(now);
        }
    }

    private static final class Signed extends SimulatedEngine {
        Signed(SimulatedNetwork network, String name, EchoCounters counters) {
            super(network, name, counters);
        }

        @Override
        @Nullable
        Slot slot(int identifier, int sequence) {
            return super.slot(identifier, (short) sequence);
        }
    }

    private static final class Tabular extends Matcher {
        private final int[] seen = new int[200];

        Tabular(SimulatedEngine engine) {
            super(engine);
        }

        @Override
        boolean isReply(ByteBuffer view, int offset, int length, IpVersion version) {
            if (length > 0) {
                seen[IcmpEcho.type(view, offset)]++;
            }
            return super.isReply(view, offset, length, version);
        }
    }
}
