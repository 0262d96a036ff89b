// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoOutcome.IcmpError;
import dev.netecho.EchoOutcome.NotSent;
import dev.netecho.EchoOutcome.Reply;
import dev.netecho.EchoOutcome.TimedOut;
import dev.netecho.EchoStatistics;
import dev.netecho.IcmpExtension;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * One JSON object per line: each outcome as it comes, a summary per target, one of all, the requester's counters last.
 */
final class JsonReport implements PingReport {
    private static final long TENTH_OF_A_MICROSECOND = 100;

    private final PrintStream out;

    JsonReport(PrintStream out) {
        this.out = out;
    }

    @Override
    public void started() {
        // Nothing is known yet.
    }

    @Override
    public void outcome(TargetStatistics target, Probe probe, EchoOutcome outcome) {
        JsonLine line =
                of("outcome", probe.target()).put("sequence", probe.sequence()).put("asked_at_us", probe.asked());
        describe(line, probe.target(), outcome);
        print(line);
    }

    /** Appends {@code outcome} and the members that belong to it. */
    static void describe(JsonLine line, Target target, EchoOutcome outcome) {
        if (outcome instanceof Reply reply) {
            line.put("outcome", "reply")
                    .put("responder", AddressText.of(reply.responder()))
                    .putMicros("rtt_us", shown(reply.roundTripTime()))
                    .putMicros(
                            "rtt_uncertainty_us", reply.roundTripUncertainty().toNanos())
                    .put("timestamp_source", lowerCase(reply.timestampSource()))
                    .put("hop_limit", reply.hopLimit())
                    .put("bytes", reply.payload().size())
                    .put("intact", reply.payloadIntact());
        } else if (outcome instanceof IcmpError error) {
            line.put("outcome", "icmp_error")
                    .put("kind", lowerCase(error.kind()))
                    .put("icmp_type", error.type())
                    .put("icmp_code", error.code())
                    .put("responder", AddressText.of(error.responder()))
                    .put("next_hop_mtu", error.nextHopMtu())
                    .putMicros("rtt_us", shown(error.roundTripTime()))
                    .putMicros(
                            "rtt_uncertainty_us", error.roundTripUncertainty().toNanos());
            putExtensions(line, error.extensions());
        } else if (outcome instanceof TimedOut timedOut) {
            line.put("outcome", "timed_out")
                    .putMicros("waited_us", timedOut.waited().toNanos())
                    .put("local_drops_suspected", timedOut.localDropsSuspected());
        } else if (outcome instanceof NotSent notSent) {
            line.put("outcome", "not_sent")
                    .put("reason", OutcomeText.reason(target, notSent))
                    .put("detail", AddressText.shortened(notSent.detail()))
                    .put("os_error", notSent.osError());
        }
    }

    /** Appends what a router added to its error; no member if that is nothing. */
    static JsonLine putExtensions(JsonLine line, List<IcmpExtension> extensions) {
        return extensions.isEmpty()
                ? line
                : line.putObjects(
                        "extensions",
                        extensions.stream().map(JsonReport::extension).toList());
    }

    private static JsonLine extension(IcmpExtension extension) {
        JsonLine object = new JsonLine()
                .put("class", extension.classNumber())
                .put("type", extension.type())
                .put("data", HexFormat.of().formatHex(extension.data()));
        List<IcmpExtension.MplsLabel> labels = extension.mplsLabels();
        return labels.isEmpty()
                ? object
                : object.putObjects(
                        "mpls", labels.stream().map(JsonReport::label).toList());
    }

    private static JsonLine label(IcmpExtension.MplsLabel label) {
        return new JsonLine()
                .put("label", label.label())
                .put("traffic_class", label.trafficClass())
                .put("bottom", label.bottomOfStack())
                .put("ttl", label.timeToLive());
    }

    /** SPEC TIM-3: no time is 0, and none may look like 0 with one decimal. */
    static long shown(Duration roundTripTime) {
        return Math.max(TENTH_OF_A_MICROSECOND, roundTripTime.toNanos());
    }

    @Override
    public void moved(Target before, Target now) {
        print(of("address_change", now).put("before", before.isResolved() ? AddressText.of(before.address()) : null));
    }

