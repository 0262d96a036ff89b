// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import dev.netecho.IcmpExtension;
import dev.netecho.path.PathEnd;
import dev.netecho.path.PathHop;
import dev.netecho.path.PathReport;
import dev.netecho.path.RoundTrips;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** A path as text and as JSON. */
final class TraceText {
    private static final int ADDRESS_WIDTH = 15;

    private TraceText() {}

    static String of(Target target, PathReport report) {
        StringBuilder text =
                new StringBuilder("trace to ").append(OutcomeText.name(target)).append('\n');
        int width = ADDRESS_WIDTH;
        for (PathHop hop : report.hops()) {
            for (InetAddress responder : hop.responders()) {
                width = Math.max(width, AddressText.of(responder).length());
            }
        }
        if (!report.hops().isEmpty()) {
            line(text, width, "hop", "address", "loss", "sent", "last", "avg", "best", "worst", "jitter");
            for (PathHop hop : report.hops()) {
                hop(text, width, hop);
            }
        }
        text.append(end(report)).append('\n');
        if (report.end() != PathEnd.NOT_SENT) {
            notSent(text, report);
        }
        return text.toString();
    }

    private static void notSent(StringBuilder text, PathReport report) {
        new TreeMap<>(report.notSent())
                .forEach((reason, number) -> text.append(number == 1 ? "1 request was" : number + " requests were")
                        .append(" not sent: ")
                        .append(OutcomeText.words(reason))
                        .append('\n'));
    }

    /** {@return what is printed of a target that has no address} */
    static String unresolved(Target target, boolean json) {
        return json
                ? JsonLine.ofType("path")
                        .put("target", target.text())
                        .putNull("address")
                        .put("end", "unresolved")
                        .put("detail", target.trouble())
                        .line()
                : "trace to " + OneLine.of(target.text()) + "\nnot sent: it " + target.trouble() + "\n";
    }

    private static void hop(StringBuilder text, int width, PathHop hop) {
        List<InetAddress> responders = hop.responders();
        String first = responders.isEmpty() ? "*" : AddressText.of(responders.get(0));
        String[] times = hop.roundTrips()
                .map(trips -> new String[] {
                    millis(trips.last()),
                    millis(trips.average()),
                    millis(trips.best()),
                    millis(trips.worst()),
                    millis(trips.jitter())
                })
                .orElse(new String[] {"-", "-", "-", "-", "-"});
        line(
                text,
                width,
                Integer.toString(hop.distance()),
                first,
                Math.round(hop.loss() * 100) + "%",
                Integer.toString(hop.sent()),
                times[0],
                times[1],
                times[2],
                times[3],
                times[4]);
        for (int i = 1; i < responders.size(); i++) {
            text.append("     ").append(AddressText.of(responders.get(i))).append('\n');
        }
        for (IcmpExtension extension : hop.extensions()) {
            text.append("     ").append(IcmpErrorText.of(extension)).append('\n');
        }
        if (hop.limitsErrors()) {
            text.append("     forwards, but did not answer ")
                    .append(times(hop.limited()))
                    .append('\n');
        }
        if (hop.droppedLocally() > 0) {
            text.append("     this host dropped packets while ")
                    .append(hop.droppedLocally() == 1 ? "a request was" : hop.droppedLocally() + " requests were")
                    .append(" in flight\n");
        }
    }

    private static String times(int number) {
        return number == 1 ? "once" : number == 2 ? "twice" : number + " times";
    }

    /** Numbers end, and the address begins, at the same column in every line. */
    private static void line(StringBuilder text, int width, String distance, String address, String... numbers) {
        text.append(" ".repeat(Math.max(0, 3 - distance.length())))
                .append(distance)
                .append("  ")
                .append(address)
                .append(" ".repeat(width - address.length()));
        for (int i = 0; i < numbers.length; i++) {
            int column = i < 2 ? 6 : 9; // loss and sent, then times
            text.append(" ".repeat(Math.max(1, column - numbers[i].length()))).append(numbers[i]);
        }
        text.append('\n');
    }

    private static String end(PathReport report) {
        int hops = report.hops().size();
        return switch (report.end()) {
            case REACHED ->
                "reached in " + hops(hops)
                        + (report.reverseDistance().isPresent()
                                ? "; the reply came back in "
                                        + hops(report.reverseDistance().getAsInt())
                                : "");
            case UNREACHABLE -> "unreachable: " + OutcomeText.why(report.why().orElse(null));
            case LOOP -> "not reached: packets go round in a circle";
            case TOO_FAR -> "not reached in " + hops(hops) + "; ask more with -m";
            case NOT_SENT -> "not sent: " + OutcomeText.why(report.why().orElse(null));
            case UNKNOWN -> "unknown: no round was completed";
            default -> hops == 0 ? "no answer from any hop" : "not reached: no answer after hop " + hops;
        };
    }

