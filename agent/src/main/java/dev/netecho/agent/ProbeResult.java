// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoOutcome.IcmpError;
import dev.netecho.EchoOutcome.Reply;
import dev.netecho.EchoOutcome.TimedOut;
import dev.netecho.IpVersion;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What one {@code /probe} found, as the series of blackbox_exporter and a few more. Used by one thread at a time. */
final class ProbeResult {
    private final double timeoutSeconds;
    private final long start = System.nanoTime();
    private @Nullable InetAddress address;
    private @Nullable EchoOutcome outcome;
    private String trouble = "";
    private double resolveSeconds;

    ProbeResult(double timeoutSeconds) {
        this.timeoutSeconds = timeoutSeconds;
    }

    double elapsed() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** Takes the end of the look-up; null if there is no address. */
    void resolved(@Nullable InetAddress found) {
        address = found;
        resolveSeconds = elapsed();
    }

    /** Takes why nothing was sent, as a label has it. */
    void failed(String why) {
        trouble = why;
    }

    void ended(EchoOutcome end) {
        outcome = end;
    }

    /** {@return the outcome; null if nothing was sent} */
    @Nullable
    EchoOutcome outcome() {
        return outcome;
    }

    /**
     * {@return all series} A probe that failed carries why: what this host did wrong is no sign of a host that is down.
     */
    MetricSnapshots series() {
        double duration = elapsed();
        double rtt = outcome instanceof Reply reply ? reply.roundTripTime().toNanos() / 1e9 : 0;
        // What this host took besides: the queue, and the delivery.
        double setup = outcome == null ? 0 : Math.max(0, duration - resolveSeconds - roundTrip(outcome));
        List<MetricSnapshot> series = new ArrayList<>();
        add(series, "probe_success", "Displays whether or not the probe was a success", outcome instanceof Reply);
        add(series, "probe_duration_seconds", "Returns how long the probe took to complete in seconds", duration);
        add(series, "probe_timeout_seconds", "Returns how long the probe timeout is in seconds", timeoutSeconds);
        add(
                series,
                "probe_dns_lookup_time_seconds",
                "Returns the time taken for probe dns lookup in seconds",
                resolveSeconds);
        add(
                series,
                "probe_ip_protocol",
                "Specifies whether probe ip protocol is IP4 or IP6",
                address == null ? 0 : IpVersion.of(address) == IpVersion.V4 ? 4 : 6);
        add(
                series,
                "probe_ip_addr_hash",
                "Specifies the hash of IP address. It's useful to detect if the IP address changes.",
                address == null ? 0.0 : hash(address));
        series.add(new Family("probe_icmp_duration_seconds", "Duration of icmp request by phase")
                .gauge(Labels.of("phase", "resolve"), resolveSeconds)
                .gauge(Labels.of("phase", "rtt"), rtt)
                .gauge(Labels.of("phase", "setup"), setup)
                .snapshot());
        if (outcome instanceof Reply reply && reply.hopLimit().isPresent()) {
            add(
                    series,
                    "probe_icmp_reply_hop_limit",
                    "Replied packet hop limit (TTL for ipv4)",
                    reply.hopLimit().getAsInt());
        }
        add(
                series,
                "probe_local_drops_suspected",
                "Whether this host dropped packets while it waited, so that the answer may have been among them",
                outcome instanceof TimedOut timedOut && timedOut.localDropsSuspected());
        Labels why = why();
        if (why != null) {
            series.add(new Family("probe_icmp_error_info", "Why there was no reply; no responder means this host")
                    .gauge(why, 1)
                    .snapshot());
        }
        return new MetricSnapshots(series);
    }

    private static double roundTrip(EchoOutcome outcome) {
        if (outcome instanceof Reply reply) {
            return reply.roundTripTime().toNanos() / 1e9;
        }
        if (outcome instanceof IcmpError error) {
            return error.roundTripTime().toNanos() / 1e9;
        }
        return outcome instanceof TimedOut timedOut ? timedOut.waited().toNanos() / 1e9 : 0;
    }

    /** {@return why there was no reply; null if there was one, or the host was silent} */
    private @Nullable Labels why() {
        if (outcome instanceof IcmpError error) {
            return info(Words.of(error.kind()), error.type(), error.code(), Addresses.text(error.responder()));
        }
        String kind = trouble;
        if (outcome != null) {
            OutcomeKind end = OutcomeKind.of(outcome);
            kind = end.equals(OutcomeKind.SILENT) ? "" : end.reason(); // that of a reply is empty
        }
        return kind.isEmpty() ? null : info(kind, OptionalInt.empty(), OptionalInt.empty(), "");
    }

    private static Labels info(String kind, OptionalInt type, OptionalInt code, String responder) {
        return Labels.of("kind", kind, "type", text(type), "code", text(code), "responder", responder);
    }

    private static String text(OptionalInt number) {
        return number.isPresent() ? Integer.toString(number.getAsInt()) : "";
    }

    private static void add(List<MetricSnapshot> series, String name, String help, boolean value) {
        add(series, name, help, value ? 1 : 0);
    }

    private static void add(List<MetricSnapshot> series, String name, String help, double value) {
        series.add(new Family(name, help).gauge(value).snapshot());
    }

    /** {@return what blackbox_exporter says: FNV-1a of 32 bits over the bytes of the address} */
    static double hash(InetAddress address) {
        int hash = 0x811c9dc5;
        for (byte octet : address.getAddress()) {
            hash = (hash ^ (octet & 0xff)) * 0x01000193;
        }
        return hash & 0xffffffffL;
    }
}
