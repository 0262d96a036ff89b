// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** How the agent itself is: what its requester counts, under the names of docs/metrics.md, and its schedule. */
final class AgentMetrics {
    private static final MetricMetadata LAG = new MetricMetadata(
            "netecho_agent_schedule_lag_seconds", "How much later than planned requests were given to the requester");

    private final EchoRequester requester;
    private final LagWatch lag;
    private final InForce inForce;
    private final Discovery discovery;
    private final Labels labels;

    AgentMetrics(EchoRequester requester, LagWatch lag, InForce inForce, Discovery discovery) {
        this.requester = requester;
        this.lag = lag;
        this.inForce = inForce;
        this.discovery = discovery;
        this.labels = Labels.of("requester", requester.name());
    }

    List<MetricSnapshot> of(List<TargetState> targets) {
        List<MetricSnapshot> series = new ArrayList<>();
        EchoStatistics counts = requester.statistics();
        series.add(counter("netecho_sent", "Requests handed to the operating system", counts.sent()));
        series.add(counter("netecho_replies", "Requests that ended with a reply", counts.replies()));
        series.add(counter("netecho_timeouts", "Requests that timed out", counts.timedOut()));
        series.add(counter("netecho_abandoned", "Requests given up after they were sent", counts.abandoned()));
        Family errors = new Family("netecho_icmp_errors", "Requests that ended with an ICMP error");
        for (IcmpErrorKind kind : IcmpErrorKind.values()) {
            errors.counter(labels.add("kind", Words.of(kind)), counts.icmpErrors(kind));
        }
        series.add(errors.snapshot());
        Family refusals = new Family("netecho_not_sent", "Requests refused on this host, cancelled or closed");
        for (NotSentReason reason : NotSentReason.values()) {
            refusals.counter(labels.add("reason", Words.of(reason)), counts.notSent(reason));
        }
        series.add(refusals.snapshot());
        series.add(strays(counts));
        counts.droppedLocally()
                .ifPresent(drops -> series.add(counter(
                        "netecho_receive_drops", "Packets the kernel dropped: the receive buffer was full", drops)));
        series.add(counter(
                "netecho_pace_time_seconds",
                "For how long sending paused because of a rate limit",
                counts.paceTime().toNanos() / 1e9));
        series.add(gauge("netecho_in_flight", "Requests sent and not completed", counts.inFlight()));
        series.add(gauge("netecho_queued", "Requests accepted and not sent", counts.queued()));
        series.add(gauge(
                "netecho_queue_time_seconds",
                "How long a recent request waited to be sent",
                counts.queueTime().toNanos() / 1e9));
        series.add(new HistogramSnapshot(
                LAG,
                List.of(new HistogramDataPointSnapshot(
                        ClassicHistogramBuckets.of(LagWatch.BOUNDS, lag.counts()),
                        lag.sum(),
                        Labels.EMPTY,
                        Exemplars.EMPTY,
                        0))));
        series.add(new Family("netecho_agent_skipped_rounds", "Requests left out because they were too late")
                .counter(Labels.EMPTY, lag.skipped())
                .snapshot());
        long unresolved =
                targets.stream().filter(target -> target.address() == null).count();
        series.add(new Family("netecho_agent_targets", "Targets that are watched")
                .gauge(targets.size())
                .snapshot());
        series.add(new Family("netecho_agent_unresolved_targets", "Targets whose name has no address")
                .gauge(unresolved)
                .snapshot());
        series.add(new Family("netecho_agent_config_last_reload_successful", "Whether the last reload succeeded")
                .gauge(inForce.isLastGood() ? 1L : 0L)
                .snapshot());
        series.add(new Family(
                        "netecho_agent_config_last_reload_success_timestamp_seconds",
                        "When the configuration in force was read")
                .gauge(inForce.sinceMillis() / 1e3)
                .snapshot());
        Family lists = new Family("netecho_agent_list_good", "Whether a list of targets was read the last time");
        discovery.lists().forEach(list -> lists.gauge(Labels.of("list", list.name()), list.isGood() ? 1L : 0L));
        series.add(lists.snapshot());
        return series;
    }

    private MetricSnapshot strays(EchoStatistics counts) {
        Family strays = new Family("netecho_strays", "Packets that are no outcome of a request");
        stray(strays, "duplicate", counts.duplicates());
        stray(strays, "late", counts.late());
        stray(strays, "altered", counts.altered());
        stray(strays, "wrong_source", counts.wrongSource());
        stray(strays, "unmatched", counts.unmatched());
        return strays.snapshot();
    }

    private void stray(Family strays, String kind, OptionalLong count) {
        count.ifPresent(known -> strays.counter(labels.add("kind", kind), known));
    }

    private MetricSnapshot counter(String name, String help, double value) {
        return new Family(name, help).counter(labels, value).snapshot();
    }

    private MetricSnapshot counter(String name, String help, long count) {
        return new Family(name, help).counter(labels, count).snapshot();
    }

    private MetricSnapshot gauge(String name, String help, long count) {
        return new Family(name, help).gauge(labels, count).snapshot();
    }

    private MetricSnapshot gauge(String name, String help, double value) {
        return new Family(name, help).gauge(labels, value).snapshot();
    }
}
