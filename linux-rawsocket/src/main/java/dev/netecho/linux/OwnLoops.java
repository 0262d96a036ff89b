// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.backend.SendPace;
import dev.netecho.linux.echo.CloseWait;
import dev.netecho.linux.echo.EchoLoop;
import dev.netecho.linux.echo.EchoLoops;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import java.util.ArrayList;
import java.util.List;

/** Opens the engine of a requester that shares no loop. */
final class OwnLoops {
    private OwnLoops() {}

    static EchoEngine open(SocketKind kind, LoopSettings settings, EchoConfig config) throws SystemCallException {
        List<EchoLoop> loops = new ArrayList<>();
        SendPace pace = LoopSettings.pace(config);
        try {
            for (int i = 0; i < settings.loops(); i++) {
                loops.add(EchoLoops.open(
                        i == 0 ? config.name() : config.name() + "-" + (i + 1),
                        kind,
                        settings.sockets(),
                        settings.loop(),
                        pace));
            }
            List<EchoLoop> opened = List.copyOf(loops);
            return new LinuxEngine(opened, config.counters(), false, wait -> EchoLoops.close(opened, wait));
        } catch (SystemCallException | RuntimeException | Error e) {
            if (!loops.isEmpty()) { // otherwise its class may not be loaded
                EchoLoops.close(loops, new CloseWait());
            }
            throw e;
        }
    }
}
