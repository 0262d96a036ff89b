// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOptions;
import dev.netecho.EchoPayload;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of {@code netecho ping}: names, help, and the values that were given, checked. */
final class PingOptions {
    private static final int MOST_ROUNDS = 1_000_000_000;

    /** As in ping(8) of iputils: faster than this is for root. */
    private static final Duration SHORTEST_OF_USERS = Duration.ofMillis(2);

    private static final int MOST_PRELOADED_BY_USERS = 3;

    /** As in ping(8) of iputils: if nothing comes back, {@code -i 0} sends a hundred packets a second. */
    private static final Duration FLOOD = Duration.ofMillis(10);

    private static final int LONGEST_RUN = 31_536_000;

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** As in ping(8) of iputils. */
    private static final Duration TIMEOUT_UNTIL_END = Duration.ofSeconds(10);

    private static final String[] FOOTER = {
        "",
        "Output: for one target, or up to 10 if standard output is not a terminal, a line per packet and",
        "statistics per target, as ping prints them. Otherwise a table at the end, and on a terminal a live",
        "line before it that says who is down. The table has the worst targets first. -v prints the packets,",
        "more columns, and what the system said of a request that was not sent. NO_COLOR switches colours off.",
        "",
        "Each round is spread: requests leave 100 microseconds apart, or closer if the interval is too short.",
        "-i 0 sends as fast as answers come, or 100 a second. Faster than every 2 ms, and more than 3 with -l,",
        "is for root or with --flood-allowed.",
        "",
        "A file of targets has one a line: the first word is the target, the rest a label, # begins a comment.",
        "A target that does not resolve is a result too: not sent, unresolved.",
        "",
        "Packet loss counts every request without a reply, whether it was sent or not. Ctrl-C ends the run",
        "and prints the statistics. Requests without an outcome are then given up: they count as transmitted",
        "if they were sent, but never as lost. A reply with altered data is marked, and counts as a reply.",
        "Ctrl-\\ (SIGQUIT) prints an interim summary to standard error; the run continues.",
        "",
        "--json prints objects of type outcome, summary (one per target), total and statistics (one each, at",
        "the end); docs/netecho.schema.json describes them. Unknown values are null. asked is the sum of",
        "received, icmp_errors, timed_out, not_sent and given_up; loss_percent is the part of asked, without",
        "given_up, that was not received. With several targets, duplicates, late, altered and wrong_source are",
        "null unless they certainly belong to the target; so is sent if some requests were given up.",
        "",
        "Exit status: 0 every target replied and no request was lost, 1 otherwise, 2 wrong usage, no target",
        "resolves, or no backend."
    };

    private final OptionSpec count =
            Options.value("-c", "N", "Stop after N requests to each target; with -w after N replies. Default: Ctrl-C.");
    private final OptionSpec interval =
            Options.value("-i", "SECONDS", "1", "Seconds between two requests to a target. Default: 1");
    private final OptionSpec adaptive =
            Options.flag("-A", "Ask again as soon as every answer is there, at the latest after -i.");
    private final OptionSpec preload = Options.value("-l", "N", "1", "Begin with N requests at once. Default: 1");
    private final OptionSpec timeout =
            Options.value("-W", "SECONDS", "Timeout of a request. Default: 1, and 10 with -w");
    private final OptionSpec deadline =
            Options.value("-w", "SECONDS", "End the run, and every timeout, then. Whole seconds.");
    private final OptionSpec size = Options.value("-s", "BYTES", "56", "Payload, 0 to 65500. Default: 56");
    private final OptionSpec pattern =
            Options.value("-p", "HEX", "Fill the payload with up to 16 bytes. Default: a token for each request.");
    private final OptionSpec hopLimit =
            Options.value("-t", "TTL", "TTL or hop limit, 1 to 255. Default: the system's.");
    private final OptionSpec trafficClass =
            Options.value("-Q", "TOS", "TOS or traffic class, 0 to 255. Default: the system's.");
    private final OptionSpec pathMtu = Options.value(
            "-M", "do|probe|want|dont", "Forbid fragments (do, probe) or allow them (want, dont). Default: dont");
    private final OptionSpec mark = Options.value("-m", "MARK", "Mark the packets for policy routing (Linux).");
    private final OptionSpec floodAllowed =
            Options.flag("--flood-allowed", "Allow less than 2 ms between requests to a target.");
    private final OptionSpec numeric = Options.flag("-n", "Print addresses, not the names that were given.");
    private final OptionSpec names = Options.flag(
            "-H",
            "Print the names of the addresses that answer. A slow name server delays the output, not the packets.");
    private final OptionSpec quiet = Options.flag("-q", "Print nothing before the end.");
    private final OptionSpec resolveEvery = Options.value(
            "--resolve-every",
            "SECONDS",
            "Resolve names again, and ask another address if they have one. Default: never.");
    private final OptionSpec stamps = Options.flag("-D", "Print the time before each line, in seconds since 1970.");
    private final OptionSpec outstanding =
            Options.flag("-O", "Say when the next request leaves before the last one was answered.");
    private final OptionSpec json = Options.flag("--json", "Print one JSON object per line.");
    private final OptionSpec csv = Options.flag("--csv", "Print a table with a line per request, RFC 4180.");
    private final OptionSpec format = Options.value(
            "--format", "NAME", "Print for a program: csv, json, netdata, telegraf or zabbix. Default: for people.");
    private final OptionSpec userTimes = Options.flag("-U", "Has no effect; some programs call ping with it.");
    private final OptionSpec verbose =
            Options.flag("-v", "Print every packet, whatever the number of targets, and more detail.");
    private final Endpoints endpoints = new Endpoints("ping");

