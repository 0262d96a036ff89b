// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOptions;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.path.PathListener;
import dev.netecho.path.PathReport;
import dev.netecho.path.PathTrace;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code netecho trace}: the hops to each target. */
final class TraceCommand implements Callable<Integer> {
    private static final String[] FOOTER = {
        "",
        "Every hop is asked at once; a round ends when the target and all hops before it have their outcome.",
        "Targets are traced at the same time and printed in their order. Times are in milliseconds.",
        "",
        "Loss counts only what no later hop shows to have come through: routers limit how often they answer,",
        "and the line says so. Loss that this host may have caused is not counted either.",
        "",
        "--json prints objects of type hop, path_change and path (one per target). path_id is the same for",
        "paths with the same addresses.",
        "",
        "Ctrl-C ends the trace and prints what is known; Ctrl-\\ (SIGQUIT) prints it to standard error, and",
        "the trace continues.",
        "",
        "Exit status: 0 every target was reached, 1 otherwise, 2 wrong usage or no backend."
    };

    private final OptionSpec rounds = Options.value("-c", "N", "3", "Ask each hop N times; 0 until Ctrl-C. Default: 3");
    private final OptionSpec interval =
            Options.value("-i", "SECONDS", "1", "Seconds between two rounds, 0.1 or more. Default: 1");
    private final OptionSpec timeout = Options.value("-W", "SECONDS", "1", "Timeout of a request. Default: 1");
    private final OptionSpec hops = Options.value("-m", "HOPS", "30", "Ask at most HOPS hops, 1 to 255. Default: 30");
    private final OptionSpec size = Options.value("-s", "BYTES", "56", "Payload, 0 to 65500. Default: 56");
    private final OptionSpec trafficClass =
            Options.value("-Q", "TOS", "TOS or traffic class, 0 to 255. Default: the system's.");
    private final OptionSpec json = Options.flag("--json", "Print one JSON object per line.");
    private final Endpoints endpoints = new Endpoints("trace");
    private final CommandContext context;

    TraceCommand(CommandContext context) {
        this.context = context;
    }

    CommandSpec spec() {
        CommandSpec spec = Options.command(
                this,
                "trace",
                "Finds the hops to each target, their loss and their round-trip times.",
                List.of(
                        rounds,
                        interval,
                        timeout,
                        hops,
                        size,
                        trafficClass,
                        endpoints.source,
                        endpoints.provider,
                        json,
                        endpoints.files,
                        endpoints.strict,
                        endpoints.ipv4,
                        endpoints.ipv6));
        spec.usageMessage().footer(FOOTER);
        return spec.addPositional(endpoints.targets);
    }

    @Override
    public Integer call() throws UsageException, EchoUnavailableException, InterruptedException {
        int times = OptionValues.integer("-c", rounds.getValue(), 0, 1_000_000_000);
        int most = OptionValues.integer("-m", hops.getValue(), 1, 255);
        var between = OptionValues.seconds("-i", interval.getValue());
        if (between.toMillis() < 100 || between.compareTo(Duration.ofDays(1)) > 0) {
            throw new UsageException("-i is " + OneLine.quoted(interval.getValue()) + "; it must be 0.1 to 86400");
        }
        var patience = OptionValues.seconds("-W", timeout.getValue());
        EchoPayload payload = EchoPayload.ofSize(OptionValues.integer("-s", size.getValue(), 0, EchoPayload.MAX_SIZE));
        String given = trafficClass.getValue();
        EchoOptions options = given == null
                ? EchoOptions.DEFAULT
                : EchoOptions.DEFAULT.withTrafficClass(OptionValues.trafficClass("-Q", given));
        return new PerTarget(context, endpoints).run(new PerTarget.Work<PathTrace>() {
            @Override
            public PathTrace start(EchoRequester requester, Optional<InetAddress> from, Target target) {
                PathTrace.Builder trace = PathTrace.newBuilder(requester, target.address())
                        .payload(payload)
                        .options(options)
                        .timeout(patience)
                        .maxHops(most)
                        .rounds(times)
                        .interval(between)
                        .listener(changes(target));
                from.ifPresent(trace::source);
                return trace.start();
            }

            @Override
            public void cancel(PathTrace trace) {
                trace.cancel();
            }

            @Override
            public String interim(List<Target> targets, List<PathTrace> traces) {
                StringBuilder text = new StringBuilder();
                for (int i = 0; i < traces.size(); i++) {
                    text.append(TraceText.of(targets.get(i), traces.get(i).snapshot()));
                }
                return text.toString();
            }

            @Override
            public PerTarget.Result await(Target target, PathTrace trace) {
                PathReport report = trace.report().join();
                return new PerTarget.Result(
                        report.isReached(), isJson() ? TraceText.json(target, report) : TraceText.of(target, report));
            }

            @Override
            public String unresolved(Target target) {
                return TraceText.unresolved(target, isJson());
            }
        });
    }

    private boolean isJson() {
        return Options.isGiven(json);
    }

    /** Changes are printed as they are found, between the reports of other targets. */
    private PathListener changes(Target target) {
        return new PathListener() {
            @Override
            public void onChange(int round, int distance, InetAddress before, InetAddress now) {
                context.print(TraceText.change(target, isJson(), round, distance, before, now));
            }

            @Override
            public void onLength(int round, int before, int now) {
                context.print(TraceText.length(target, isJson(), round, before, now));
            }
        };
    }
}
