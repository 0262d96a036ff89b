// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.path.PathTrace;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code netecho monitor}: which hosts are up, as it changes. */
final class MonitorCommand implements Callable<Integer> {
    /** The history of a target takes about 3,000 bytes. */
    private static final int MOST_TARGETS = 20_000;

    private static final String[] FOOTER = {
        "",
        "On a terminal it is a live view: ? lists its keys. Otherwise it prints a line for each change of a",
        "state, with --json an object of type state.",
        "",
        "A host is down after --down requests in a row without a reply, and up again at the first reply. It is",
        "degraded if it lost --loss percent of the last minute, or if the mean of its last 120 round-trip times",
        "is above --time. It is unknown before the first request has ended, or if requests cannot be sent.",
        "",
        "With --burst each burst is judged as one: it is down if all its requests are lost, degraded by --loss",
        "and --time. A state gets worse after --down bursts in a row that are as bad, and better with the first",
        "that is better. The requests of a burst follow each other after 0.1 s, with more than 1,000 targets",
        "later. Example: --burst 20 -i 60.",
        "",
        "A time-out while this host dropped packets, and a request that was not sent, tell nothing of the host",
        "and never make it down. The column local counts them.",
        "",
        "Exit status: 0 no target is down or unknown at the end, 1 one is, 2 wrong usage or no backend."
    };

    private final OptionSpec interval =
            Options.value("-i", "SECONDS", "1", "Seconds between two requests to a target, 0.1 or more. Default: 1");
    private final OptionSpec burst = Options.value(
            "--burst", "N", "1", "Send N requests to each target every -i seconds, 1 to 1000. Default: 1");
    private final OptionSpec timeout = Options.value("-W", "SECONDS", "1", "Timeout of a request. Default: 1");
    private final OptionSpec deadline =
            Options.value("-w", "SECONDS", "Send nothing after that, and end. Default: q or Ctrl-C.");
    private final OptionSpec size = Options.value("-s", "BYTES", "56", "Payload, 0 to 65500. Default: 56");
    private final OptionSpec down =
            Options.value("--down", "N", "3", "Down after N requests in a row without a reply. Default: 3");
    private final OptionSpec loss =
            Options.value("--loss", "PERCENT", "5", "Degraded at this loss in a minute, 1 to 100. Default: 5");
    private final OptionSpec time =
            Options.value("--time", "SECONDS", "Degraded above this mean round-trip time. Default: any time is fine.");
    private final OptionSpec json = Options.flag("--json", "Print one JSON object per line, and no live view.");
    private final Endpoints endpoints = new Endpoints("monitor");
    private final CommandContext context;

    MonitorCommand(CommandContext context) {
        this.context = context;
    }

    CommandSpec spec() {
        CommandSpec spec = Options.command(
                this,
                "monitor",
                "Watches all targets, and shows which are up, degraded or down.",
                List.of(
                        interval,
                        burst,
                        timeout,
                        deadline,
                        size,
                        down,
                        loss,
                        time,
                        endpoints.source,
                        endpoints.provider,
                        json,
                        endpoints.files,
                        endpoints.strict,
                        endpoints.allAddresses,
                        endpoints.ipv4,
                        endpoints.ipv6));
        spec.usageMessage().footer(FOOTER);
        return spec.addPositional(endpoints.targets);
    }

