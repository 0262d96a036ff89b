// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.sweep.SweepBatch;
import dev.netecho.sweep.SweepProgress;
import dev.netecho.sweep.SweepReport;
import java.net.InetAddress;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The lines of {@code netecho sweep}. */
final class SweepText {
    private SweepText() {}

    /** {@return one line about an answer} */
    static String of(SweepBatch batch, int i) {
        String address = AddressText.of(batch.address(i));
        return switch (batch.kind(i)) {
            case REPLY -> address + " is alive (" + Decimals.shortMillis(batch.roundTripNanos(i)) + " ms)\n";
            case KNOWN_REPLY -> address + " is alive\n";
            case DUPLICATE -> address + " answered again\n";
            case ERROR ->
                address + " is unreachable: "
                        + batch.error(i)
                                .orElseThrow()
                                .name()
                                .toLowerCase(Locale.ROOT)
                                .replace('_', ' ')
                        + " from " + AddressText.of(batch.responder(i)) + "\n";
            case KNOWN_ERROR -> address + " is unreachable: an ICMP error, told by an earlier run\n";
            case SILENT -> address + " is silent\n";
            case UNSURE -> address + " is unsure: this host may have lost the answer\n";
        };
    }

    static String json(SweepBatch batch, int i) {
        SweepBatch.Kind kind = batch.kind(i);
        InetAddress address = batch.address(i);
        JsonLine line = JsonLine.ofType("host").put("address", AddressText.of(address));
        switch (kind) {
            case KNOWN_REPLY -> line.put("result", "reply");
            case KNOWN_ERROR -> line.put("result", "error");
            default -> line.put("result", kind.name().toLowerCase(Locale.ROOT));
        }
        if (batch.roundTripNanos(i) == SweepBatch.UNKNOWN) {
            line.putNull("rtt_us");
        } else {
            line.putMicros("rtt_us", batch.roundTripNanos(i));
        }
        if (kind == SweepBatch.Kind.ERROR) {
            line.put("kind", batch.error(i).orElseThrow().name().toLowerCase(Locale.ROOT))
                    .put("responder", AddressText.of(batch.responder(i)));
        }
        return line.line();
    }

    /** {@return what a person sees while it runs} */
    static String of(SweepProgress progress) {
        long percent = progress.position() * 100 / progress.targets();
        return (progress.pass() > 1 ? "pass " + progress.pass() + "  " : "") + percent + "%  " + progress.answered()
                + " alive  " + Math.round(progress.rate()) + "/s  "
                + seconds(progress.timeLeft().toNanos()) + " left";
    }

    static String seconds(long nanos) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1);
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7_200 ? (seconds + 30) / 60 + " min" : (seconds + 1_800) / 3_600 + " h";
    }

    static String of(SweepReport report) {
        StringBuilder text = new StringBuilder()
                .append(report.asked())
                .append(" asked: ")
                .append(report.answered())
                .append(" alive, ")
                .append(report.errors())
                .append(" ICMP errors, ")
                .append(report.silent())
                .append(" silent, ")
                .append(report.unsure())
                .append(" unsure, ")
                .append(report.refused())
                .append(" refused");
        if (report.left() > 0) {
            text.append("; ").append(report.left()).append(" not asked yet");
        }
        text.append("\n").append(report.packets()).append(" probes");
        report.duplicates().ifPresent(count -> text.append(", ").append(count).append(" hosts answered twice"));
        text.append(", time ")
                .append(Decimals.scaled(report.elapsed().toNanos(), 1_000_000_000, 1))
                .append(" s, ")
                .append(report.way())
                .append("\n");
        report.trouble().ifPresent(why -> text.append(OneLine.of(why)).append("\n"));
        return text.toString();
    }

    static String json(SweepReport report) {
        return JsonLine.ofType("sweep")
                .put("targets", report.targets())
                .put("asked", report.asked())
                .put("answered", report.answered())
                .put("errors", report.errors())
                .put("silent", report.silent())
                .put("unsure", report.unsure())
                .put("refused", report.refused())
                .put("left", report.left())
                .put("duplicates", report.duplicates())
                .put("packets", report.packets())
                .putMicros("elapsed_us", report.elapsed().toNanos())
                .put("way", report.way())
                .put("seed", report.seed())
                .put("shard", report.shard())
                .put("shards", report.shards())
                .put("complete", report.complete())
                .put("trouble", report.trouble().orElse(null))
                .line();
    }
}
