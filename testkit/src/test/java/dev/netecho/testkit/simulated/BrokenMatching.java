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
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Backends that break the rules MAT-1 to MAT-5. */
final class BrokenMatching {
    private BrokenMatching() {}

    static List<Defect> defects() {
        AtomicInteger requesters = new AtomicInteger();
        return List.of(
                Defect.ofMatcher("MAT-1", "takes a reply from anybody", engine -> new Matcher(engine) {
                    @Override
                    boolean isFromDestination(Slot slot, byte[] source) {
                        return true;
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
                Defect.ofEngine("MAT-1", "takes replies with another identifier for its own", AnyIdentifier::new),
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
                    long token(Slot slot, ByteBuffer view, int data, int length) {
                        return slot.start;
                    }
                }),
                Defect.ofEngine("MAT-3", "gives a number without a token to the next one at once", Hasty::new),
                Defect.ofEngine("MAT-3", "gives a number without a token away again after 2 s", Restless::new),
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
                Defect.ofEngine("MAT-5", "takes the process id for identifier, as ping did", identifying(random ->
                        (int) (ProcessHandle.current().pid() & 0xffff))),
                Defect.ofEngine(
                        "MAT-5",
                        "numbers its requesters, and takes the number for identifier",
                        identifying(random -> requesters.incrementAndGet() & 0x7fff)));
    }

    private interface Identifiers {
        int first(SecureRandom random);
    }

    private static BrokenHarness.EngineMaker identifying(Identifiers identifiers) {
        return (network, name, counters) -> new SimulatedEngine(network, name, counters) {
            @Override
            int firstIdentifier(SecureRandom random) {
                return identifiers.first(random);
            }
        };
    }

    private static final class AnyIdentifier extends SimulatedEngine {
        private int first; // set while the constructor of the engine runs

        AnyIdentifier(SimulatedNetwork network, String name, EchoCounters counters) {
            super(network, name, counters);
        }

        @Override
        int firstIdentifier(SecureRandom random) {
            first = super.firstIdentifier(random);
            return first;
        }

        @Override
        Matcher newMatcher() {
            return new Matcher(this) {
                @Override
                void acceptReply(ByteBuffer view, int offset, int length, byte[] source, int hopLimit, long arrival) {
                    if (key(IcmpEcho.identifier(view, offset), 0) < 0) {
                        view.putShort(offset + IcmpEcho.IDENTIFIER_OFFSET, (short) first);
                    }
                    super.acceptReply(view, offset, length, source, hopLimit, arrival);
                }
            };
        }
    }

    private static final class Hasty extends SimulatedEngine {
        private final HastySlots hasty;

        Hasty(SimulatedNetwork network, String name, EchoCounters counters) {
            super(network, name, counters);
            hasty = (HastySlots) slots;
        }

        @Override
        Slots newSlots() {
            return new HastySlots();
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
    private static final class Restless extends SimulatedEngine {
        private static final long REST_NANOS = Duration.ofSeconds(2).toNanos();

        Restless(SimulatedNetwork network, String name, EchoCounters counters) {
            super(network, name, counters);
        }

        @Override
        Slots newSlots() {
            return new Slots() {
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
            };
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
