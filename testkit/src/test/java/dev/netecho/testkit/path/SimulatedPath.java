// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.path;

import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.IpVersion;
import dev.netecho.testkit.lab.LabPlan;
import dev.netecho.testkit.simulated.SimulatedClock;
import dev.netecho.testkit.simulated.SimulatedEcho;
import dev.netecho.testkit.simulated.SimulatedHost;
import dev.netecho.testkit.simulated.SimulatedHosts;
import dev.netecho.testkit.simulated.SimulatedNetwork;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A path of routers to one destination, in virtual time. Router {@code n} is 10 ms times {@code n} away. */
final class SimulatedPath implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final IpVersion version;
    final InetAddress destination;
    final SimulatedClock clock = new SimulatedClock();
    final AtomicInteger packets = new AtomicInteger();

    /** Is asked for each packet, whether this host has a route. */
    volatile BooleanSupplier route = () -> true;

    final EchoRequester requester;
    private final SimulatedNetwork network;

    SimulatedPath(IpVersion version, SimulatedHost host) throws EchoUnavailableException {
        this(version, host, SimulatedNetwork.DEFAULT_MTU);
    }

    SimulatedPath(IpVersion version, SimulatedHost host, int mtu) throws EchoUnavailableException {
        this.version = version;
        destination = LabPlan.AT_ONCE.address(version, 7);
        SimulatedHosts hosts = new SimulatedHosts().put(destination, echo -> {
            packets.incrementAndGet();
            host.answer(echo);
        });
        network = new SimulatedNetwork(hosts, clock).mtu(mtu).routes(address -> route.getAsBoolean());
        requester = network.newRequesterBuilder().open();
    }

    /** {@return another requester, which takes few requests at a time} */
    EchoRequester narrow(int maxOutstanding) throws EchoUnavailableException {
        return network.newRequesterBuilder().maxOutstanding(maxOutstanding).open();
    }

    /** {@return another requester, whose listeners run on an executor} */
    EchoRequester with(Executor executor) throws EchoUnavailableException {
        return network.newRequesterBuilder().listenerExecutor(executor).open();
    }

    /** {@return the router at a distance} */
    static InetAddress router(IpVersion version, int distance) {
        return LabPlan.ROUTERS.address(version, distance);
    }

    /** {@return whether the hop limit ended on the way to a host that is so far away, which the router then says} */
    static boolean ends(SimulatedEcho echo, IpVersion version, int distance) {
        if (echo.hopLimit() >= distance) {
            return false;
        }
        exceeded(echo, version, router(version, echo.hopLimit()));
        return true;
    }

    static void exceeded(SimulatedEcho echo, IpVersion version, InetAddress router) {
        echo.error(router, version == IpVersion.V4 ? 11 : 3, 0, roundTrip(echo.hopLimit()));
    }

    static Duration roundTrip(int distance) {
        return Duration.ofMillis(10L * distance);
    }

    /** {@return the result, after letting as much virtual time pass as it needs} */
    <T> T await(CompletableFuture<T> result) {
        return await(clock, result);
    }

    static <T> T await(SimulatedClock clock, CompletableFuture<T> result) {
        long begun = System.nanoTime();
        while (!result.isDone()) {
            if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                throw new AssertionError("no result within " + PATIENCE);
            }
            clock.advance(Duration.ofMillis(5));
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
        }
        return result.join();
    }

    @Override
    public void close() {
        requester.close();
    }
}