    @Override
    public void finished(RunResult result) {
        EchoStatistics requester = result.requester();
        long altered = result.altered(); // a sum over all targets, computed once
        for (TargetStatistics target : result.targets()) {
            print(summary(target, result, altered));
        }
        print(total(result));
        print(JsonLine.ofType("statistics")
                .put("sent", requester.sent())
                .put("replies", requester.replies())
                .put("icmp_errors", requester.icmpErrors())
                .put("timed_out", requester.timedOut())
                .put("not_sent", requester.notSent())
                .put("abandoned", requester.abandoned())
                .put("in_flight", requester.inFlight())
                .put("queued", requester.queued())
                .putMicros("queue_us", requester.queueTime().toNanos())
                .putMicros("pace_us", requester.paceTime().toNanos())
                .put("duplicates", requester.duplicates())
                .put("late", requester.late())
                .put("altered", requester.altered())
                .put("wrong_source", requester.wrongSource())
                .put("unmatched", requester.unmatched())
                .put("dropped_locally", requester.droppedLocally()));
    }

    private static JsonLine summary(TargetStatistics target, RunResult result, long altered) {
        EchoStatistics requester = result.requester();
        JsonLine line = of("summary", target.target())
                .put("asked", target.asked())
                .put("sent", result.sent(target))
                .put("received", target.received())
                .put("icmp_errors", target.icmpErrors())
                .put("timed_out", target.timedOut())
                .put("not_sent", target.notSent())
                .put("given_up", target.givenUp())
                .putPercent("loss_percent", target.lost(), target.ended())
                .put("duplicates", result.attributed(requester.duplicates(), 0, 0))
                .put("late", result.attributed(requester.late(), 0, 0))
                .put("altered", result.attributed(requester.altered(), altered, target.altered()))
                .put("wrong_source", result.attributed(requester.wrongSource(), 0, 0));
        return putRoundTrips(line, target.rtt()).put("provider", result.provider());
    }

    private static JsonLine putRoundTrips(JsonLine line, RttStatistics rtt) {
        if (rtt.isEmpty()) {
            line.putNull("rtt_min_us")
                    .putNull("rtt_avg_us")
                    .putNull("rtt_max_us")
                    .putNull("rtt_stddev_us");
        } else {
            line.putMicros("rtt_min_us", rtt.min())
                    .putMicros("rtt_avg_us", rtt.mean())
                    .putMicros("rtt_max_us", rtt.max())
                    .putMicros("rtt_stddev_us", rtt.standardDeviation());
        }
        return line;
    }

    /** All targets together. */
    private static JsonLine total(RunResult result) {
        long asked = 0;
        long ended = 0;
        long received = 0;
        long icmpErrors = 0;
        long timedOut = 0;
        long notSent = 0;
        int all = 0;
        int some = 0;
        RttStatistics rtt = new RttStatistics();
        for (TargetStatistics target : result.targets()) {
            asked += target.asked();
            ended += target.ended();
            received += target.received();
            icmpErrors += target.icmpErrors();
            timedOut += target.timedOut();
            notSent += target.notSent();
            all += target.isAnswered() ? 1 : 0;
            some += target.received() > 0 && !target.isAnswered() ? 1 : 0;
            rtt.add(target.rtt());
        }
        JsonLine line = JsonLine.ofType("total")
                .put("targets", result.targets().size())
                .put("answered_all", all)
                .put("answered_some", some)
                .put("answered_none", result.targets().size() - all - some)
                .put("asked", asked)
                .put("sent", received + icmpErrors + timedOut + result.givenUpSent())
                .put("received", received)
                .put("icmp_errors", icmpErrors)
                .put("timed_out", timedOut)
                .put("not_sent", notSent)
                .put("given_up", result.givenUp())
                .putPercent("loss_percent", ended - received, ended);
        return putRoundTrips(line, rtt)
                .putMicros("elapsed_us", result.elapsed().toNanos())
                .put("provider", result.provider());
    }

    /** Only lists have labels: without one there is no such member. */
    static JsonLine of(String type, Target target) {
        JsonLine line = JsonLine.ofType(type).put("target", target.text());
        if (!target.label().isEmpty()) {
            line.put("label", target.label());
        }
        return target.isResolved() ? line.put("address", AddressText.of(target.address())) : line.putNull("address");
    }

    private void print(JsonLine line) {
        out.print(line.line());
    }

    /** {@return the spelling of a constant in JSON} */
    static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
