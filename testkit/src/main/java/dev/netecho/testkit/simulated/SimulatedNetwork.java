// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoCapability;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * A host, its interface and the network behind it, on a clock that only a test advances. It runs hours of monitoring in
 * milliseconds, without privileges, packets or waiting.
 *
 * <pre>{@code
 * SimulatedHosts hosts = new SimulatedHosts().put(router, SimulatedHost.up(Duration.ofMillis(3)));
 * SimulatedNetwork network = new SimulatedNetwork(hosts);
 * try (EchoRequester requester = network.newRequesterBuilder().open()) {
 *     CompletableFuture<EchoOutcome> outcome = requester.sendAsync(EchoRequest.to(router));
 *     network.clock().advance(Duration.ofMillis(3));
 *     assert outcome.join().isReply();
 * }
 * }</pre>
 *
 * <p>Thread-safe. Settings apply to requests that are sent later.
 */
public final class SimulatedNetwork {
    /** The MTU of the simulated interface unless another is set, as that of Ethernet. */
    public static final int DEFAULT_MTU = 1_500;

    private static final int LEAST_MTU = 1_280;

    private final PacketNetwork behind;
    private final SimulatedClock clock;
    private final List<SimulatedEngine> engines = new CopyOnWriteArrayList<>();
    private volatile Set<EchoCapability> capabilities =
            EnumSet.complementOf(EnumSet.of(EchoCapability.INTERFACE, EchoCapability.MARK));
    private volatile Predicate<InetAddress> owned = address -> true;
    private volatile Predicate<InetAddress> routed = address -> true;
    private volatile InetAddress defaultIpv4Source = address(192, 0, 2, 1);
    private volatile InetAddress defaultIpv6Source = address(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    private volatile int mtu = DEFAULT_MTU;
    private volatile int receiveCapacity = Integer.MAX_VALUE;
    private volatile boolean sendQueueFull;

    /**
     * Constructs a network on its own clock.
     *
     * @param behind what is behind the interface, such as {@link SimulatedHosts}
     */
    public SimulatedNetwork(PacketNetwork behind) {
        this(behind, new SimulatedClock());
    }

    /**
     * Constructs a network on a shared clock.
     *
     * @param behind what is behind the interface, such as {@link SimulatedHosts}
     * @param clock its time
     */
    public SimulatedNetwork(PacketNetwork behind, SimulatedClock clock) {
        this.behind = Objects.requireNonNull(behind, "behind");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** {@return the time of this network} */
    public SimulatedClock clock() {
        return clock;
    }

    /** {@return a builder of requesters that send into this network} */
    public EchoRequester.Builder newRequesterBuilder() {
        return EchoRequester.newBuilder().provider(new SimulatedProvider()).option(SimulatedOptions.NETWORK, this);
    }

    /**
     * Removes capabilities from requesters that are opened later, as other systems lack them. Default: none is removed.
     *
     * @param missing what they cannot do
     * @return this
     */
    public SimulatedNetwork without(EchoCapability... missing) {
        EnumSet<EchoCapability> rest = EnumSet.copyOf(capabilities);
        rest.removeAll(List.of(missing));
        capabilities = rest;
        return this;
    }

    /**
     * Says which source addresses this host has. Default: every address.
     *
     * @param own whether an address is the host's own
     * @return this
     */
    public SimulatedNetwork ownAddresses(Predicate<InetAddress> own) {
        this.owned = Objects.requireNonNull(own, "own");
        return this;
    }

    /**
     * Sets the addresses that requests without a source leave from. Default: 192.0.2.1 and 2001:db8::1, which RFC 5737
     * and RFC 3849 set aside for documentation.
     *
     * @param ipv4 the IPv4 address
     * @param ipv6 the IPv6 address
     * @return this
     */
    public SimulatedNetwork defaultSources(Inet4Address ipv4, Inet6Address ipv6) {
        this.defaultIpv4Source = Objects.requireNonNull(ipv4, "ipv4");
        this.defaultIpv6Source = Objects.requireNonNull(ipv6, "ipv6");
        return this;
    }

    /**
     * Says where this host has routes to. Default: everywhere.
     *
     * @param destinations whether there is a route to an address
     * @return this
     */
    public SimulatedNetwork routes(Predicate<InetAddress> destinations) {
        this.routed = Objects.requireNonNull(destinations, "destinations");
        return this;
    }

    /**
     * Sets the MTU of the interface. Default: {@value #DEFAULT_MTU}.
     *
     * @param bytes 1,280 to 65,535
     * @return this
     */
    public SimulatedNetwork mtu(int bytes) {
        if (bytes < LEAST_MTU || bytes > 0xffff) {
            throw new IllegalArgumentException("the MTU is " + bytes + "; it must be " + LEAST_MTU + " to 65535");
        }
        this.mtu = bytes;
        return this;
    }

    /**
     * Sets how many answers the receive buffer holds during a {@link SimulatedClock#stall}; more are lost and counted
     * as dropped locally. Default: unlimited.
     *
     * @param packets how many, zero or more
     * @return this
     */
    public SimulatedNetwork receiveCapacity(int packets) {
        if (packets < 0) {
            throw new IllegalArgumentException("the receive capacity is " + packets + "; it must be 0 or more");
        }
        this.receiveCapacity = packets;
        return this;
    }

    /**
     * Fills or empties the queue of the interface: while it is full, requests wait in the requester.
     *
     * @param full whether it takes no packet
     * @return this
     */
    public SimulatedNetwork sendQueueFull(boolean full) {
        this.sendQueueFull = full;
        engines.forEach(SimulatedEngine::sendQueueChanged);
        return this;
    }

    /** Ends the network before its requesters, as a lent event loop may end: everything outstanding is closed. */
    public void shutDown() {
        engines.forEach(SimulatedEngine::close);
    }

    /** {@return an engine on this host, which is told of changes of this network from now on} */
    EchoEngine open(EchoConfig config, PacketNetwork wire) {
        SimulatedEngine engine = new SimulatedEngine(this, wire, config);
        engines.removeIf(SimulatedEngine::isClosed);
        engines.add(engine);
        return engine;
    }

    PacketNetwork behind() {
        return behind;
    }

    Set<EchoCapability> capabilities() {
        return capabilities;
    }

    boolean isOwn(InetAddress address) {
        return owned.test(address);
    }

    /** {@return the source of a packet, 4 or 16 bytes: the one that was asked for, or the host's own} */
    byte[] source(EchoRequest request) {
        InetAddress usual = request.destination() instanceof Inet4Address ? defaultIpv4Source : defaultIpv6Source;
        return request.source().orElse(usual).getAddress();
    }

    boolean hasRoute(InetAddress address) {
        return routed.test(address);
    }

    int mtu() {
        return mtu;
    }

    int receiveCapacity() {
        return receiveCapacity;
    }

    private static InetAddress address(int... octets) {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        return Matcher.address(bytes);
    }

    boolean isSendQueueFull() {
        return sendQueueFull;
    }
}
