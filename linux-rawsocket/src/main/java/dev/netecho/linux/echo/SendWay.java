// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.backend.SendPace;
import dev.netecho.backend.SubmissionStack;
import dev.netecho.linux.host.HostAddresses;
import dev.netecho.linux.socket.SocketSettings;

/**
 * What sends by one interface and with one mark: they decide which sources and routes this host has for a packet.
 * Guarded by the lock of the loop.
 */
final class SendWay implements AutoCloseable {
    final HostAddresses addresses;
    final EchoSender sender;

    SendWay(SocketSettings settings, SendPace pace, SubmissionStack submitted, Outcomes outcomes) {
        this.addresses = new HostAddresses(settings);
        try {
            this.sender = new EchoSender(outcomes, submitted, pace, addresses);
        } catch (RuntimeException | Error e) {
            addresses.close();
            throw e;
        }
    }

    @Override
    public void close() {
        sender.close();
        addresses.close();
    }
}
