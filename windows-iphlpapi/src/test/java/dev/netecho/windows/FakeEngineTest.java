// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.EchoOption;
import dev.netecho.EchoRequest;
import dev.netecho.windows.FakeWindows.Sent;
import dev.netecho.windows.Requests.Asked;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;

/** The engine against a system that does what the test says, on any operating system. */
abstract class FakeEngineTest {
    static final Duration LONG = FakeRequester.LONG;
    static final String HOST = FakeRequester.HOST;
    static final String HOST_V6 = FakeRequester.HOST_V6;

    final FakeWindows windows = new FakeWindows();
    final Requests requests = new Requests();
    final Map<EchoOption<?>, Object> options = new HashMap<>();

    /** Null until it is opened. */
    WindowsEngine engine;

    private FakeRequester requester;

    final void open() {
        open(HostTraits.WINDOWS);
    }

    final void open(HostTraits traits) {
        requester = new FakeRequester(windows, requests, traits, options);
        engine = requester.engine;
    }

    final Asked submit(EchoRequest request) {
        return requester.submit(request);
    }

    final Asked submit(Duration timeout) {
        return requester.submit(timeout);
    }

    final Sent sent() {
        return requester.sent();
    }

    static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Whatever a test did: in the end nothing is allocated, nothing open, and nothing was written where it must not.
     */
    @AfterEach
    final void nothingIsLeft() {
        if (requester != null) {
            requester.close();
        }
    }
}
