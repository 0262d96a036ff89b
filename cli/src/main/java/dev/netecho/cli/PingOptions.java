// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What {@code netecho ping} can be told: names, help, and the words that were given. */
final class PingOptions {
    private static final String[] FOOTER = {
        "",
        "One target, or up to 10 when standard output is no terminal: a line per packet and a block of",
        "statistics per target, as ping prints them. More targets, or several on a terminal: a live line",
        "(on a terminal only) and a table at the end; -v prints the packets instead.",
        "",
        "Requests of one round are spread: 100 microseconds apart, or closer if the interval needs it.",
        "Packet loss is the part of the requests without a reply, whether they were sent or not. Ctrl-C ends",
        "the run with its statistics; a request without an outcome is then given up: it is transmitted if it",
        "was sent, and never lost. An answer whose data was altered is marked, and is a reply. Ctrl-\\",
        "(SIGQUIT) prints an interim summary to standard error, and the run goes on.",
        "",
        "--json prints objects of type outcome, summary (one per target) and statistics (one, last), with",
        "null for what is not known. asked is received, icmp_errors, timed_out, not_sent and given_up in sum;",
        "loss_percent is the part of asked, without given_up, that is not received. With several targets,",
        "duplicates, late, altered, wrong_source, and sent if some were given up, are known of a target only",
        "if they are certain to be its own.",
        "",
        "Exit status: 0 every target replied and no request was lost, 1 otherwise, 2 wrong usage or no",
        "backend."
    };

    private final OptionSpec count =
            Options.value("-c", "N", "Stop after N requests to each target. Default: at Ctrl-C.");
    private final OptionSpec interval = Options.value("-i", "SECONDS", "1", "From request to request. Default: 1");
    private final OptionSpec timeout = Options.value("-W", "SECONDS", "1", "Wait for an answer. Default: 1");
    private final OptionSpec size = Options.value("-s", "BYTES", "56", "Payload, 0 to 65500. Default: 56");
    private final OptionSpec hopLimit =
            Options.value("-t", "TTL", "TTL or hop limit, 1 to 255. Default: the system's.");
    private final OptionSpec trafficClass =
            Options.value("-Q", "TOS", "TOS or traffic class, 0 to 255. Default: the system's.");
    private final OptionSpec pathMtu =
            Options.value("-M", "do|dont", "Forbid fragments (do) or allow them. Default: dont");
    private final OptionSpec source =
            Options.value("-I", "SOURCE", "Source: an address of this host. Default: the system's.");
    private final OptionSpec provider =
            Options.value("--provider", "NAME", "Use this provider; netecho doctor lists them.");
    private final OptionSpec json = Options.flag("--json", "Print one JSON object a line.");
    private final OptionSpec verbose = Options.flag("-v", "Print every packet, however many targets there are.");
    private final OptionSpec files =
            Options.values("-f", "FILE", "Read targets from FILE (- is standard input), one a line; # comments.");
    private final OptionSpec ipv4 = Options.flag("-4", "Use IPv4 only.");
    private final OptionSpec ipv6 = Options.flag("-6", "Use IPv6 only.");
    private final PositionalParamSpec targets = PositionalParamSpec.builder()
            .paramLabel("TARGET")
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("Names or addresses, such as 192.0.2.1 or fe80::1%%eth0.")
            .build();

    CommandSpec spec(PingCommand command) {
        CommandSpec spec = Options.command(
                command,
                "ping",
                "Pings all targets at once, each once per interval.",
                List.of(
                        count,
                        interval,
                        timeout,
                        size,
                        hopLimit,
                        trafficClass,
                        pathMtu,
                        source,
                        provider,
                        json,
                        verbose,
                        files,
                        ipv4,
                        ipv6));
        spec.usageMessage().footer(FOOTER);
        return spec.addPositional(targets);
    }

    @Nullable
    String count() {
        return count.getValue();
    }

    String interval() {
        return interval.getValue();
    }

    String timeout() {
        return timeout.getValue();
    }

    String size() {
        return size.getValue();
    }

    @Nullable
    String hopLimit() {
        return hopLimit.getValue();
    }

    @Nullable
    String trafficClass() {
        return trafficClass.getValue();
    }

    @Nullable
    String pathMtu() {
        return pathMtu.getValue();
    }

    @Nullable
    String source() {
        return source.getValue();
    }

    @Nullable
    String provider() {
        return provider.getValue();
    }

    boolean json() {
        return Options.isGiven(json);
    }

    boolean verbose() {
        return Options.isGiven(verbose);
    }

    boolean ipv4() {
        return Options.isGiven(ipv4);
    }

    boolean ipv6() {
        return Options.isGiven(ipv6);
    }

    List<String> files() {
        return words(files.getValue());
    }

    List<String> targets() {
        return words(targets.getValue());
    }

    private static List<String> words(@Nullable List<String> given) {
        return given == null ? List.of() : given;
    }
}