    private static String hops(int number) {
        return number == 1 ? "1 hop" : number + " hops";
    }

    static String json(Target target, PathReport report) {
        StringBuilder text = new StringBuilder();
        for (PathHop hop : report.hops()) {
            JsonLine line = JsonLine.ofType("hop")
                    .put("target", target.text())
                    .put("hop", hop.distance())
                    .put("responders", addresses(hop.responders()))
                    .put("sent", hop.sent())
                    .put("answered", hop.answered())
                    .put("limited", hop.limited())
                    .put("dropped_locally", hop.droppedLocally())
                    .put("not_sent", hop.notSent());
            int judged = hop.sent() - hop.limited() - hop.droppedLocally();
            line.putPercent("loss_percent", judged - hop.answered(), judged);
            RoundTrips trips = hop.roundTrips().orElse(null);
            for (String name :
                    List.of("rtt_last_us", "rtt_avg_us", "rtt_min_us", "rtt_max_us", "rtt_stddev_us", "jitter_us")) {
                if (trips == null) {
                    line.putNull(name);
                } else {
                    line.putMicros(name, time(trips, name).toNanos());
                }
            }
            text.append(JsonReport.putExtensions(line, hop.extensions()).line());
        }
        EchoOutcome why = report.why().orElse(null);
        JsonLine path = JsonLine.ofType("path")
                .put("target", target.text())
                .put("address", AddressText.of(target.address()))
                .put("end", JsonReport.lowerCase(report.end()))
                .put("detail", why == null ? null : OutcomeText.why(why))
                .put("hops", report.hops().size())
                .put("reverse_hops", report.reverseDistance())
                .put("rounds", report.rounds())
                .put("changes", report.changes())
                .putObjects("not_sent", notSent(report))
                .put("path_id", pathId(report));
        return text.append(path.line()).toString();
    }

    private static List<JsonLine> notSent(PathReport report) {
        List<JsonLine> reasons = new ArrayList<>();
        new TreeMap<>(report.notSent())
                .forEach((reason, number) -> reasons.add(new JsonLine()
                        .put("reason", JsonReport.lowerCase(reason))
                        .put("requests", number)));
        return reasons;
    }

    private static Duration time(RoundTrips trips, String name) {
        return switch (name) {
            case "rtt_last_us" -> trips.last();
            case "rtt_avg_us" -> trips.average();
            case "rtt_min_us" -> trips.best();
            case "rtt_max_us" -> trips.worst();
            case "rtt_stddev_us" -> trips.standardDeviation();
            default -> trips.jitter();
        };
    }

    private static List<String> addresses(List<InetAddress> responders) {
        List<String> texts = new ArrayList<>();
        responders.forEach(responder -> texts.add(AddressText.of(responder)));
        return texts;
    }

    /** {@return a number that tells paths apart, of the latest responder of each hop; a silent hop counts too} */
    private static String pathId(PathReport report) {
        CRC32C sum = new CRC32C();
        for (PathHop hop : report.hops()) {
            byte[] address = hop.responders().isEmpty()
                    ? new byte[1]
                    : hop.responders().get(0).getAddress();
            sum.update(address, 0, address.length);
        }
        return String.format(Locale.ROOT, "%08x", sum.getValue());
    }

    static String change(Target target, boolean json, int round, int distance, InetAddress before, InetAddress now) {
        if (json) {
            return JsonLine.ofType("path_change")
                    .put("target", target.text())
                    .put("round", round)
                    .put("hop", distance)
                    .put("before", AddressText.of(before))
                    .put("now", AddressText.of(now))
                    .line();
        }
        return OutcomeText.name(target) + ", round " + round + ": hop " + distance + " is " + AddressText.of(now)
                + ", was " + AddressText.of(before) + "\n";
    }

    static String length(Target target, boolean json, int round, int before, int now) {
        if (json) {
            return JsonLine.ofType("path_change")
                    .put("target", target.text())
                    .put("round", round)
                    .put("hops_before", before)
                    .put("hops_now", now)
                    .line();
        }
        return OutcomeText.name(target) + ", round " + round + ": the path has " + hops(now) + ", had " + before + "\n";
    }

    private static String millis(Duration time) {
        return Decimals.shortMillis(time.toNanos());
    }
}
