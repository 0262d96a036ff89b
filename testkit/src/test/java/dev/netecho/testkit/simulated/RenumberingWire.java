// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.Stray;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests leave with other identifiers and sequence numbers than the engine gave them. */
abstract class RenumberingWire extends Wire {
    private final Map<Integer, Integer> engines = new HashMap<>();

    RenumberingWire(SimulatedNetwork network, EchoCounters counters) {
        super(network, counters);
    }

    /** {@return identifier and sequence number on the wire} */
    abstract int number(Sent sent);

    @Override
    byte[] out(Sent sent, byte[] packet) {
        int number = number(sent);
        engines.put(number, sent.number());
        return number == sent.number() ? packet : withNumber(sent.packet(), number);
    }

    /** Whose number it is shows when the packet arrives, and not when its network plans that. */
    @Override
    void back(byte[] packet, long nanos, PacketSink engine) {
        clock.arrival(nanos, () -> super.back(packet, nanos, engine));
    }

    @Override
    byte @Nullable [] back(Answer answer, byte[] packet, long nanos) {
        if (!answer.namesRequest()) {
            return packet;
        }
        Integer number = engines.get(answer.number());
        if (number == null) {
            // The engine may have such a number, but nobody has sent it.
            counters.count(Stray.UNMATCHED);
            return null;
        }
        return number == answer.number() ? packet : answer.withNumber(number);
    }
}
