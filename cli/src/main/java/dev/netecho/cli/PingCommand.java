// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOptions;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code netecho ping}: its options, and the way from them to a run. */
@Command(
        name = "ping",
        mixinStandardHelpOptions = true,
        description = "Pings all targets at once, each once per interval.",
        versionProvider = ProjectVersion.class,
        sortOptions = false,
        footer = {
            "",
            "One target, or up to 10 when standard output is no terminal: a line per packet and a block of",
            "statistics per target, as ping prints them. More targets, or several on a terminal: a live line",
            "(on a terminal only) and a table at the end; -v prints the packets instead.",
            "",
            "Requests of one round are spread: 100 microseconds apart, or closer if the interval needs it.",
            "Ctrl-C ends the run with its statistics; requests that wait for an answer then are given up and",
            "are not counted as lost. An answer whose data was altered is marked, and is a reply.",
            "",
            "--json prints objects of type outcome, summary (one per target) and statistics (one, last), with",
            "null for what is not known: with several targets, duplicates, late, altered and wrong_source are",
            "known of a target only if they are known to be none of another's.",
            "",
            "Exit status: 0 every request was answered by a reply, 1 some were not, 2 wrong usage or no backend."
        })
final class PingCommand implements Callable<Integer> {
    /** With more targets than this nobody can read packets as they come. */
    private static final int MOST_FOR_PACKETS = 10;

    private static final int MOST_ROUNDS = 1_000_000_000;

    private final CommandContext context;

    @Option(names = "-c", paramLabel = "N", description = "Stop after N requests to each target. Default: at Ctrl-C.")
    private @Nullable String count;

    @Option(
            names = "-i",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "From request to request. Default: 1")
    private String interval = "1";

    @Option(names = "-W", paramLabel = "SECONDS", defaultValue = "1", description = "Wait for an answer. Default: 1")
    private String timeout = "1";

    @Option(names = "-s", paramLabel = "BYTES", defaultValue = "56", description = "Payload, 0 to 65500. Default: 56")
    private String size = "56";

    @Option(names = "-t", paramLabel = "TTL", description = "TTL or hop limit, 1 to 255. Default: the system's.")
    private @Nullable String hopLimit;

    @Option(names = "-Q", paramLabel = "TOS", description = "TOS or traffic class, 0 to 255. Default: the system's.")
    private @Nullable String trafficClass;

    @Option(names = "-M", paramLabel = "do|dont", description = "Forbid fragments (do) or allow them. Default: dont")
    private @Nullable String pathMtu;

    @Option(
            names = "-I",
            paramLabel = "SOURCE",
            description = "Source: an address of this host. Default: the system's.")
    private @Nullable String source;

    @Option(names = "--provider", paramLabel = "NAME", description = "Use this provider; netecho doctor lists them.")
    private @Nullable String provider;

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @Option(names = "-v", description = "Print every packet, however many targets there are.")
    private boolean verbose;

    @Option(
            names = "-f",
            paramLabel = "FILE",
            description = "Read targets from FILE (- is standard input), one a line; # comments.")
    private List<String> files = new ArrayList<>();

    @Option(names = "-4", description = "Use IPv4 only.")
    private boolean ipv4;

    @Option(names = "-6", description = "Use IPv6 only.")
    private boolean ipv6;

    @Parameters(
            paramLabel = "TARGET",
            arity = "0..*",
            description = "Names or addresses, such as 192.0.2.1 or fe80::1%%eth0.")
    private List<String> targets = new ArrayList<>();

    PingCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws UsageException, EchoUnavailableException, InterruptedException {
        // Everything that costs nothing is checked before files are read, names asked for and sockets opened.
        long rounds = count == null ? Long.MAX_VALUE : OptionValues.integer("-c", count, 1, MOST_ROUNDS);
        Duration between = OptionValues.seconds("-i", interval);
        Duration patience = OptionValues.seconds("-W", timeout);
        EchoPayload payload = EchoPayload.ofSize(OptionValues.integer("-s", size, 0, EchoPayload.MAX_SIZE));
        EchoOptions options = options();
        if (ipv4 && ipv6) {
            throw new UsageException("-4 and -6 are both given; allowed is one of them");
        }
        InetAddress from = source == null ? null : SourceAddress.parse(source);
        AddressFamily family = family(from);
        EchoRequester.Builder requesters = EchoRequester.newBuilder();
        if (provider != null) {
            requesters.provider(Providers.named(provider, context.providers().get()));
        }
        List<Target> resolved = new TargetResolver(family).resolve(allTargets());
        List<EchoRequest> requests = new ArrayList<>(resolved.size());
        List<TargetStatistics> statistics = new ArrayList<>(resolved.size());
        for (Target target : resolved) {
            EchoRequest.Builder request = EchoRequest.newBuilder(target.address())
                    .payload(payload)
                    .options(options)
                    .timeout(patience);
            requests.add((from == null ? request : request.source(from)).build());
            statistics.add(new TargetStatistics(target));
        }
        try (EchoRequester requester = requesters.open()) {
            PingReport report = report(resolved, requests);
            PingRun run = new PingRun(requester, requests, statistics, between, rounds, report, context.out());
            context.onInterrupt().accept(run::stop);
            return run.run().exitStatus();
        }
    }

    private EchoOptions options() throws UsageException {
        EchoOptions options = EchoOptions.DEFAULT;
        if (hopLimit != null) {
            options = options.withHopLimit(OptionValues.integer("-t", hopLimit, 1, 255));
        }
        if (trafficClass != null) {
            options = options.withTrafficClass(OptionValues.trafficClass("-Q", trafficClass));
        }
        if (pathMtu != null) {
            options = options.withDontFragment(OptionValues.dontFragment("-M", pathMtu));
        }
        return options;
    }

    /** A source leaves only the destinations of its own family. */
    private AddressFamily family(@Nullable InetAddress from) throws UsageException {
        AddressFamily asked = ipv4 ? AddressFamily.IPV4 : ipv6 ? AddressFamily.IPV6 : AddressFamily.ANY;
        if (from == null) {
            return asked;
        }
        if (!asked.accepts(from)) {
            throw new UsageException("-I is " + OneLine.quoted(AddressText.of(from)) + ", which is "
                    + AddressFamily.of(from) + "; with " + (ipv4 ? "-4" : "-6") + " it must be " + asked);
        }
        return AddressFamily.of(from);
    }

    private List<String> allTargets() throws UsageException {
        List<String> all = new ArrayList<>(targets);
        for (String file : files) {
            all.addAll(TargetFile.read(file, context.in()));
        }
        if (all.isEmpty()) {
            throw new UsageException(
                    files.isEmpty()
                            ? "no target given; name at least one host or address, or a file of them with -f"
                            : "-f " + OneLine.quoted(files.get(0)) + " names no target; at least one is needed");
        }
        return all;
    }

    private PingReport report(List<Target> resolved, List<EchoRequest> requests) {
        if (json) {
            return new JsonReport(context.out());
        }
        boolean packets =
                verbose || resolved.size() == 1 || (resolved.size() <= MOST_FOR_PACKETS && !context.terminal());
        return packets
                ? new PacketReport(context.out(), resolved, requests)
                : new TableReport(
                        context.out(),
                        resolved,
                        requests.get(0).payload().size(),
                        new ProgressLine(context.out(), context.terminal()));
    }
}
