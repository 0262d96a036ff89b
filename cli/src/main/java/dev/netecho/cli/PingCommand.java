// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOptions;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.IpVersion;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code netecho ping}: turns its options into a run. */
final class PingCommand implements Callable<Integer> {
    /** With more targets, packets come too fast to read. */
    private static final int MOST_FOR_PACKETS = 10;

    private static final int MOST_ROUNDS = 1_000_000_000;

    private final CommandContext context;
    private final PingOptions given = new PingOptions();

    PingCommand(CommandContext context) {
        this.context = context;
    }

    CommandSpec spec() {
        return given.spec(this);
    }

    @Override
    public Integer call() throws UsageException, EchoUnavailableException, InterruptedException {
        // All cheap checks come before files are read, names resolved and sockets opened.
        String count = given.count();
        long rounds = count == null ? Long.MAX_VALUE : OptionValues.integer("-c", count, 1, MOST_ROUNDS);
        Duration between = OptionValues.seconds("-i", given.interval());
        Duration patience = OptionValues.seconds("-W", given.timeout());
        EchoPayload payload = EchoPayload.ofSize(OptionValues.integer("-s", given.size(), 0, EchoPayload.MAX_SIZE));
        EchoOptions options = options();
        if (given.ipv4() && given.ipv6()) {
            throw new UsageException("-4 and -6 are both given; give only one of them");
        }
        String source = given.source();
        InetAddress from = source == null ? null : SourceAddress.parse(source);
        IpVersion version = version(from);
        EchoRequester.Builder requesters = EchoRequester.newBuilder();
        String provider = given.provider();
        if (provider != null) {
            requesters.provider(Providers.named(provider, context.providers().get()));
        }
        List<Target> resolved = new TargetResolver(version).resolve(allTargets());
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
            PingRun run = new PingRun(requester, requests, statistics, between, rounds, report, context);
            context.running().accept(run);
            return run.run().exitStatus();
        }
    }

    private EchoOptions options() throws UsageException {
        EchoOptions options = EchoOptions.DEFAULT;
        String hopLimit = given.hopLimit();
        String trafficClass = given.trafficClass();
        String pathMtu = given.pathMtu();
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

    /** {@return which addresses are pinged; null for all. A source leaves only those of its own version} */
    private @Nullable IpVersion version(@Nullable InetAddress from) throws UsageException {
        IpVersion asked = given.ipv4() ? IpVersion.V4 : given.ipv6() ? IpVersion.V6 : null;
        if (from == null) {
            return asked;
        }
        IpVersion version = IpVersion.of(from);
        if (asked != null && asked != version) {
            throw new UsageException("-I is " + OneLine.quoted(AddressText.of(from)) + ", which is " + version.text()
                    + "; with " + (given.ipv4() ? "-4" : "-6") + " it must be " + asked.text());
        }
        return version;
    }

    private List<String> allTargets() throws UsageException {
        List<String> all = new ArrayList<>(given.targets());
        List<String> files = given.files();
        for (String file : files) {
            all.addAll(TargetFile.read(file, context.in()));
        }
        if (all.isEmpty()) {
            throw new UsageException(
                    files.isEmpty()
                            ? "no target given; name at least one host or address, or a file of them with -f"
                            : "-f " + OneLine.quoted(files.get(0)) + " names no target; it must name at least one");
        }
        return all;
    }

    private PingReport report(List<Target> resolved, List<EchoRequest> requests) {
        if (given.json()) {
            return new JsonReport(context.out());
        }
        boolean packets =
                given.verbose() || resolved.size() == 1 || (resolved.size() <= MOST_FOR_PACKETS && !context.terminal());
        return packets
                ? new PacketReport(context.out(), resolved, requests)
                : new TableReport(
                        context.out(),
                        resolved,
                        requests.get(0).payload().size(),
                        new ProgressLine(context.out(), context.terminal()));
    }
}
