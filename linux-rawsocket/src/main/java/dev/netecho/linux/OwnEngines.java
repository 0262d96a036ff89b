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

/** The engines of one requester that shares none: one for each of its event loops. */
final class OwnEngines {
    private OwnEngines() {}

    static EchoEngine open(SocketKind kind, EngineSettings settings, EchoConfig config) throws SystemCallException {
        List<EchoLoop> engines = new ArrayList<>();
        SendPace pace = EngineSettings.pace(config);
        try {
            for (int i = 0; i < settings.loops(); i++) {
                engines.add(EchoLoops.open(
                        i == 0 ? config.name() : config.name() + "-" + (i + 1),
                        kind,
                        settings.sockets(),
                        settings.loop(),
                        pace));
            }
            List<EchoLoop> opened = List.copyOf(engines);
            return new LinuxEngine(opened, config.counters(), false, wait -> EchoLoops.close(opened, wait));
        } catch (SystemCallException | RuntimeException | Error e) {
            if (!engines.isEmpty()) { // otherwise its class may not be loaded
                EchoLoops.close(engines, new CloseWait());
            }
            throw e;
        }
    }
}
