// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import java.io.PrintStream;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * A line per target at the end, in the line protocol of InfluxDB. Measurement, tags and fields are those of Telegraf's
 * ping plugin, so that its dashboards fit.
 */
final class TelegrafReport implements PingReport {
    /** Telegraf's result_code: 0 success, 1 no such host, 2 error. */
    private static final int NO_SUCH_HOST = 1;

    private final PrintStream out;

    TelegrafReport(PrintStream out) {
        this.out = out;
    }

    @Override
    public void started() {
        // Nothing is known yet.
    }

    @Override
    public void outcome(TargetStatistics target, Probe probe, EchoOutcome outcome) {
        // Its counts are printed at the end.
    }

    @Override
    public void finished(RunResult result) {
        Instant now = Instant.now();
        String nanos = now.getEpochSecond()
                + Integer.toString(1_000_000_000 + now.getNano()).substring(1);
        for (TargetStatistics target : result.targets()) {
            out.print(line(target, result) + " " + nanos + "\n");
        }
    }

    private static String line(TargetStatistics target, RunResult result) {
        StringBuilder line =
                new StringBuilder("ping,url=").append(tag(target.target().text()));
        if (!target.target().isResolved()) {
            return line.append(" result_code=").append(NO_SUCH_HOST).append('i').toString();
        }
        line.append(",ip=").append(tag(AddressText.of(target.target().address())));
        OptionalLong sent = result.sent(target);
        line.append(" packets_received=").append(target.received()).append("i,result_code=0i");
        if (sent.isPresent()) {
            line.append(",packets_transmitted=").append(sent.getAsLong()).append('i');
        }
        if (target.ended() > 0) {
            line.append(",percent_packet_loss=").append(SummaryText.lossPercent(target));
        }
        RttStatistics rtt = target.rtt();
        if (!rtt.isEmpty()) {
            line.append(",minimum_response_ms=")
                    .append(Decimals.millis(rtt.min()))
                    .append(",average_response_ms=")
                    .append(Decimals.millis(rtt.mean()))
                    .append(",maximum_response_ms=")
                    .append(Decimals.millis(rtt.max()))
                    .append(",standard_deviation_ms=")
                    .append(Decimals.millis(rtt.standardDeviation()));
        }
        return line.toString();
    }

    /** In a tag these characters end it, and a line feed would end the line. */
    private static String tag(String text) {
        return OneLine.of(text)
                .replace("\\", "\\\\")
                .replace(",", "\\,")
                .replace("=", "\\=")
                .replace(" ", "\\ ");
    }
}
