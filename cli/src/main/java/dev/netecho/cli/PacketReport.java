// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import java.io.PrintStream;
import java.net.Inet4Address;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code ping} prints: a line per packet, and a block of statistics per target. */
final class PacketReport implements PingReport {
    private static final int HEADERS = 28; // IPv4 without options 20, ICMP 8

    private final PrintStream out;
    private final List<Asked> asked;
    private final PacketLines lines;
    private final boolean quiet;

    /**
     * Constructs the report.
     *
     * @param quiet whether to leave out the lines of packets
     */
    PacketReport(PrintStream out, List<Asked> asked, PacketLines lines, boolean quiet) {
        this.out = out;
        this.asked = asked;
        this.lines = lines;
        this.quiet = quiet;
    }

    @Override
    public void started() {
        for (Asked one : asked) {
            print(header(one.target(), one.request()));
        }
    }

    private static String header(Target target, @Nullable EchoRequest request) {
        if (request == null) {
            return "PING " + OneLine.of(target.text()) + ": " + target.trouble();
        }
        int size = request.payload().size();
        String from = request.source()
                .map(source -> " from " + AddressText.of(source) + " :")
                .orElse("");
        String bytes = target.address() instanceof Inet4Address
                ? size + "(" + (size + HEADERS) + ") bytes of data."
                : size + " data bytes";
        return "PING " + OneLine.of(target.text()) + " (" + AddressText.of(target.address()) + ")" + from + " " + bytes;
    }

    @Override
    public void outcome(TargetStatistics target, Probe probe, EchoOutcome outcome) {
        packet(lines.outcome(probe, outcome));
    }

    @Override
    public void outstanding(TargetStatistics target, long sequence) {
        packet(lines.outstanding(target.target(), sequence));
    }

    @Override
    public void moved(Target before, Target now) {
        packet(lines.moved(before, now));
    }

    private void packet(String line) {
        if (!quiet) {
            print(line);
        }
    }

    @Override
    public void finished(RunResult result) {
        for (TargetStatistics target : result.targets()) {
            print("");
            print("--- " + target.target().shown() + " ping statistics ---");
            print(SummaryText.packets(target, result));
            if (!target.rtt().isEmpty()) {
                print(SummaryText.roundTrips(target.rtt()));
            }
        }
        String strays = SummaryText.strays(result.requester());
        if (!strays.isEmpty()) {
            print("");
            print(strays);
        }
    }

    private void print(String line) {
        out.print(line + "\n");
    }
}
