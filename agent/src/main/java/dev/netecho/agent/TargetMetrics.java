// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * What the targets did, as series: one family after the other, each for some targets at a time. What all targets have
 * at once would outlive several collections, and hold up the schedule meanwhile.
 */
final class TargetMetrics {
    private static final MetricMetadata ROUND_TRIP =
            new MetricMetadata("netecho_target_round_trip_seconds", "Round-trip times of replies");
    private static final MetricMetadata INFO = new MetricMetadata("netecho_target", "The address that is asked");

    private TargetMetrics() {}

    /** Makes the series of one name. */
    @FunctionalInterface
    interface Maker {
        /** {@return the series of some targets} */
        MetricSnapshot of(List<TargetState> targets);
    }

    /**
     * {@return one for each name} Outcomes come before requests: no more rounds have ended than begun.
     *
     * @param asNative whether round trips are told as a native histogram, too
     */
    static List<Maker> makers(boolean asNative) {
        return List.of(
                TargetMetrics::up,
                TargetMetrics::resolved,
                TargetMetrics::addresses,
                targets -> roundTrips(targets, asNative),
                TargetMetrics::outcomes,
                TargetMetrics::requests,
                TargetMetrics::hopLimits);
    }

    private static MetricSnapshot up(List<TargetState> targets) {
        Family up = new Family(
                "netecho_target_up", "1 if the host answers, 0 if it is down, NaN if nothing is known of it");
        targets.forEach(target -> up.gauge(target.labels(), number(target.condition())));
        return up.snapshot();
    }

    private static double number(TargetState.Condition condition) {
        return switch (condition) {
            case UP -> 1;
            case DOWN -> 0;
            case UNKNOWN -> Double.NaN;
        };
    }

    private static MetricSnapshot resolved(List<TargetState> targets) {
        Family resolved = new Family("netecho_target_resolved", "Whether the name has an address");
        targets.forEach(target -> resolved.gauge(target.labels(), target.address() == null ? 0L : 1L));
        return resolved.snapshot();
    }

    private static MetricSnapshot addresses(List<TargetState> targets) {
        List<InfoDataPointSnapshot> addresses = new ArrayList<>(targets.size());
        for (TargetState target : targets) {
            InetAddress address = target.address();
            if (address != null) {
                addresses.add(new InfoDataPointSnapshot(target.labels("address", Addresses.text(address))));
            }
        }
        return new InfoSnapshot(INFO, addresses);
    }

    private static MetricSnapshot roundTrips(List<TargetState> targets, boolean asNative) {
        List<HistogramDataPointSnapshot> points = new ArrayList<>(targets.size());
        RoundTrips last = null;
        double[] bounds = {};
        for (TargetState target : targets) {
            RoundTrips times = target.roundTrips();
            if (last == null || !times.isLike(last)) { // a reload may be under way
                bounds = times.upperBounds();
            }
            last = times;
            points.add(times.point(bounds, target.labels(), asNative));
        }
        return new HistogramSnapshot(ROUND_TRIP, points);
    }

    private static MetricSnapshot outcomes(List<TargetState> targets) {
        Family outcomes = new Family("netecho_target_outcomes", "How rounds ended, and why");
        for (TargetState target : targets) {
            long[] counts = target.outcomes();
            for (OutcomeKind kind : OutcomeKind.ALL) {
                long count = counts[kind.index()];
                // Those that alerts look at are there from the start: their first change is one from 0 to 1.
                if (count > 0 || kind.index() <= OutcomeKind.LOCAL_DROPS.index()) {
                    outcomes.counter(target.labels(kind), count);
                }
            }
        }
        return outcomes.snapshot();
    }

    private static MetricSnapshot requests(List<TargetState> targets) {
        Family requests = new Family("netecho_target_requests", "Rounds of the schedule");
        targets.forEach(target -> requests.counter(target.labels(), target.requests()));
        return requests.snapshot();
    }

    private static MetricSnapshot hopLimits(List<TargetState> targets) {
        Family hops = new Family("netecho_target_reply_hop_limit", "Hop limit (TTL) of the last reply");
        for (TargetState target : targets) {
            target.hopLimit().ifPresent(limit -> hops.gauge(target.labels(), (long) limit));
        }
        return hops.snapshot();
    }
}
