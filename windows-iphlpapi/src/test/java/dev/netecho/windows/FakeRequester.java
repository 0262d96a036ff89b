// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOption;
import dev.netecho.EchoRequest;
import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.EchoConfig;
import dev.netecho.windows.FakeWindows.Sent;
import dev.netecho.windows.Requests.Asked;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The engine over {@link FakeWindows}; closed, nothing may be left, whatever a test did. */
final class FakeRequester implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(30);
    static final String HOST = "198.18.1.1";
    static final String HOST_V6 = "2001:2::18:1:1";

    final FakeWindows windows;
    final Requests requests;
    final WindowsEngine engine;
    private boolean abandoned;

    FakeRequester(FakeWindows windows, Requests requests, HostTraits traits, Map<EchoOption<?>, Object> options) {
        this(windows, requests, traits, 0, options);
    }

    private FakeRequester(
            FakeWindows windows,
            Requests requests,
            HostTraits traits,
            int maxRate,
            Map<EchoOption<?>, Object> options) {
        this.windows = windows;
        this.requests = requests;
        Map<EchoOption<?>, Object> all = new HashMap<>(Map.of(WindowsOptions.DRAIN_TIMEOUT, Duration.ofSeconds(10)));
        all.putAll(options);
        EchoConfig config = new EchoConfig("icmp-echo-test", maxRate, all, requests.counters);
        try {
            engine = WindowsEngine.open(config, WindowsSettings.of(config), windows.system(traits));
        } catch (EchoUnavailableException e) {
            throw new AssertionError(e);
        }
    }

    FakeRequester(int maxRate, Map<EchoOption<?>, Object> options) {
        this(new FakeWindows(), new Requests(), HostTraits.WINDOWS, maxRate, options);
    }

    FakeRequester(Map<EchoOption<?>, Object> options) {
        this(new FakeWindows(), new Requests(), HostTraits.WINDOWS, options);
    }

    FakeRequester() {
        this(Map.of());
    }

    Asked submit(EchoRequest request) {
        Asked asked = requests.ask(request);
        engine.submit(asked.pending());
        return asked;
    }

    Asked submit(Duration timeout) {
        return submit(Requests.to(HOST, timeout));
    }

    Sent sent() {
        return windows.awaitSent(1).get(0);
    }

    /** Closes nothing any more: the system will never end what it has. */
    void abandon() {
        abandoned = true;
    }

    @Override
    public void close() {
        if (abandoned) {
            return;
        }
        windows.awaitSent(0).forEach(each -> windows.status(each, 11010, ""));
        engine.close();
        Await.until("the thread has ended", engine::isReleased);
        assertThat(windows.heap.live()).as("blocks still allocated").isZero();
        assertThat(windows.heap.defects()).isEmpty();
        assertThat(windows.freedEarly()).as("writes to freed memory").isZero();
        assertThat(windows.openHandles.get()).as("handles").isZero();
        assertThat(windows.routines()).as("routines that were not released").isZero();
    }
}
