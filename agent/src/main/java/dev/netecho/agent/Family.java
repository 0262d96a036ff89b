// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;

/** Makes the series of one name. Not thread-safe. */
final class Family {
    private final MetricMetadata metadata;
    private final List<CounterDataPointSnapshot> counters = new ArrayList<>();
    private final List<GaugeDataPointSnapshot> gauges = new ArrayList<>();

    Family(String name, String help) {
        this.metadata = new MetricMetadata(name, help);
    }

    Family gauge(Labels labels, double value) {
        gauges.add(new GaugeDataPointSnapshot(value, labels, null));
        return this;
    }

    Family gauge(double value) {
        return gauge(Labels.EMPTY, value);
    }

    Family counter(Labels labels, double value) {
        counters.add(new CounterDataPointSnapshot(value, labels, null, 0));
        return this;
    }

    /** Prometheus has doubles only: a count above 2 to the power of 53 loses its last digits. */
    Family counter(Labels labels, long count) {
        return counter(labels, (double) count);
    }

    Family gauge(Labels labels, long count) {
        return gauge(labels, (double) count);
    }

    Family gauge(long count) {
        return gauge(Labels.EMPTY, (double) count);
    }

    /** {@return the series; a counter if there is one, otherwise a gauge} */
    MetricSnapshot snapshot() {
        return counters.isEmpty() ? new GaugeSnapshot(metadata, gauges) : new CounterSnapshot(metadata, counters);
    }
}
