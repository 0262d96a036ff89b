// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.testkit.Limit;
import dev.netecho.testkit.SimulatedHarness;
import java.time.Duration;
import java.util.Map;

/** The harness of a backend that is {@code simulated} but for one defect; without one, it keeps the whole contract. */
class BrokenHarness extends SimulatedHarness {
    /** Makes engines. */
    interface EngineMaker {
        EchoEngine open(SimulatedNetwork network, EchoConfig config);
    }

    /** Puts something in front of an engine. */
    interface EngineWrapper {
        EchoEngine around(EchoEngine engine, SimulatedNetwork network, EchoCounters counters);
    }

    /** Puts something in front of a requester. */
    interface RequesterMaker {
        EchoRequester around(EchoRequester requester);
    }

    private static final int LESS = 50;
    private static final int LEAST = 60;

    private EngineMaker engine = (network, config) -> network.open(config, network.behind());
    private RequesterMaker requester = opened -> opened;
    private int inFull = -1;
    private Map<Limit, String> limits = Map.of();

    BrokenHarness() {}

    BrokenHarness(EngineMaker engine) {
        this.engine = engine;
    }

    BrokenHarness(EngineWrapper wrapper) {
        this(around(wrapper));
    }

    BrokenHarness(RequesterMaker requester) {
        this.requester = requester;
    }

    /** A harness that takes as much for punctual as one of a busy machine does. */
    BrokenHarness(EngineWrapper wrapper, Duration tolerance) {
        super(tolerance);
        this.engine = around(wrapper);
    }

    private static EngineMaker around(EngineWrapper wrapper) {
        return (network, config) -> wrapper.around(network.open(config, network.behind()), network, config.counters());
    }

    /** {@return this, for a defect that shows only where the usual number of requests is made} */
    BrokenHarness inFull(int usual) {
        inFull = usual;
        return this;
    }

    /** {@return this, for a defect that may hold what is over: the rule about dropped requesters is left out} */
    BrokenHarness withoutCollection(String why) {
        limits = Map.of(Limit.NO_COLLECTION, why);
        return this;
    }

    /** Gives back what the defect left behind. */
    void dispose() {}

    @Override
    public EchoRequesterProvider newProvider() {
        return new Provider();
    }

    @Override
    public EchoRequester open(EchoRequester.Builder builder) throws EchoUnavailableException {
        return requester.around(super.open(builder));
    }

    @Override
    public Map<Limit, String> limits() {
        return limits;
    }

    @Override
    public EchoRequesterProvider unavailableProvider() {
        return new Provider() {
            @Override
            public Availability availability() {
                return Availability.unavailable("the simulated host was switched off", "switch it on again", null);
            }
        };
    }

    @Override
    public int bulk(int usual) {
        return usual == inFull ? usual : Math.max(usual / LESS, LEAST);
    }

    @Override
    public Duration cleaningUp() {
        return Duration.ofMillis(100);
    }

    /** {@code simulated} with the engine of this harness. */
    class Provider implements EchoRequesterProvider {
        @Override
        public String name() {
            return "simulated";
        }

        @Override
        public int priority() {
            return -1;
        }

        @Override
        public Availability availability() {
            return Availability.available();
        }

        @Override
        public EchoEngine open(EchoConfig config) throws EchoUnavailableException {
            SimulatedNetwork network = config.option(SimulatedOptions.NETWORK)
                    .orElseThrow(() -> new EchoUnavailableException("there is no network"));
            return engine.open(network, config);
        }
    }
}
