// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.sweep.SweepBatch;
import dev.netecho.sweep.SweepProgress;
import dev.netecho.sweep.SweepReport;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The lines of {@code netecho sweep}. */
final class SweepText {
    private static final String KNOWN = "known_";

    private SweepText() {}

    /** {@return one line about an answer} */
    static String of(SweepBatch batch, int i) {
        String address = AddressText.of(batch.address(i));
        return switch (batch.kind(i)) {
            case REPLY -> address + " is alive (" + Decimals.shortMillis(batch.roundTripNanos(i)) + " ms)\n";
            case KNOWN_REPLY -> address + " was alive in an earlier run\n";
            case DUPLICATE -> address + " answered again\n";
            case ERROR ->
                address + " is unreachable: "
                        + batch.error(i)
                                .orElseThrow()
                                .name()
                                .toLowerCase(Locale.ROOT)
                                .replace('_', ' ')
                        + " from " + AddressText.of(batch.responder(i)) + "\n";
            case KNOWN_ERROR -> address + " was unreachable in an earlier run: an ICMP error\n";
            case SILENT -> address + " is silent\n";
            case UNSURE -> address + " is unsure: this host may have lost the answer\n";
            case KNOWN_SILENT -> address + " was silent in an earlier run\n";
            case KNOWN_UNSURE -> address + " was unsure in an earlier run: this host may have lost the answer\n";
        };
    }

    static String json(SweepBatch batch, int i) {
        SweepBatch.Kind kind = batch.kind(i);
        InetAddress address = batch.address(i);
        JsonLine line = JsonLine.ofType("host").put("address", AddressText.of(address));
        String result = kind.name().toLowerCase(Locale.ROOT);
        boolean earlier = result.startsWith(KNOWN);
        line.put("result", earlier ? result.substring(KNOWN.length()) : result);
        line.put("earlier", earlier);
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
        report.earlier()
                .filter(earlier -> !earlier.complete() && earlier.answered() + earlier.errors() > 0)
                .ifPresent(earlier -> text.append("\nof the answers, ")
                        .append(earlier.answered())
                        .append(" replies and ")
                        .append(earlier.errors())
                        .append(" ICMP errors are from earlier runs, between ")
                        .append(seconds(earlier.began()))
                        .append(" and ")
                        .append(seconds(earlier.ended())));
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

    private static String seconds(Instant moment) {
        return Instant.ofEpochSecond(moment.getEpochSecond()).toString();
    }

    static boolean isAlreadyComplete(SweepReport report) {
        return report.earlier().map(SweepReport.Earlier::complete).orElse(false);
    }

    /** {@return what to say of a sweep that was complete before it was run again} */
    static String alreadyComplete(SweepReport.Earlier earlier, String checkpoint) {
        return "nothing was asked now: the sweep of the checkpoint " + OneLine.quoted(checkpoint)
                + " was complete already, and ended at " + seconds(earlier.ended())
                + "; to sweep again, delete that file or give another one";
    }

    static String json(SweepReport report) {
        Optional<SweepReport.Earlier> earlier = report.earlier();
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
                .put("already_complete", isAlreadyComplete(report))
                .put("earlier_began", earlier.map(SweepReport.Earlier::began).orElse(null))
                .put("earlier_ended", earlier.map(SweepReport.Earlier::ended).orElse(null))
                .put(
                        "earlier_answered",
                        earlier.map(SweepReport.Earlier::answered).orElse(0L))
                .put("earlier_errors", earlier.map(SweepReport.Earlier::errors).orElse(0L))
                .put("trouble", report.trouble().orElse(null))
                .line();
    }
}
