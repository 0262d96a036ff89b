// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoUnavailableException;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.EchoRequesterProvider;

/**
 * {@code linux-raw}: the raw sockets of raw(7), for hosts that refuse ping sockets. Needs CAP_NET_RAW.
 *
 * <p>Every raw ICMP socket costs every other one on the host a copy of each packet. So requesters with equal options
 * share one socket per family in the whole process; those with a bound on their rate, or several event loops, have
 * their own.
 */
public final class LinuxRawProvider implements EchoRequesterProvider {
    private static final int PRIORITY = 50;

    /** Constructs the provider; loads nothing (SPEC PRO-2). */
    public LinuxRawProvider() {}

    @Override
    public String name() {
        return "linux-raw";
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Availability availability() {
        return SocketTrial.availability(SocketKind.RAW);
    }

    @Override
    public EchoEngine open(EchoConfig config) throws EchoUnavailableException {
        LoopSettings settings = LoopSettings.of(config);
        try {
            // A pace belongs to one requester: with shared sockets it would hold up the others.
            boolean alone = config.maxRate() > 0 || settings.loops() > 1;
            return alone ? OwnLoops.open(SocketKind.RAW, settings, config) : SharedRawLoops.join(settings, config);
        } catch (SystemCallException e) {
            throw SocketTrial.refused(SocketKind.RAW, e);
        } catch (OutOfMemoryError e) {
            throw SocketTrial.refused(e);
        }
    }
}
