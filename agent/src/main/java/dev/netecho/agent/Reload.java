// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

/** Reads the configuration again. Thread-safe. */
final class Reload {
    private final AgentSettings settings;
    private final InForce inForce;
    private final Discovery discovery;
    private final WebFile web;

    Reload(AgentSettings settings, InForce inForce, Discovery discovery, WebFile web) {
        this.settings = settings;
        this.inForce = inForce;
        this.discovery = discovery;
        this.web = web;
    }

    /** Puts the configuration in force. If it has a mistake, it throws that, and the last one stays in force. */
    synchronized void run() throws ConfigException {
        AgentConfig next;
        try {
            next = AgentConfig.read(settings);
            web.refresh();
        } catch (ConfigException e) {
            inForce.refused();
            throw e;
        }
        if (!next.listen().equals(inForce.config().listen())) {
            Warnings.say("listen has changed, which counts from the next start on");
        }
        inForce.config(next);
        discovery.set(next);
    }
}