    @Override
    public Integer call() throws UsageException, EchoUnavailableException, InterruptedException {
        Duration between = OptionValues.seconds("-i", interval.getValue());
        if (between.toMillis() < 100) {
            throw new UsageException("-i is " + OneLine.quoted(interval.getValue()) + "; it must be 0.1 or more");
        }
        int together = OptionValues.integer("--burst", burst.getValue(), 1, 1_000);
        if (between.toMillis() / together < 100) {
            throw new UsageException("-i is " + OneLine.quoted(interval.getValue()) + " for --burst " + together
                    + "; it must be " + Decimals.scaled(together, 10, 1) + " or more");
        }
        Duration patience = OptionValues.seconds("-W", timeout.getValue());
        String end = deadline.getValue();
        String slow = time.getValue();
        WatchRules rules = new WatchRules(
                OptionValues.integer("--down", down.getValue(), 1, 1_000),
                OptionValues.integer("--loss", loss.getValue(), 1, 100),
                slow == null ? null : OptionValues.seconds("--time", slow),
                together);
        PingPlan plan = new PingPlan(
                Long.MAX_VALUE,
                between,
                together,
                false,
                between,
                1,
                end == null ? null : OptionValues.seconds("-w", end),
                false, // a host that is slower than what is left is not down
                false);
        EchoPayload payload = EchoPayload.ofSize(OptionValues.integer("-s", size.getValue(), 0, EchoPayload.MAX_SIZE));
        Optional<InetAddress> from = endpoints.source();
        EchoRequester.Builder requesters = endpoints.requesters(context);
        List<Target> targets = endpoints.resolve(endpoints.resolver(from.orElse(null), context.names()), context.in());
        if (targets.size() > MOST_TARGETS) {
            throw new UsageException(targets.size() + " targets are given; monitor watches at most " + MOST_TARGETS);
        }
        List<Asked> asked = new ArrayList<>(targets.size());
        List<TargetStatistics> statistics = new ArrayList<>(targets.size());
        for (Target target : targets) {
            asked.add(new Asked(target, target.isResolved() ? request(target, payload, patience, from) : null));
            statistics.add(new TargetStatistics(target));
        }
        try (EchoRequester requester = endpoints.open(requesters)) {
            MonitorReport report = report(statistics, rules, targets, payload);
            try {
                report.screen().tracer(target -> new Trace(target, trace(requester, target, from)));
                PingRun run = new PingRun(requester, asked, statistics, plan, report, context);
                report.quit(run::stop);
                context.running().accept(run);
                run.run();
            } finally {
                report.close(); // a second time does nothing
            }
            return report.isAnyDown() ? ExitStatus.UNANSWERED : ExitStatus.ANSWERED;
        }
    }

    private static EchoRequest request(
            Target target, EchoPayload payload, Duration patience, Optional<InetAddress> from) {
        EchoRequest.Builder request =
                EchoRequest.newBuilder(target.address()).payload(payload).timeout(patience);
        from.ifPresent(request::source);
        return request.build();
    }

    private static PathTrace trace(EchoRequester requester, Target target, Optional<InetAddress> from) {
        PathTrace.Builder trace =
                PathTrace.newBuilder(requester, target.address()).rounds(3);
        from.ifPresent(trace::source);
        return trace.start();
    }

    /** A trace of the live view. */
    private record Trace(Target target, PathTrace path) implements MonitorScreen.TraceView {
        @Override
        public String text() {
            return TraceText.of(target, path.snapshot());
        }

        @Override
        public void cancel() {
            path.cancel();
        }
    }

    private MonitorReport report(
            List<TargetStatistics> statistics, WatchRules rules, List<Target> targets, EchoPayload payload) {
        boolean isJson = Options.isGiven(json);
        PacketLines packets = new PacketLines(new OutcomeText(false, false, false), false, true);
        PingReport end = isJson
                ? new JsonReport(context.out())
                : new TableReport(context.out(), context.terminal(), targets, payload.size(), packets, false, true);
        LiveTerminal live = isJson ? null : live();
        StateLines lines = live == null ? new StateLines(context.out(), isJson) : null;
        return new MonitorReport(
                statistics, rules, lines, live, context.terminal().hasColours(), end);
    }

    /** {@return the terminal; null if there is none that can show a screen} */
    private @Nullable LiveTerminal live() {
        if (!context.terminal().isPresent()) {
            return null;
        }
        try {
            return new LiveTerminal();
        } catch (IOException | RuntimeException | LinkageError e) {
            // Such as a terminal of type dumb. Lines can be read everywhere.
            context.err()
                    .println("netecho: no live view here, but a line for each change: " + OneLine.of(e.toString()));
            return null;
        }
    }
}
