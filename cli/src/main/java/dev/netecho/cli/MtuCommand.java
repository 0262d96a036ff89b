// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.IpVersion;
import dev.netecho.path.PathMtu;
import dev.netecho.path.PathMtuReport;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code netecho mtu}: the largest packet that reaches each target in one piece. */
final class MtuCommand implements Callable<Integer> {
    private static final int SMALLEST_IPV4 = 68;
    private static final int LARGEST = 65_535;

    /** IP and ICMP, IP and TCP (RFC 6691). */
    private static final int IPV4_PING = 28;

    private static final int IPV4_TCP = 40;
    private static final int MORE_IPV6 = 20;

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
    private final Endpoints endpoints = new Endpoints();
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
        InetAddress from = endpoints.source();
        EchoRequester.Builder requesters = endpoints.requesters(context);
        List<Target> all = endpoints.resolve(endpoints.resolver(from, context.names()), context.in());
        List<Target> targets = Target.resolved(all);
        try (EchoRequester requester = endpoints.open(requesters)) {
            List<PathMtu> searches = new ArrayList<>(targets.size());
            for (Target target : targets) {
                PathMtu.Builder search = PathMtu.newBuilder(requester, target.address())
                        .tries(times)
                        .timeout(patience);
                searches.add((from == null ? search : search.source(from)).start());
            }
            context.running().accept(new Interruptible() {
                @Override
                public void stop() {
                    searches.forEach(PathMtu::cancel);
                }

                @Override
                public void summarize() {
                    long ended = searches.stream()
                            .filter(search -> search.report().isDone())
                            .count();
                    context.err().println(ended + " of " + searches.size() + " targets are done");
                }
            });
            boolean good = targets.size() == all.size();
            for (Target target : Target.unresolved(all)) {
                context.out().print(unresolved(target));
            }
            for (int i = 0; i < searches.size(); i++) {
                PathMtuReport report = searches.get(i).report().join();
                good &= isKnown(report) && report.mtu() >= wanted;
                context.out()
                        .print(Options.isGiven(json) ? json(targets.get(i), report) : text(targets.get(i), report));
                context.out().flush();
            }
            return good ? ExitStatus.ANSWERED : ExitStatus.UNANSWERED;
        }
    }

    /** {@return what is printed of a target that has no address} */
    private String unresolved(Target target) {
        return Options.isGiven(json)
                ? JsonLine.ofType("path_mtu")
                        .put("target", target.text())
                        .putNull("address")
                        .put("limit", "unresolved")
                        .putNull("mtu")
                        .put("detail", target.trouble())
                        .line()
                : OneLine.of(target.text()) + ": path MTU unknown: it " + target.trouble() + "\n";
    }

    /** {@return whether the search came to its end: what a broken one has found is only a lower bound} */
    private static boolean isKnown(PathMtuReport report) {
        return report.mtu() > 0
                && switch (report.limit()) {
                    case NONE, LOCAL, TOLD, BLACK_HOLE -> true;
                    default -> false;
                };
    }

    private static String text(Target target, PathMtuReport report) {
        String name = TraceText.name(target) + ": ";
        if (report.mtu() == 0) {
            return name + "path MTU unknown: " + unknown(report) + "\n";
        }
        return name + "path MTU " + report.mtu() + limit(report) + "; payload " + payload(target, report) + ", TCP MSS "
                + mss(target, report) + "\n";
    }

    private static String limit(PathMtuReport report) {
        String hop = report.distance().isPresent() ? " hop " + report.distance().getAsInt() : "";
        return switch (report.limit()) {
            case NONE -> ", the largest that can be tried";
            case LOCAL -> ", the limit of this host";
            case TOLD ->
                report.toldBy()
                        .map(router -> ", lowered at" + hop + (hop.isEmpty() ? " " : " (") + AddressText.of(router)
                                + (hop.isEmpty() ? "" : ")"))
                        .orElse("");
            case BLACK_HOLE ->
                ", a black hole" + (hop.isEmpty() ? "" : " after" + hop) + ": packets of "
                        + report.lost().orElse(report.mtu() + 1) + " bytes vanish, and no error came";
            default -> ", not finished: " + unknown(report);
        };
    }

    private static String unknown(PathMtuReport report) {
        EchoOutcome why = report.why().orElse(null);
        if (why instanceof EchoOutcome.IcmpError error) {
            return "from " + AddressText.of(error.responder()) + ": " + IcmpErrorText.of(error);
        }
        if (why instanceof EchoOutcome.NotSent refused) {
            return "not sent: " + OutcomeText.plain(refused);
        }
        return why == null
                ? "interrupted"
                : "no answer to " + report.sent() + (report.sent() == 1 ? " small packet" : " small packets");
    }

    private static String json(Target target, PathMtuReport report) {
        boolean known = report.mtu() > 0;
        JsonLine line = JsonLine.ofType("path_mtu")
                .put("target", target.text())
                .put("address", AddressText.of(target.address()))
                .put("limit", JsonReport.lowerCase(report.limit()));
        put(line, "mtu", known, report.mtu());
        put(line, "payload", known, payload(target, report));
        put(line, "tcp_mss", known, mss(target, report));
        return line.put("told_by", address(report.toldBy().orElse(null)))
                .put("hop", report.distance())
                .put("lost", report.lost())
                .put("detail", known ? null : unknown(report))
                .put("sent", report.sent())
                .line();
    }

    private static void put(JsonLine line, String name, boolean known, int value) {
        if (known) {
            line.put(name, value);
        } else {
            line.putNull(name);
        }
    }

    private static @Nullable String address(@Nullable InetAddress address) {
        return address == null ? null : AddressText.of(address);
    }

    private static int payload(Target target, PathMtuReport report) {
        return report.mtu() - IPV4_PING - more(target);
    }

    private static int mss(Target target, PathMtuReport report) {
        return report.mtu() - IPV4_TCP - more(target);
    }

    private static int more(Target target) {
        return IpVersion.of(target.address()) == IpVersion.V4 ? 0 : MORE_IPV6;
    }
}
