// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.EchoRequesterProvider;

/**
 * {@code simulated}: no packet leaves the process, and only a test makes time pass. Used only by name or as a provider
 * object.
 */
public final class SimulatedProvider implements EchoRequesterProvider {
    private static final int ONLY_BY_NAME = -1;

    /** Constructs the provider. */
    public SimulatedProvider() {}

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public int priority() {
        return ONLY_BY_NAME;
    }

    @Override
    public Availability availability() {
        return Availability.available();
    }

    @Override
    public EchoEngine open(EchoConfig config) throws EchoUnavailableException {
        SimulatedNetwork network = config.option(SimulatedOptions.NETWORK)
                .orElseThrow(() -> new EchoUnavailableException("the provider simulated was not given a network"
                        + " (remedy: add .option(SimulatedOptions.NETWORK, network) to the builder)"));
        return network.open(config, network.behind());
    }
}
