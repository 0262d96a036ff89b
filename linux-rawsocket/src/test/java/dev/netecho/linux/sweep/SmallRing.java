// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.Availability;
import dev.netecho.sweep.SweepSettings;
import dev.netecho.sweep.SweepWay;
import dev.netecho.sweep.SweepWayProvider;
import java.io.IOException;

/** The way of packet sockets with a ring of a few answers. */
public final class SmallRing implements SweepWayProvider {
    static final String NAME = "small-ring";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int priority() {
        return -1;
    }

    @Override
    public Availability availability() {
        return Availability.available();
    }

    @Override
    public SweepWay open(SweepSettings settings) throws EchoUnavailableException {
        try {
            return PacketWay.open(NextHop.resolve(settings.targets()), settings, 4_096, 2);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
