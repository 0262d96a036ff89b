// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code netecho agent}: watches hosts for Prometheus, until it is ended. */
final class AgentCommand implements Callable<Integer> {
    private static final String[] FOOTER = {
        "",
        "  netecho agent 127.0.0.1 ::1                  then: curl http://127.0.0.1:9785/metrics",
        "  netecho agent --config agent.yml",
        "",
        "Prometheus scrapes /metrics, which has every target, or /probe?target=HOST&module=icmp, which works as",
        "that of blackbox_exporter does. The agent listens on this host only, unless --listen or its",
        "configuration says more. docs/agent.md lists what it offers and the keys of the configuration.",
        "",
        "Ctrl-C and SIGTERM end it once the requests under way have their outcomes. SIGHUP makes it read its",
        "configuration again; one with a mistake is refused, and the last one stays in force. Ctrl-\\ (SIGQUIT)",
        "says how many targets it watches.",
        "",
        "Exit status: 0 it was ended, 2 wrong usage, a mistake in the configuration, or no backend."
    };

    private final OptionSpec config =
            Options.value("--config", "FILE", "Read the configuration, which is YAML or JSON, from FILE.");
    private final OptionSpec listen =
            Options.value("--listen", "ADDRESS:PORT", "Answer HTTP there. Default: 127.0.0.1:9785");
    private final OptionSpec webConfig = Options.value(
            "--web.config.file",
            "FILE",
            "Read TLS, users and header fields from FILE, as Prometheus and exporters do.");
    private final OptionSpec externalUrl =
            Options.value("--web.external-url", "URL", "Answer requests for the host of URL, too.");
    private final OptionSpec interval =
            Options.value("-i", "SECONDS", "Seconds between two requests to a target, 0.1 or more. Default: 10");
    private final OptionSpec timeout = Options.value("-W", "SECONDS", "Timeout of a request. Default: 2");
    private final OptionSpec provider =
            Options.value("--provider", "NAME", "Send by this provider; netecho doctor lists them.");
    private final PositionalParamSpec targets = PositionalParamSpec.builder()
            .paramLabel("TARGET")
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("Names or addresses, besides those of the configuration.")
            .build();
    private final CommandContext context;

    AgentCommand(CommandContext context) {
        this.context = context;
    }

    CommandSpec spec() {
        CommandSpec spec = Options.command(
                this,
                "agent",
                "Watches all targets, and answers Prometheus, until it is ended.",
                List.of(config, listen, webConfig, externalUrl, interval, timeout, provider));
        spec.usageMessage().footer(FOOTER);
        return spec.addPositional(targets);
    }

    @Override
    public Integer call() throws UsageException, EchoUnavailableException, InterruptedException {
        @Nullable Path path = file("--config", config.getValue());
        @Nullable Path web = file("--web.config.file", webConfig.getValue());
        List<String> given = targets.getValue();
        Duration between = seconds("-i", interval.getValue(), Duration.ofMillis(100));
        Duration patience = seconds("-W", timeout.getValue(), Duration.ofMillis(1));
        try (EchoRequester requester = requester()) {
            // A class of its own: the verifier loads what it catches, which the other commands have not.
            return AgentRun.run(
                    context,
                    requester,
                    path,
                    listen.getValue(),
                    web,
                    externalUrl.getValue(),
                    between,
                    patience,
                    given == null ? List.of() : given);
        } catch (NoClassDefFoundError e) {
            throw new UsageException("the agent's libraries are not on the class path (" + OneLine.of(e.getMessage())
                    + "); start it with the script netecho, which adds cli/target/agent");
        }
    }

    private static @Nullable Path file(String option, @Nullable String given) throws UsageException {
        try {
            return given == null ? null : Path.of(given);
        } catch (InvalidPathException e) {
            throw new UsageException(option + " is " + OneLine.quoted(given) + "; it must be a file");
        }
    }

    private static @Nullable Duration seconds(String option, @Nullable String given, Duration least)
            throws UsageException {
        if (given == null) {
            return null;
        }
        Duration value = OptionValues.seconds(option, given);
        if (value.compareTo(least) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
            throw new UsageException(option + " is " + OneLine.quoted(given) + "; it must be " + least.toMillis() / 1e3
                    + " to 86400 seconds");
        }
        return value;
    }

    private EchoRequester requester() throws UsageException, EchoUnavailableException {
        EchoRequester.Builder requesters = EchoRequester.newBuilder().name("agent");
        String given = provider.getValue();
        if (given != null) {
            requesters.provider(Providers.named(given, context.providers().get()));
        }
        return requesters.open();
    }
}
