// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.linux.echo.CloseWait;
import dev.netecho.linux.echo.EchoLoop;
import dev.netecho.linux.echo.EchoLoops;
import dev.netecho.linux.libc.ProcNet;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The raw loops of this process: one for each distinct set of options in each network namespace, closed when its last
 * requester leaves.
 */
final class SharedRawLoops {
    private static final Map<List<?>, Shared> OPEN = new HashMap<>();

    private SharedRawLoops() {}

    static EchoEngine join(LoopSettings settings, EchoConfig config) throws SystemCallException {
        // A socket stays in the namespace of the thread that opened it, which another thread may have left (setns(2)).
        List<?> place = List.of(settings, ProcNet.namespace());
        AtomicBoolean left = new AtomicBoolean();
        @Nullable Shared joined = null;
        try {
            synchronized (OPEN) {
                Shared found = OPEN.get(place);
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
                OPEN.put(place, joined);
            }
            Shared shared = joined;
            return new LinuxEngine(
                    List.of(shared.loop), config.counters(), true, wait -> leave(place, shared, left, wait));
        } catch (RuntimeException | Error e) {
            if (joined != null) {
                // It may wait, and so must not hold the lock.
                leave(place, joined, left, new CloseWait());
            }
            throw e;
        }
    }

    private static void leave(List<?> place, Shared shared, AtomicBoolean left, CloseWait wait) {
        synchronized (OPEN) {
            if (left.compareAndSet(false, true)) {
                shared.requesters--;
                if (shared.requesters == 0) {
                    OPEN.remove(place, shared);
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
