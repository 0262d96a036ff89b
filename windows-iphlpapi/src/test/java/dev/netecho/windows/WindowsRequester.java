// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.EchoOption;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.EchoConfig;
import dev.netecho.windows.Requests.Asked;
import dev.netecho.windows.win32.ApiAccess;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The engine over the real bindings and a checking heap; closed, nothing may be left. */
final class WindowsRequester implements AutoCloseable {
    final GuardedHeap heap = new GuardedHeap();
    final Requests requests = new Requests();
    final WindowsEngine engine;

    private WindowsRequester(WindowsSystem real, Map<EchoOption<?>, Object> options) {
        EchoConfig config = new EchoConfig("icmp-echo-test", options, requests.counters);
        WindowsSystem system = new WindowsSystem(
                real.kernel(),
                real.icmp(),
                real.icmp6(),
                real.icmp6Failure(),
                real.ipErrors(),
                heap,
                real.width(),
                real.traits(),
                real.callable(),
                real.addresses());
        try {
            engine = WindowsEngine.open(config, WindowsSettings.of(config), system);
        } catch (EchoUnavailableException e) {
            throw new AssertionError(e);
        }
    }

    static WindowsRequester open() {
        return open(WindowsSystem.load());
    }

    /** Over the functions of this process, with other traits. */
    static WindowsRequester open(HostTraits traits) {
        WindowsSystem real = WindowsSystem.load();
        return open(new WindowsSystem(
                real.kernel(),
                real.icmp(),
                real.icmp6(),
                real.icmp6Failure(),
                real.ipErrors(),
                real.heap(),
                real.width(),
                traits,
                real.callable(),
                real.addresses()));
    }

    /** With the IPv6 functions and the texts of another library. */
    static WindowsRequester openWithIcmp6(String library) {
        WindowsSystem real = WindowsSystem.load();
        return open(new WindowsSystem(
                real.kernel(),
                real.icmp(),
                ApiAccess.icmp6In(library),
                "",
                ApiAccess.ipErrorsIn(library),
                real.heap(),
                real.width(),
                HostTraits.WINDOWS,
                real.callable(),
                real.addresses()));
    }

    /** With options of its own. */
    static WindowsRequester open(Map<EchoOption<?>, Object> options) {
        return new WindowsRequester(WindowsSystem.load(), options);
    }

    private static WindowsRequester open(WindowsSystem system) {
        // Wine 8 holds 256 requests for all processes of a prefix; beyond, it fails those that come.
        return new WindowsRequester(
                system,
                new HashMap<>(Map.of(
                        WindowsOptions.MAX_PENDING_CALLS,
                        180,
                        WindowsOptions.LONGEST_WAIT,
                        Duration.ofSeconds(3),
                        WindowsOptions.DRAIN_TIMEOUT,
                        Duration.ofSeconds(20),
                        WindowsOptions.IP_OPTIONS,
                        new byte[0])));
    }

    Asked submit(EchoRequest request) {
        Asked asked = requests.ask(request);
        engine.submit(asked.pending());
        return asked;
    }

    EchoOutcome send(EchoRequest request) {
        return submit(request).await();
    }

    @Override
    public void close() {
        engine.close();
        if (!engine.isReleased()) {
            throw new AssertionError("the engine was closed and its thread lives");
        }
        if (heap.live() != 0) {
            throw new AssertionError(heap.live() + " blocks are still allocated after close");
        }
        if (!heap.defects().isEmpty()) {
            throw new AssertionError(heap.defects().toString());
        }
    }
}
