// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoOption;

/** The options of the provider {@code simulated}. */
public final class SimulatedOptions {
    /** The network to send into; required. */
    public static final EchoOption<SimulatedNetwork> NETWORK =
            EchoOption.of("simulated.network", SimulatedNetwork.class);

    private SimulatedOptions() {}
}
