// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.testkit.cases.TestedBackend;

/** The two kinds of socket, on the library's own event loop. */
enum EngineVariant implements TestedBackend {
    DATAGRAM,
    RAW;

    EchoRequesterProvider provider() {
        return this == RAW ? new LinuxRawProvider() : new LinuxDatagramProvider();
    }

    @Override
    public String backend() {
        return provider().name();
    }

    EchoRequester.Builder builder() {
        return EchoRequester.newBuilder().provider(provider());
    }

    EchoRequester open() throws EchoUnavailableException {
        return builder().open();
    }
}
