// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.EchoRequesterProvider;

/** A provider whose every answer a test can override. */
class FakeProvider implements EchoRequesterProvider {
    final FakeEngine engine = new FakeEngine();
    EchoConfig config;
    private final String name;
    private final int priority;

    FakeProvider(String name, int priority) {
        this.name = name;
        this.priority = priority;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int priority() {
        return priority;
    }

    @Override
    public Availability availability() {
        return Availability.available();
    }

    @Override
    public EchoEngine open(EchoConfig config) throws EchoUnavailableException {
        this.config = config;
        return engine;
    }
}
