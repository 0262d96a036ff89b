// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoOutcome.IcmpError;
import dev.netecho.EchoOutcome.NotSent;
import dev.netecho.EchoOutcome.Reply;
import dev.netecho.EchoOutcome.TimedOut;
import java.io.PrintStream;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;

/** A table in the form of RFC 4180: a line per request, its columns named as the members in JSON. */
final class CsvReport implements PingReport {
    private final PrintStream out;

    CsvReport(PrintStream out) {
        this.out = out;
    }

    @Override
    public void started() {
        out.print("asked_at_us,target,label,address,sequence,outcome,responder,rtt_us,hop_limit,detail\n");
    }

    @Override
    public void outcome(TargetStatistics statistics, Probe probe, EchoOutcome outcome) {
        Target target = probe.target();
        Instant asked = probe.asked();
        String address = target.isResolved() ? AddressText.of(target.address()) : "";
        StringBuilder row = new StringBuilder(128).append(asked.getEpochSecond() * 1_000_000 + asked.getNano() / 1_000);
        field(row, target.text());
        field(row, target.label());
        field(row, address);
        field(row, Long.toString(probe.sequence()));
        if (outcome instanceof Reply reply) {
            String hopLimit = reply.hopLimit().isPresent()
                    ? Integer.toString(reply.hopLimit().getAsInt())
                    : "";
            answer(row, "reply", reply.responder(), reply.roundTripTime());
            field(row, hopLimit);
            field(row, reply.payloadIntact() ? "" : "altered");
        } else if (outcome instanceof IcmpError error) {
            answer(row, "icmp_error", error.responder(), error.roundTripTime());
            field(row, "");
            field(row, JsonReport.lowerCase(error.kind()));
        } else if (outcome instanceof TimedOut timedOut) {
            row.append(",timed_out,,,");
            field(row, timedOut.localDropsSuspected() ? "local_drops_suspected" : "");
        } else if (outcome instanceof NotSent notSent) {
            row.append(",not_sent,,,");
            field(row, OutcomeText.reason(target, notSent));
        }
        out.print(row.append('\n'));
    }

    private static void answer(StringBuilder row, String outcome, InetAddress responder, Duration roundTripTime) {
        field(row, outcome);
        field(row, AddressText.of(responder));
        field(row, Decimals.scaled(JsonReport.shown(roundTripTime), 1_000, 1));
    }

    private static void field(StringBuilder row, String text) {
        row.append(',');
        if (text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')) {
            row.append('"').append(text.replace("\"", "\"\"")).append('"');
        } else {
            row.append(text);
        }
    }

    @Override
    public void finished(RunResult result) {
        // The rows say everything.
    }
}
