// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.path.PathMtu;
import dev.netecho.path.PathMtuReport;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code netecho mtu}: the largest packet that reaches each target in one piece. */
final class MtuCommand implements Callable<Integer> {
    private static final int SMALLEST_IPV4 = 68;
    private static final int LARGEST = 65_535;

    private static final String[] FOOTER = {
        "",
        "Sizes are those of IP packets. The payload is what fits into an echo request (ping -s), the MSS what",
        "fits into a TCP segment.",
        "",
        "Where packets vanish without an error, each size is tried several times, which takes seconds. A",
        "target must answer pings.",
        "",
        "--json prints an object of type path_mtu per target; limit is none, local, told, black_hole, silent,",
        "unreachable or not_sent. mtu is null if nothing is known.",
        "",
        "Exit status: 0 the path MTU of every target is known, and as large as --want; 1 otherwise; 2 wrong",
        "usage or no backend."
    };

    private final OptionSpec want = Options.value("--want", "BYTES", "Exit with 1 if a path MTU is below BYTES.");
    private final OptionSpec tries =
            Options.value("--tries", "N", "3", "Call a size lost after N packets without an answer. Default: 3");
    private final OptionSpec timeout = Options.value("-W", "SECONDS", "1", "Timeout of a request. Default: 1");
    private final OptionSpec json = Options.flag("--json", "Print one JSON object per line.");
    private final Endpoints endpoints = new Endpoints("mtu");
    private final CommandContext context;

    MtuCommand(CommandContext context) {
        this.context = context;
    }

    CommandSpec spec() {
        CommandSpec spec = Options.command(
                this,
                "mtu",
                "Finds the path MTU: the largest packet that reaches a target unfragmented, and what limits it.",
                List.of(
                        want,
                        tries,
                        timeout,
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
        String given = want.getValue();
        int wanted = given == null ? 0 : OptionValues.integer("--want", given, SMALLEST_IPV4, LARGEST);
        int times = OptionValues.integer("--tries", tries.getValue(), 1, 100);
        var patience = OptionValues.seconds("-W", timeout.getValue());
        return new PerTarget(context, endpoints).run(new PerTarget.Work<PathMtu>() {
            @Override
            public PathMtu start(EchoRequester requester, Optional<InetAddress> from, Target target) {
                PathMtu.Builder search = PathMtu.newBuilder(requester, target.address())
                        .tries(times)
                        .timeout(patience);
                from.ifPresent(search::source);
                return search.start();
            }

            @Override
            public void cancel(PathMtu search) {
                search.cancel();
            }

            @Override
            public String interim(List<Target> targets, List<PathMtu> searches) {
                long ended = searches.stream()
                        .filter(search -> search.report().isDone())
                        .count();
                return ended + " of " + searches.size() + " targets are done\n";
            }

            @Override
            public PerTarget.Result await(Target target, PathMtu search) {
                PathMtuReport report = search.report().join();
                return new PerTarget.Result(
                        isKnown(report) && report.mtu() >= wanted,
                        Options.isGiven(json) ? MtuText.json(target, report) : MtuText.of(target, report));
            }

            @Override
            public String unresolved(Target target) {
                return MtuText.unresolved(target, Options.isGiven(json));
            }
        });
    }

    /** {@return whether the search came to its end: what a broken one has found is only a lower bound} */
    private static boolean isKnown(PathMtuReport report) {
        return report.mtu() > 0
                && switch (report.limit()) {
                    case NONE, LOCAL, TOLD, BLACK_HOLE -> true;
                    default -> false;
                };
    }
}
