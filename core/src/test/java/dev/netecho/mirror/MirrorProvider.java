// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.mirror;

import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.EchoRequesterProvider;

/** Opens {@link MirrorEngine}. */
public final class MirrorProvider implements EchoRequesterProvider {
    @Override
    public String name() {
        return "mirror";
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
    public EchoEngine open(EchoConfig config) {
        return new MirrorEngine(config);
    }
}
