// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOptions;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.linux.LinuxOptions;
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
        PingPlan plan = given.plan(context.privileged());
        Duration patience = given.timeout();
        EchoPayload payload = given.payload();
        EchoOptions options = given.options();
        Endpoints endpoints = given.endpoints();
        Integer mark = given.mark();
        InetAddress from = endpoints.source();
        EchoRequester.Builder requesters = endpoints.requesters(context);
        if (mark != null) {
            requesters.option(LinuxOptions.MARK, mark);
        }
        List<Target> resolved = endpoints.resolve(from, context.in());
        List<@Nullable EchoRequest> requests = new ArrayList<>(resolved.size());
        List<TargetStatistics> statistics = new ArrayList<>(resolved.size());
        for (Target target : resolved) {
            requests.add(target.isResolved() ? request(target, payload, options, patience, from) : null);
            statistics.add(new TargetStatistics(target));
        }
        try (EchoRequester requester = endpoints.open(requesters)) {
            if (mark != null && !Endpoints.takesLinuxOptions(requester)) {
                throw new UsageException("-m cannot be used with provider " + requester.provider() + "; leave it out");
            }
            PingReport report = report(resolved, requests, payload);
            PingRun run = new PingRun(requester, requests, statistics, plan, report, context);
            context.running().accept(run);
            return run.run().exitStatus();
        }
    }

    private static EchoRequest request(
            Target target, EchoPayload payload, EchoOptions options, Duration patience, @Nullable InetAddress from) {
        EchoRequest.Builder request = EchoRequest.newBuilder(target.address())
                .payload(payload)
                .options(options)
                .timeout(patience);
        return (from == null ? request : request.source(from)).build();
    }

    private PingReport report(List<Target> resolved, List<@Nullable EchoRequest> requests, EchoPayload payload) {
        if (given.json()) {
            return new JsonReport(context.out());
        }
        boolean packets = resolved.size() == 1
                || (resolved.size() <= MOST_FOR_PACKETS
                        && (given.verbose() || !context.terminal().isPresent()));
        PacketLines lines = new PacketLines(given.text(), given.stamps(), resolved.size() > 1);
        return packets
                ? new PacketReport(context.out(), resolved, requests, lines, given.quiet())
                : new TableReport(
                        context.out(),
                        context.terminal(),
                        resolved,
                        payload.size(),
                        lines,
                        given.verbose(),
                        given.quiet());
    }
}
