// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoRequester;
import dev.netecho.testkit.simulated.SimulatedHosts;
import dev.netecho.testkit.simulated.SimulatedNetwork;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/metrics.md lists the meters that there are. */
class MetricsDocTest {
    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(netecho\\.[a-z.]+)` \\| ([a-z]+) \\| ([a-z]*) \\| `([a-z`, ]+)` \\| .+ \\|$");

    @Test
    void theTableIsWhatIsRegistered() throws Exception {
        List<String> documented = ROW.matcher(Files.readString(PAGE))
                .results()
                .map(row -> row(
                        row.group(1),
                        row.group(2),
                        row.group(3),
                        List.of(row.group(4).replace("`", "").split(", ", -1))))
                .sorted()
                .toList();
        assertThat(documented).isEqualTo(registered());
    }

    private static List<String> registered() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (EchoRequester requester = new SimulatedNetwork(new SimulatedHosts())
                        .newRequesterBuilder()
                        .open();
                EchoMetrics metrics = new EchoMetrics(requester)) {
            metrics.bindTo(registry);
            RoundTripTimer timer = new RoundTripTimer(registry, requester);
            TreeSet<String> rows = new TreeSet<>();
            for (Meter meter : registry.getMeters()) {
                Meter.Id id = meter.getId();
                rows.add(row(
                        id.getName(),
                        id.getType().name().toLowerCase(Locale.ROOT),
                        Objects.requireNonNullElse(id.getBaseUnit(), ""),
                        id.getTags().stream().map(Tag::getKey).toList()));
            }
            timer.close();
            return List.copyOf(rows);
        }
    }

    private static String row(String name, String type, String unit, List<String> tags) {
        return String.join(
                " ", name, type, unit, tags.stream().sorted().toList().toString());
    }
}
