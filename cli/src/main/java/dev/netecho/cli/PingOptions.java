// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of {@code netecho ping}: names, help, and the values that were given. */
final class PingOptions {
    private static final String[] FOOTER = {
        "",
        "Output: for one target, or up to 10 if standard output is not a terminal, a line per packet and",
        "statistics per target, as ping prints them. Otherwise a table at the end, and on a terminal a live",
        "line before it that says who is down. The table has the worst targets first. -v prints the packets,",
        "more columns, and what the system said of a request that was not sent. NO_COLOR switches colours off.",
        "",
        "Each round is spread: requests leave 100 microseconds apart, or closer if the interval is too short.",
        "",
        "Packet loss counts every request without a reply, whether it was sent or not. Ctrl-C ends the run",
        "and prints the statistics. Requests without an outcome are then given up: they count as transmitted",
        "if they were sent, but never as lost. A reply with altered data is marked, and counts as a reply.",
        "Ctrl-\\ (SIGQUIT) prints an interim summary to standard error; the run continues.",
        "",
        "--json prints objects of type outcome, summary (one per target) and statistics (one, last). Unknown",
        "values are null. asked is the sum of received, icmp_errors, timed_out, not_sent and given_up;",
        "loss_percent is the part of asked, without given_up, that was not received. With several targets,",
        "duplicates, late, altered and wrong_source are null unless they certainly belong to the target; so is",
        "sent if some requests were given up.",
        "",
        "Exit status: 0 every target replied and no request was lost, 1 otherwise, 2 wrong usage or no",
        "backend."
    };

    private final OptionSpec count =
            Options.value("-c", "N", "Stop after N requests to each target. Default: at Ctrl-C.");
    private final OptionSpec interval =
            Options.value("-i", "SECONDS", "1", "Seconds between two requests to a target. Default: 1");
    private final OptionSpec timeout = Options.value("-W", "SECONDS", "1", "Timeout of a request. Default: 1");
    private final OptionSpec size = Options.value("-s", "BYTES", "56", "Payload, 0 to 65500. Default: 56");
    private final OptionSpec hopLimit =
            Options.value("-t", "TTL", "TTL or hop limit, 1 to 255. Default: the system's.");
    private final OptionSpec trafficClass =
            Options.value("-Q", "TOS", "TOS or traffic class, 0 to 255. Default: the system's.");
    private final OptionSpec pathMtu =
            Options.value("-M", "do|dont", "Forbid fragments (do) or allow them. Default: dont");
    private final OptionSpec json = Options.flag("--json", "Print one JSON object per line.");
    private final OptionSpec verbose =
            Options.flag("-v", "Print every packet, whatever the number of targets, and more detail.");
    private final Endpoints endpoints = new Endpoints();

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
                        endpoints.source,
                        endpoints.provider,
                        json,
                        verbose,
                        endpoints.files,
                        endpoints.strict,
                        endpoints.ipv4,
                        endpoints.ipv6));
        spec.usageMessage().footer(FOOTER);
        return spec.addPositional(endpoints.targets);
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

    boolean json() {
        return Options.isGiven(json);
    }

    boolean verbose() {
        return Options.isGiven(verbose);
    }

    Endpoints endpoints() {
        return endpoints;
    }
}
