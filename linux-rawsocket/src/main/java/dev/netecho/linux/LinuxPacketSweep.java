// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoUnavailableException;
import dev.netecho.linux.host.ProcessRights;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.LibCUnavailableException;
import dev.netecho.linux.sweep.IpsecPolicies;
import dev.netecho.linux.sweep.NextHop;
import dev.netecho.linux.sweep.PacketWay;
import dev.netecho.spi.Availability;
import dev.netecho.sweep.SweepSettings;
import dev.netecho.sweep.SweepTargets;
import dev.netecho.sweep.SweepWay;
import dev.netecho.sweep.SweepWayProvider;
import java.io.IOException;

/**
 * {@code packet}: sends the probes of a sweep as whole Ethernet frames, past routing and queueing, and keeps no state
 * for them. The fastest way. It needs CAP_NET_RAW, IPv4, an Ethernet interface, and one router for all targets. Where
 * IPsec is loaded it also needs CAP_NET_ADMIN, to read the policies.
 */
public final class LinuxPacketSweep implements SweepWayProvider {
    private static final int PRIORITY = 100;

    /** Constructs the provider; loads nothing. */
    public LinuxPacketSweep() {}

    @Override
    public String name() {
        return PacketWay.NAME;
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Availability availability() {
        try {
            LibC.load();
        } catch (LibCUnavailableException e) {
            return e.availability();
        }
        try {
            PacketWay.tryToOpenSocket();
        } catch (IOException e) {
            return Availability.unavailable(
                    String.valueOf(e.getMessage()),
                    ProcessRights.hasCapability(ProcessRights.CAP_NET_RAW)
                            ? ProcessRights.remedyForFilter("socket", Errno.EPERM)
                            : "give the process CAP_NET_RAW; without it a requester sends the sweep",
                    e);
        }
        try {
            IpsecPolicies.requireReadable();
            return Availability.availableBut(
                    "sweeps IPv4 through one router on Ethernet", "other sweeps use a requester by themselves");
        } catch (IOException e) {
            return Availability.unavailable(
                    String.valueOf(e.getMessage()),
                    "give the process CAP_NET_ADMIN; without it a requester sends the sweep",
                    e);
        }
    }

    @Override
    public SweepWay open(SweepSettings settings) throws EchoUnavailableException {
        SweepTargets targets = settings.targets();
        if (!targets.areIpv4()) {
            throw new EchoUnavailableException("the way packet sends IPv4 only; sweep IPv6 with the way requester");
        }
        try {
            return PacketWay.open(NextHop.resolve(targets), settings);
        } catch (IOException e) {
            throw new EchoUnavailableException(String.valueOf(e.getMessage()));
        }
    }
}
