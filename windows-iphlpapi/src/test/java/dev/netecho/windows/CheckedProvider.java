// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.EchoRequesterProvider;
import java.util.function.UnaryOperator;

/** The provider, with a system of which a test has exchanged parts, such as its heap. */
final class CheckedProvider implements EchoRequesterProvider {
    private final WindowsIphlpapiProvider provider = new WindowsIphlpapiProvider();
    private final UnaryOperator<WindowsSystem> exchange;

    CheckedProvider(UnaryOperator<WindowsSystem> exchange) {
        this.exchange = exchange;
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public int priority() {
        return provider.priority();
    }

    @Override
    public Availability availability() {
        return provider.availability();
    }

    @Override
    public EchoEngine open(EchoConfig config) throws EchoUnavailableException {
        return WindowsEngine.open(config, WindowsSettings.of(config), exchange.apply(WindowsSystem.load()));
    }
}
