// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import dev.netecho.EchoCapability;
import dev.netecho.EchoRequester;
import dev.netecho.IpVersion;
import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.testkit.lab.SimulatedLab;
import dev.netecho.testkit.lab.WireLog;
import dev.netecho.testkit.simulated.SimulatedNetwork;
import dev.netecho.testkit.simulated.SimulatedOptions;
import dev.netecho.testkit.simulated.SimulatedProvider;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The harness of {@code simulated} over the simulated lab; an example for other harnesses. */
public class SimulatedHarness extends ContractHarness {
    private static final int SMALL_BUFFER = 100;

    private final SimulatedLab lab = new SimulatedLab();
    private final SimulatedNetwork network = lab.newNetwork();
    private final SimulatedTime time;

    /** Constructs a harness with its own network, in whose time nothing is late. */
    public SimulatedHarness() {
        this(Duration.ZERO);
    }

    /**
     * Constructs a harness with its own network.
     *
     * @param tolerance how late a time-out or an answer may be noticed, as on a busy machine
     */
    protected SimulatedHarness(Duration tolerance) {
        this.time = new SimulatedTime(network.clock(), tolerance);
    }

    /** {@return the network that its requesters send into} */
    protected SimulatedNetwork network() {
        return network;
    }

    @Override
    public EchoRequesterProvider newProvider() {
        return new SimulatedProvider();
    }

    @Override
    public EchoRequester.Builder newBuilder() {
        return newBuilder(network);
    }

    private EchoRequester.Builder newBuilder(SimulatedNetwork other) {
        return EchoRequester.newBuilder().provider(newProvider()).option(SimulatedOptions.NETWORK, other);
    }

    /** The simulated host has one interface without a name, and no rules that ask for a mark. */
    @Override
    public Set<EchoCapability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(EchoCapability.INTERFACE, EchoCapability.MARK));
    }

    @Override
    public Map<Limit, String> limits() {
        return Map.of(
                Limit.NO_DESCRIPTORS, "it has none",
                Limit.NO_UNAVAILABLE_HOST, "it needs nothing of its host");
    }

    @Override
    public ContractTime time() {
        return time;
    }

    @Override
    public WireLog wire() {
        return lab.wire();
    }

    @Override
    public void reset() {
        lab.reset();
        network.receiveCapacity(Integer.MAX_VALUE);
    }

    @Override
    public EchoRequester.Builder withSmallReceiveBuffer(EchoRequester.Builder builder) {
        network.receiveCapacity(SMALL_BUFFER);
        return builder;
    }

    @Override
    public void fillSendQueue(boolean full) {
        network.sendQueueFull(full);
    }

    @Override
    public Runnable lendLoop(EchoRequester.Builder builder) {
        return network::shutDown;
    }

    @Override
    public EchoRequester.Builder newBuilderWithout(IpVersion missing) {
        return newBuilderWithout(EchoContract.pick(missing, EchoCapability.IPV4, EchoCapability.IPV6));
    }

    @Override
    public EchoRequester.Builder newBuilderWithout(EchoCapability missing) {
        return newBuilder(lab.newNetwork(network.clock()).without(missing));
    }
}
