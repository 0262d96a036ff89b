// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import java.net.Inet4Address;
import java.net.Inet6Address;

/**
 * A running network lab; see {@link LabPlan} for what its addresses do.
 *
 * <p>It lives in the network namespace of the process that starts it, which must be a private one, and every process of
 * that namespace reaches it. One runs per namespace. Thread-safe.
 */
public final class Lab implements AutoCloseable {
    /** The name of the lab's network interface. */
    public static final String INTERFACE = "netecho0";

    /** How many addresses the interface has in either family. */
    public static final int SOURCES = 3;

    private final TunDevice device;
    private final DuePackets due;
    private final Outbox outbox;
    private final WireLog log = new WireLog();
    private final Responder responder;

    private Lab(TunDevice device) throws LabUnavailableException {
        this.device = device;
        this.due = new DuePackets(device::write);
        this.outbox = new Outbox(due);
        LabNetwork.configure(device.index());
        this.responder = Responder.start(device, due, outbox, log);
    }

    /**
     * Creates the interface {@value #INTERFACE}, allows ping sockets to all users of the namespace, brings {@code lo}
     * up, and answers.
     *
     * @return the lab, which the caller closes
     * @throws LabUnavailableException if the process is not in a network namespace of its own, may not open
     *     /dev/net/tun, or any interface but lo is up already, that of another lab included
     */
    public static Lab start() throws LabUnavailableException {
        try {
            LibC.load();
        } catch (LinkageError e) {
            throw new LabUnavailableException("the network lab cannot call the C library: " + e.getMessage(), e);
        }
        LabNetwork.requirePrivateNamespace();
        TunDevice device = TunDevice.open(INTERFACE);
        try {
            return new Lab(device);
        } catch (LabUnavailableException | RuntimeException e) {
            device.close();
            throw e;
        }
    }

    /**
     * {@return an IPv4 address of this side of the lab, from which requests may be sent}
     *
     * @param n which, 1 to {@link #SOURCES}; 1 is the one that a socket without source address gets
     */
    public static Inet4Address ipv4Source(int n) {
        return LabPlan.HERE.ipv4(source(n));
    }

    /**
     * {@return an IPv6 address of this side of the lab, from which requests may be sent}
     *
     * @param n which, 1 to {@link #SOURCES}; 1 is the one that a socket without source address gets
     */
    public static Inet6Address ipv6Source(int n) {
        return LabPlan.HERE.ipv6(source(n));
    }

    /** {@return what the lab has received} */
    public WireLog wire() {
        return log;
    }

    /** {@return how many answers the kernel did not take since the start, as while the interface is down} */
    public long refusedAnswers() {
        return due.refused();
    }

    /**
     * Forgets what was received. The next request to an address is its first again, {@link #wire} is empty, and the
     * kernel forgets what it learned about paths from the lab's routers. No request should be in flight.
     */
    public void reset() {
        try {
            LabNetwork.forgetPaths(device.index());
        } catch (LabUnavailableException e) {
            throw new IllegalStateException("the lab cannot renew its routes", e);
        }
        outbox.forget();
        log.clear();
    }

    /**
     * Stops answering and removes the interface; answers that wait are not sent. A second call has no effect.
     *
     * @throws IllegalStateException if the lab had failed while it ran
     */
    @Override
    public void close() {
        try {
            responder.close();
        } finally {
            device.close();
        }
    }

    private static int source(int n) {
        if (n < 1 || n > SOURCES) {
            throw new IllegalArgumentException("the lab has no source address " + n + ": give 1 to " + SOURCES);
        }
        return n;
    }
}
