// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import dev.netecho.IpVersion;
import dev.netecho.path.PathMtuReport;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A path MTU as text and as JSON. */
final class MtuText {
    /** IP and ICMP, IP and TCP (RFC 6691). */
    private static final int IPV4_PING = 28;

    private static final int IPV4_TCP = 40;
    private static final int MORE_IPV6 = 20;

    private MtuText() {}

    static String of(Target target, PathMtuReport report) {
        String name = OutcomeText.name(target) + ": ";
        if (report.mtu() == 0) {
            return name + "path MTU unknown: " + unknown(report) + "\n";
        }
        return name + "path MTU " + report.mtu() + limit(report) + "; payload " + payload(target, report) + ", TCP MSS "
                + mss(target, report) + "\n";
    }

    /** {@return what is printed of a target that has no address} */
    static String unresolved(Target target, boolean json) {
        return json
                ? JsonLine.ofType("path_mtu")
                        .put("target", target.text())
                        .putNull("address")
                        .put("limit", "unresolved")
                        .putNull("mtu")
                        .put("detail", target.trouble())
                        .line()
                : OneLine.of(target.text()) + ": path MTU unknown: it " + target.trouble() + "\n";
    }

    private static String limit(PathMtuReport report) {
        String hop = report.distance().isPresent() ? " hop " + report.distance().getAsInt() : "";
        return switch (report.limit()) {
            case NONE -> ", the largest that can be tried";
            case LOCAL -> ", the limit of this host";
            case TOLD ->
                report.toldBy()
                        .map(router -> ", lowered at" + hop + (hop.isEmpty() ? " " : " (") + AddressText.of(router)
                                + (hop.isEmpty() ? "" : ")"))
                        .orElse("");
            case BLACK_HOLE ->
                ", a black hole" + (hop.isEmpty() ? "" : " after" + hop) + ": packets of "
                        + report.lost().orElse(report.mtu() + 1) + " bytes vanish, and no error came";
            default -> ", not finished: " + unknown(report);
        };
    }

    private static String unknown(PathMtuReport report) {
        EchoOutcome why = report.why().orElse(null);
        if (why instanceof EchoOutcome.NotSent) {
            return "not sent: " + OutcomeText.why(why);
        }
        if (why instanceof EchoOutcome.IcmpError) {
            return OutcomeText.why(why);
        }
        if (why != null && report.mtu() > 0) {
            return "no answer any more";
        }
        return why == null
                ? "interrupted"
                : "no answer to " + report.sent() + (report.sent() == 1 ? " small packet" : " small packets");
    }

    static String json(Target target, PathMtuReport report) {
        boolean known = report.mtu() > 0;
        JsonLine line = JsonLine.ofType("path_mtu")
                .put("target", target.text())
                .put("address", AddressText.of(target.address()))
                .put("limit", JsonReport.lowerCase(report.limit()));
        put(line, "mtu", known, report.mtu());
        put(line, "payload", known, payload(target, report));
        put(line, "tcp_mss", known, mss(target, report));
        return line.put("told_by", address(report.toldBy().orElse(null)))
                .put("hop", report.distance())
                .put("lost", report.lost())
                .put("detail", known ? null : unknown(report))
                .put("sent", report.sent())
                .line();
    }

    private static void put(JsonLine line, String name, boolean known, int value) {
        if (known) {
            line.put(name, value);
        } else {
            line.putNull(name);
        }
    }

    private static @Nullable String address(@Nullable InetAddress address) {
        return address == null ? null : AddressText.of(address);
    }

    private static int payload(Target target, PathMtuReport report) {
        return report.mtu() - IPV4_PING - more(target);
    }

    private static int mss(Target target, PathMtuReport report) {
        return report.mtu() - IPV4_TCP - more(target);
    }

    private static int more(Target target) {
        return IpVersion.of(target.address()) == IpVersion.V4 ? 0 : MORE_IPV6;
    }
}
