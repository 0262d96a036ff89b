// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import dev.netecho.testkit.simulated.PacketNetwork;
import dev.netecho.testkit.simulated.SimulatedClock;
import dev.netecho.testkit.simulated.SimulatedNetwork;
import org.jspecify.annotations.Nullable;

/**
 * The lab without a device, without privileges and in virtual time, for requesters of the provider {@code simulated}.
 * Its addresses do the same. Thread-safe.
 */
public final class SimulatedLab implements PacketNetwork {
    private final WireLog log = new WireLog();
    private final Outbox outbox = new Outbox(new Post() {
        @Override
        public void now(byte[] packet) {
            at(nowNanos, packet);
        }

        @Override
        public void at(long dueNanos, byte[] packet) {
            if (answers != null) {
                answers.at(dueNanos, packet);
            }
        }
    });
    private @Nullable PacketSink answers;
    private long nowNanos;

    /** Constructs a lab that has received nothing yet. */
    public SimulatedLab() {}

    /** {@return a network of this lab alone, whose host has the addresses and routes that the real lab gives it} */
    public SimulatedNetwork newNetwork() {
        return newNetwork(new SimulatedClock());
    }

    /**
     * {@return another network of this lab, for another host on the same clock}
     *
     * @param clock the clock
     */
    public SimulatedNetwork newNetwork(SimulatedClock clock) {
        return new SimulatedNetwork(this, clock)
                .defaultSources(Lab.ipv4Source(1), Lab.ipv6Source(1))
                .ownAddresses(LabAddress::isSource)
                .routes(LabAddress::isInside);
    }

    /** {@return what the lab has received; its times are those of the simulated clock} */
    public WireLog wire() {
        return log;
    }

    /** Forgets what was received: the next request to an address is its first again, and {@link #wire} is empty. */
    public void reset() {
        outbox.forget();
        log.clear();
    }

    @Override
    public synchronized void receive(byte[] packet, int largestFragment, long nanos, PacketSink back) {
        int fragments = (packet.length + largestFragment - 1) / largestFragment;
        ReceivedEcho echo = ReceivedEcho.of(new Arrival(packet, fragments, largestFragment), nanos);
        if (echo == null) {
            log.addOther(packet);
            return;
        }
        log.add(echo);
        answers = back;
        nowNanos = nanos;
        outbox.answering(echo);
        LabPlan.rowOf(echo.number()).answer(echo, outbox);
    }
}
