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
 * {@code linux-datagram}: the "ping sockets" of icmp(7). Needs only a group inside {@code net.ipv4.ping_group_range}.
 * The kernel delivers only the requester's own replies and errors. Preferred.
 */
public final class LinuxDatagramProvider implements EchoRequesterProvider {
    private static final int PRIORITY = 100;

    /** Constructs the provider; loads nothing (SPEC PRO-2). */
    public LinuxDatagramProvider() {}

    @Override
    public String name() {
        return "linux-datagram";
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Availability availability() {
        return SocketTrial.availability(SocketKind.DATAGRAM);
    }

    @Override
    public EchoEngine open(EchoConfig config) throws EchoUnavailableException {
        try {
            return OwnLoops.open(SocketKind.DATAGRAM, LoopSettings.of(config), config);
        } catch (SystemCallException e) {
            throw SocketTrial.refused(SocketKind.DATAGRAM, e);
        } catch (OutOfMemoryError e) {
            throw SocketTrial.refused(e);
        }
    }
}
