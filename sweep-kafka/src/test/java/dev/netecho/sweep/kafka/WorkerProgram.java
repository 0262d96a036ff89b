// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import java.io.IOException;
import java.util.Map;

/** A worker as a process. Arguments: brokers, location, name. It ends when its standard input does. */
final class WorkerProgram {
    private WorkerProgram() {}

    public static void main(String[] args) throws Exception {
        SweepWorker worker =
                new SweepWorker(Map.of("bootstrap.servers", args[0], "client.id", args[2]), args[1], sweep -> {});
        Thread end = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {}
            } catch (IOException e) {
                // It is closed.
            }
            worker.stop();
        });
        end.setDaemon(true);
        end.start();
        worker.run();
    }
}
