// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command line says. It comes before the file.
 *
 * @param config the configuration file, which is read again at each reload; null for none
 * @param listen where to listen, such as 127.0.0.1:9785; null for what the file says
 * @param webConfig TLS, users and header fields, in the format of Prometheus' exporter-toolkit; read again when it
 *     changes; null for none
 * @param externalUrl where people find the agent, such as https://agent.example.net/; null if only addresses and names
 *     of this host are used
 * @param interval between two requests to a target; null for what the file says
 * @param timeout of a request; null for what the file says
 * @param targets names and addresses, besides those of the file
 */
public record AgentSettings(
        @Nullable Path config,
        @Nullable String listen,
        @Nullable Path webConfig,
        @Nullable String externalUrl,
        @Nullable Duration interval,
        @Nullable Duration timeout,
        List<String> targets) {
    /** Constructs the settings. */
    public AgentSettings {
        targets = List.copyOf(targets);
    }
}