    CommandSpec spec(PingCommand command) {
        CommandSpec spec = Options.command(
                command,
                "ping",
                "Pings all targets at once, each once per interval.",
                List.of(
                        count,
                        interval,
                        adaptive,
                        preload,
                        timeout,
                        deadline,
                        size,
                        pattern,
                        hopLimit,
                        trafficClass,
                        pathMtu,
                        endpoints.source,
                        mark,
                        endpoints.provider,
                        floodAllowed,
                        json,
                        csv,
                        format,
                        verbose,
                        quiet,
                        numeric,
                        names,
                        stamps,
                        outstanding,
                        userTimes,
                        endpoints.files,
                        endpoints.strict,
                        endpoints.allAddresses,
                        resolveEvery,
                        endpoints.ipv4,
                        endpoints.ipv6));
        spec.usageMessage().footer(FOOTER);
        return spec.addPositional(endpoints.targets);
    }

    /** {@return when what is sent} {@code privileged} is whether the user may flood without saying so. */
    PingPlan plan(boolean privileged) throws UsageException {
        String rounds = count.getValue();
        boolean free = privileged || Options.isGiven(floodAllowed);
        Duration between = interval(free);
        int atOnce = OptionValues.integer("-l", preload.getValue(), 1, free ? 65_536 : MOST_PRELOADED_BY_USERS);
        return new PingPlan(
                rounds == null ? Long.MAX_VALUE : OptionValues.integer("-c", rounds, 1, MOST_ROUNDS),
                between.isZero() ? FLOOD : between,
                1,
                between.isZero() || Options.isGiven(adaptive),
                free ? Duration.ZERO : SHORTEST_OF_USERS,
                atOnce,
                deadline(),
                true,
                Options.isGiven(outstanding));
    }

    private Duration interval(boolean free) throws UsageException {
        String given = interval.getValue();
        Duration between = given.strip().matches("0+(\\.0*)?") ? Duration.ZERO : OptionValues.seconds("-i", given);
        if (between.compareTo(SHORTEST_OF_USERS) < 0 && !free) {
            throw new UsageException("-i is " + OneLine.quoted(given)
                    + "; below 0.002 seconds only root may send, unless --flood-allowed is given");
        }
        return between;
    }

    /** {@return when the run ends; null for no bound, which ping also has if 0 is given} */
    private @Nullable Duration deadline() throws UsageException {
        String given = deadline.getValue();
        int seconds = given == null ? 0 : OptionValues.integer("-w", given, 0, LONGEST_RUN);
        return seconds == 0 ? null : Duration.ofSeconds(seconds);
    }

    /** {@return how long to wait for an answer} Who gives the end of the run only means to wait until then. */
    Duration timeout() throws UsageException {
        String given = timeout.getValue();
        if (given != null) {
            return OptionValues.seconds("-W", given);
        }
        return deadline() == null ? TIMEOUT : TIMEOUT_UNTIL_END;
    }

    EchoPayload payload() throws UsageException {
        int bytes = OptionValues.integer("-s", size.getValue(), 0, EchoPayload.MAX_SIZE);
        String fill = pattern.getValue();
        return fill == null ? EchoPayload.ofSize(bytes) : EchoPayload.of(OptionValues.filled("-p", fill, bytes));
    }

    EchoOptions options() throws UsageException {
        EchoOptions options = EchoOptions.DEFAULT;
        String hops = hopLimit.getValue();
        String tos = trafficClass.getValue();
        String fragments = pathMtu.getValue();
        if (hops != null) {
            options = options.withHopLimit(OptionValues.integer("-t", hops, 1, 255));
        }
        if (tos != null) {
            options = options.withTrafficClass(OptionValues.trafficClass("-Q", tos));
        }
        return fragments == null ? options : options.withDontFragment(OptionValues.dontFragment("-M", fragments));
    }

    /** {@return the mark of every packet; null for none} */
    @Nullable
    Integer mark() throws UsageException {
        String given = mark.getValue();
        return given == null ? null : OptionValues.integer("-m", given, 1, Integer.MAX_VALUE);
    }

    /** {@return how often names are resolved again; null for never} */
    @Nullable
    Duration resolveEvery() throws UsageException {
        String given = resolveEvery.getValue();
        if (given == null) {
            return null;
        }
        if (Options.isGiven(endpoints.allAddresses)) {
            throw new UsageException("--resolve-every is " + OneLine.quoted(given)
                    + "; with --all-addresses the targets stay those of the start: leave one of them out");
        }
        Duration every = OptionValues.seconds("--resolve-every", given);
        if (every.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new UsageException("--resolve-every is " + OneLine.quoted(given) + "; it must be 1 second or more");
        }
        return every;
    }

    OutcomeText text() {
        return new OutcomeText(verbose(), Options.isGiven(numeric), Options.isGiven(names));
    }

    boolean quiet() {
        return Options.isGiven(quiet);
    }

    boolean stamps() {
        return Options.isGiven(stamps);
    }

    /** {@return what is printed; null for text} */
    @Nullable
    Format format() throws UsageException {
        String given = format.getValue();
        int ways = (given == null ? 0 : 1) + (Options.isGiven(json) ? 1 : 0) + (Options.isGiven(csv) ? 1 : 0);
        if (ways > 1) {
            throw new UsageException("--json, --csv and --format are given together; give only one of them");
        }
        if (given != null) {
            return Format.named("--format", given);
        }
        return Options.isGiven(json) ? Format.JSON : Options.isGiven(csv) ? Format.CSV : null;
    }

    boolean verbose() {
        return Options.isGiven(verbose);
    }

    Endpoints endpoints() {
        return endpoints;
    }
}
