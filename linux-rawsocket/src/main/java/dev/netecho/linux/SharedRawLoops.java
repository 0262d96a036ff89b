// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.linux.echo.CloseWait;
import dev.netecho.linux.echo.EchoLoop;
import dev.netecho.linux.echo.EchoLoops;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The raw loops of this process: one for each distinct set of options, closed when its last requester leaves. */
final class SharedRawLoops {
    private static final Map<LoopSettings, Shared> OPEN = new HashMap<>();

    private SharedRawLoops() {}

    static EchoEngine join(LoopSettings settings, EchoConfig config) throws SystemCallException {
        AtomicBoolean left = new AtomicBoolean();
        @Nullable Shared joined = null;
        try {
            synchronized (OPEN) {
                Shared found = OPEN.get(settings);
                if (found == null || found.loop.isClosed()) {
                    found = new Shared(EchoLoops.open(
                            config.name(),
                            SocketKind.RAW,
                            settings.sockets(),
                            settings.loop(),
                            LoopSettings.pace(config)));
                }
                found.requesters++;
                joined = found;
                OPEN.put(settings, joined);
            }
            Shared shared = joined;
            return new LinuxEngine(
                    List.of(shared.loop), config.counters(), true, wait -> leave(settings, shared, left, wait));
        } catch (RuntimeException | Error e) {
            if (joined != null) {
                // It may wait, and so must not hold the lock.
                leave(settings, joined, left, new CloseWait());
            }
            throw e;
        }
    }

    private static void leave(LoopSettings settings, Shared shared, AtomicBoolean left, CloseWait wait) {
        synchronized (OPEN) {
            if (left.compareAndSet(false, true)) {
                shared.requesters--;
                if (shared.requesters == 0) {
                    OPEN.remove(settings, shared);
                }
            }
            if (shared.requesters > 0) {
                return;
            }
        }
        EchoLoops.close(List.of(shared.loop), wait);
    }

    private static final class Shared {
        final EchoLoop loop;
        int requesters;

        Shared(EchoLoop loop) {
            this.loop = loop;
        }
    }
}
