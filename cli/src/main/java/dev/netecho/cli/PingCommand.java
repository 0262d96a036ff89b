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
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
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
        given.format(); // refused before anything is done
        Duration patience = given.timeout();
        EchoPayload payload = given.payload();
        EchoOptions options = given.options();
        Endpoints endpoints = given.endpoints();
        Integer mark = given.mark();
        Duration resolveEvery = given.resolveEvery();
        Optional<InetAddress> from = endpoints.source();
        EchoRequester.Builder requesters = endpoints.requesters(context);
        if (mark != null) {
            requesters.option(LinuxOptions.MARK, mark);
        }
        if (resolveEvery != null) {
            // The JDK keeps what a name resolved to, for 30 seconds by default; it reads this before its first name.
            Security.setProperty("networkaddress.cache.ttl", "0");
        }
        TargetResolver resolver = endpoints.resolver(from.orElse(null), context.names());
        List<Target> resolved = endpoints.resolve(resolver, context.in());
        UnaryOperator<EchoRequest.Builder> asGiven = request -> {
            request.payload(payload).options(options).timeout(patience);
            from.ifPresent(request::source);
            return request;
        };
        List<Asked> asked = new ArrayList<>(resolved.size());
        List<TargetStatistics> statistics = new ArrayList<>(resolved.size());
        for (Target target : resolved) {
            asked.add(asked(target, asGiven));
            statistics.add(new TargetStatistics(target));
        }
        try (EchoRequester requester = endpoints.open(requesters)) {
            if (mark != null && !Endpoints.takesLinuxOptions(requester)) {
                throw new UsageException("-m cannot be used with provider " + requester.provider() + "; leave it out");
            }
            PingReport report = report(resolved, asked, payload, plan.interval());
            PingRun run = new PingRun(requester, asked, statistics, plan, report, context);
            context.running().accept(run);
            if (resolveEvery == null) {
                return run.run().exitStatus();
            }
            try (NameWatch names = new NameWatch(
                    resolver, resolved, resolveEvery, (index, target) -> run.moved(index, asked(target, asGiven)))) {
                names.start();
                return run.run().exitStatus();
            }
        }
    }

    private static Asked asked(Target target, UnaryOperator<EchoRequest.Builder> asGiven) {
        return new Asked(
                target,
                target.isResolved()
                        ? asGiven.apply(EchoRequest.newBuilder(target.address()))
                                .build()
                        : null);
    }

    private PingReport report(List<Target> resolved, List<Asked> asked, EchoPayload payload, Duration interval)
            throws UsageException {
        Format format = given.format();
        if (format != null) {
            return format.report(context.out(), interval);
        }
        boolean packets = resolved.size() == 1
                || (resolved.size() <= MOST_FOR_PACKETS
                        && (given.verbose() || !context.terminal().isPresent()));
        PacketLines lines = new PacketLines(given.text(), given.stamps(), resolved.size() > 1);
        return packets
                ? new PacketReport(context.out(), asked, lines, given.quiet())
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
