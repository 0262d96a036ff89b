// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a plugin of Netdata prints: charts at the start, and then their values again and again, each for the requests
 * that ended since the last time.
 */
final class NetdataReport implements PingReport {
    private final PrintStream out;
    private final long everySeconds;
    private final Map<TargetStatistics, Recent> recent = new LinkedHashMap<>();
    private long shownNanos = System.nanoTime();

    /** The requests of one target that have ended since its values were printed. */
    private static final class Recent {
        final String id;
        long ended;
        RttStatistics rtt = new RttStatistics();
        long received;

        Recent(String id) {
            this.id = id;
        }
    }

    /** Constructs the report; Netdata counts in whole seconds. */
    NetdataReport(PrintStream out, Duration interval) {
        this.out = out;
        this.everySeconds = Math.max(1, interval.plusNanos(999_999_999).toSeconds());
    }

    @Override
    public void started() {
        // A chart is described before its first values.
    }

    @Override
    public void outcome(TargetStatistics target, Probe probe, EchoOutcome outcome) {
        Recent counts = recent.get(target);
        if (counts == null) {
            counts = new Recent(id(probe.target().shown()));
            recent.put(target, counts);
            charts(counts.id, probe.target().shown());
        }
        counts.ended++;
        if (outcome instanceof EchoOutcome.Reply reply) {
            counts.received++;
            counts.rtt.add(reply.roundTripTime().toNanos());
        }
        if (System.nanoTime() - shownNanos >= everySeconds * 1_000_000_000) {
            values();
        }
    }

    @Override
    public void finished(RunResult result) {
        values();
    }

    private void charts(String id, String name) {
        String shown = name.replace("'", "");
        String end = "' '" + shown + "' ";
        out.print("CHART netecho." + id + "_packets '' 'Packets of " + shown + "' 'packets" + end
                + "netecho.packets line 110020 " + everySeconds + "\n"
                + "DIMENSION asked '' absolute 1 1\nDIMENSION received '' absolute 1 1\n"
                + "CHART netecho." + id + "_quality '' 'Replies of " + shown + "' 'percentage" + end
                + "netecho.quality area 110010 " + everySeconds + "\n"
                + "DIMENSION returned '' absolute 1 1000\n"
                + "CHART netecho." + id + "_latency '' 'Round-trip time of " + shown + "' 'milliseconds" + end
                + "netecho.latency area 110000 " + everySeconds + "\n"
                + "DIMENSION min minimum absolute 1 1000\nDIMENSION max maximum absolute 1 1000\n"
                + "DIMENSION avg average absolute 1 1000\n");
    }

    private void values() {
        shownNanos = System.nanoTime();
        for (Recent counts : recent.values()) {
            if (counts.ended == 0) {
                continue;
            }
            out.print("BEGIN netecho." + counts.id + "_packets\nSET asked = " + counts.ended + "\nSET received = "
                    + counts.received + "\nEND\n" + "BEGIN netecho." + counts.id + "_quality\nSET returned = "
                    + counts.received * 100_000 / counts.ended + "\nEND\n");
            if (!counts.rtt.isEmpty()) {
                out.print("BEGIN netecho." + counts.id + "_latency\nSET min = " + micros(counts.rtt.min())
                        + "\nSET max = " + micros(counts.rtt.max()) + "\nSET avg = " + micros(counts.rtt.mean())
                        + "\nEND\n");
            }
            counts.ended = 0;
            counts.received = 0;
            counts.rtt = new RttStatistics();
        }
    }

    private static String micros(long nanos) {
        return Decimals.scaled(nanos, 1_000, 0);
    }

    /** {@return a name that a chart may have} */
    private static String id(String name) {
        return name.replaceAll("[^A-Za-z0-9_-]", "_");
    }
}
