// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoOutcome;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import dev.netecho.testkit.wire.EchoPacket;
import dev.netecho.testkit.wire.PacketBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is between an engine and its network. It sees each packet that is sent and each that comes back, and may change,
 * delay, repeat, invent or drop them; and it is told of each request, so that it knows whose packet it has.
 */
class Wire implements PacketNetwork {
    /** Makes the wire of one engine. */
    interface Maker {
        Wire of(SimulatedNetwork network, EchoCounters counters);
    }

    /**
     * A request that was sent.
     *
     * @param packet as the engine made it
     * @param pending whose it is
     * @param nanos when
     */
    record Sent(EchoPacket packet, PendingEcho pending, long nanos) {
        long deadline() {
            return nanos + pending.request().timeoutNanos();
        }

        boolean carriesToken() {
            return pending.request().payload().carriesToken();
        }

        int number() {
            return packet.identifier() << 16 | packet.sequence();
        }
    }

    final SimulatedNetwork network;
    final SimulatedClock clock;
    final EchoCounters counters;
    private final Map<Integer, Sent> numbers = new HashMap<>();
    private @Nullable PendingEcho sending;

    Wire(SimulatedNetwork network, EchoCounters counters) {
        this.network = network;
        this.clock = network.clock();
        this.counters = counters;
    }

    /** {@return a maker of engines on such wires} */
    static BrokenHarness.EngineMaker under(Maker maker) {
        return (network, config) -> {
            Wire wire = maker.of(network, config.counters());
            return wire.engine(config);
        };
    }

    private EchoEngine engine(EchoConfig config) {
        return new ForwardingEngine(network.open(config, this)) {
            @Override
            public void submit(PendingEcho pending) {
                submitted(pending);
                super.submit(pending);
            }

            @Override
            void sent(PendingEcho pending) {
                sending = pending; // its packet comes next, on this thread
            }

            @Override
            EchoOutcome outcome(PendingEcho pending, EchoOutcome outcome) {
                return Wire.this.outcome(pending, outcome);
            }
        };
    }

    /** The engine is about to be given a request. */
    void submitted(PendingEcho pending) {}

    /** {@return the outcome of a request, instead of the one that the engine gave it} */
    EchoOutcome outcome(PendingEcho pending, EchoOutcome outcome) {
        return outcome;
    }

    /** {@return what is sent instead of a packet} */
    byte[] out(Sent sent, byte[] packet) {
        return packet;
    }

    /** A packet comes back. */
    void back(byte[] packet, long nanos, PacketSink engine) {
        Answer answer = Answer.of(packet);
        byte[] changed = answer == null ? packet : back(answer, packet, nanos);
        if (changed != null) {
            engine.at(nanos, changed);
        }
    }

    /** {@return what arrives instead of a packet; null for nothing} */
    byte @Nullable [] back(Answer answer, byte[] packet, long nanos) {
        return packet;
    }

    @Override
    public void receive(byte[] packet, int largestFragment, long nanos, PacketSink engine) {
        EchoPacket echo = Objects.requireNonNull(EchoPacket.of(packet.clone()));
        Sent sent = new Sent(echo, Objects.requireNonNull(sending), nanos);
        numbers.put(sent.number(), sent);
        byte[] out = out(sent, packet);
        network.behind()
                .receive(
                        out,
                        Math.min(largestFragment, out.length),
                        nanos,
                        (arrival, answer) -> back(answer, arrival, engine));
        afterwards(sent, packet, engine);
    }

    /** A packet has been sent. */
    void afterwards(Sent sent, byte[] packet, PacketSink engine) {}

    /** {@return the last request that had the number which an answer names; null if none had} */
    @Nullable
    Sent asked(Answer answer) {
        return answer.namesRequest() ? numbers.get(answer.number()) : null;
    }

    /** {@return the request with other data} */
    static byte[] withData(EchoPacket echo, byte[] data) {
        return new PacketBuilder(echo.version(), echo.source(), echo.destination())
                .hopLimit(echo.hopLimit())
                .trafficClass(echo.trafficClass())
                .dontFragment(echo.ipv4() && echo.dontFragment())
                .type(echo.version().echoRequestType())
                .echo(echo.identifier(), echo.sequence())
                .body(data)
                .build();
    }

    /** {@return the request with another identifier and sequence number} */
    static byte[] withNumber(EchoPacket echo, int number) {
        return new PacketBuilder(echo.version(), echo.source(), echo.destination())
                .hopLimit(echo.hopLimit())
                .trafficClass(echo.trafficClass())
                .dontFragment(echo.ipv4() && echo.dontFragment())
                .type(echo.version().echoRequestType())
                .rest(number)
                .body(echo.data())
                .build();
    }
}
