// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoRequester;
import dev.netecho.agent.Agent;
import dev.netecho.agent.AgentSettings;
import dev.netecho.agent.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Runs an agent until the user ends it. Loads the agent's libraries, which no other command needs. */
final class AgentRun {
    private AgentRun() {}

    static int run(
            CommandContext context,
            EchoRequester requester,
            @Nullable Path config,
            @Nullable String listen,
            @Nullable Path webConfig,
            @Nullable String externalUrl,
            @Nullable Duration interval,
            @Nullable Duration timeout,
            List<String> targets)
            throws UsageException, InterruptedException {
        AgentSettings settings = new AgentSettings(config, listen, webConfig, externalUrl, interval, timeout, targets);
        CountDownLatch end = new CountDownLatch(1);
        try (Agent agent = new Agent(settings, requester, context.names()::of)) {
            context.running().accept(new Interruptible() {
                @Override
                public void stop() {
                    end.countDown();
                }

                @Override
                public void summarize() {
                    tell(watching(agent));
                }

                @Override
                public boolean reloads() {
                    return true;
                }

                @Override
                public void reload() {
                    try {
                        agent.reload();
                        tell(watching(agent));
                    } catch (ConfigException e) {
                        tell("netecho agent: the last configuration stays in force: " + OneLine.of(e.getMessage()));
                    }
                }

                private void tell(String line) {
                    context.err().println(line);
                    context.err().flush();
                }
            });
            context.print(watching(agent) + "\n");
            end.await();
        } catch (ConfigException | IOException e) {
            throw new UsageException(OneLine.of(e.getMessage()));
        }
        return ExitStatus.ANSWERED;
    }

    private static String watching(Agent agent) {
        int count = agent.targets();
        return "netecho agent: watching " + count + (count == 1 ? " target" : " targets") + ", "
                + (agent.isSecure() ? "https://" : "http://") + AddressText.of(agent.address()) + "/";
    }
}
