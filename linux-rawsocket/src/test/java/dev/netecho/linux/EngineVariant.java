// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.testkit.cases.TestedBackend;

/** The two kinds of socket on the two kinds of loop. */
enum EngineVariant implements TestedBackend {
    DATAGRAM_ON_NETTY(false, true),
    DATAGRAM_ON_JNA(false, false),
    RAW_ON_NETTY(true, true),
    RAW_ON_JNA(true, false);

    final boolean raw;
    final boolean netty;

    EngineVariant(boolean raw, boolean netty) {
        this.raw = raw;
        this.netty = netty;
    }

    EchoRequesterProvider provider() {
        return raw ? new LinuxRawProvider() : new LinuxDatagramProvider();
    }

    @Override
    public String backend() {
        return provider().name();
    }

    EchoRequester.Builder builder() {
        return EchoRequester.newBuilder().provider(provider()).option(LinuxOptions.NETTY, netty);
    }

    EchoRequester open() throws EchoUnavailableException {
        return builder().open();
    }
}
