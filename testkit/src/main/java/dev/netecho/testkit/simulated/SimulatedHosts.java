// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.testkit.wire.EchoPacket;
import java.net.InetAddress;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A network of hosts, each with a script; an address without one is silent. Thread-safe: hosts may be changed at any
 * time, with effect from the next request on.
 */
public final class SimulatedHosts implements PacketNetwork {
    private final Map<InetAddress, SimulatedHost> hosts = new ConcurrentHashMap<>();
    private final Map<InetAddress, Long> numbers = new ConcurrentHashMap<>();
    private volatile Function<InetAddress, SimulatedHost> others = address -> SimulatedHost.silent();

    /** Constructs a network in which every address is silent. */
    public SimulatedHosts() {}

    /**
     * Sets what one host does from now on.
     *
     * @param address its address
     * @param host what it does
     * @return this
     */
    public SimulatedHosts put(InetAddress address, SimulatedHost host) {
        hosts.put(Objects.requireNonNull(address, "address"), Objects.requireNonNull(host, "host"));
        return this;
    }

    /**
     * Sets what every address does that has no host from {@link #put}.
     *
     * @param function finds the script of an address; called once per request
     * @return this
     */
    public SimulatedHosts others(Function<InetAddress, SimulatedHost> function) {
        this.others = Objects.requireNonNull(function, "function");
        return this;
    }

    @Override
    public void receive(byte[] packet, int largestFragment, long nanos, PacketSink answers) {
        EchoPacket echo = EchoPacket.of(packet);
        if (echo == null) {
            return;
        }
        InetAddress destination = Matcher.address(echo.destination());
        SimulatedHost host = hosts.get(destination);
        if (host == null) {
            host = others.apply(destination);
        }
        long number = numbers.merge(destination, 1L, Long::sum);
        host.answer(new SimulatedEcho(echo, number, nanos, answers));
    }
}
