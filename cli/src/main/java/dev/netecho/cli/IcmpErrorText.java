// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome.IcmpError;
import dev.netecho.IcmpErrorKind;
import dev.netecho.IcmpExtension;
import dev.netecho.IcmpExtension.MplsLabel;
import java.net.Inet4Address;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** ICMP errors in the words of {@code ping} from iputils: by type and code, or by kind where the system hides those. */
final class IcmpErrorText {
    private static final String[] UNREACHABLE = {
        "Destination Net Unreachable",
        "Destination Host Unreachable",
        "Destination Protocol Unreachable",
        "Destination Port Unreachable",
        "Frag needed and DF set",
        "Source Route Failed",
        "Destination Net Unknown",
        "Destination Host Unknown",
        "Source Host Isolated",
        "Destination Net Prohibited",
        "Destination Host Prohibited",
        "Destination Net Unreachable for Type of Service",
        "Destination Host Unreachable for Type of Service",
        "Packet filtered",
        "Precedence Violation",
        "Precedence Cutoff"
    };

    private static final String[] UNREACHABLE_IPV6 = {
        "Destination unreachable: No route",
        "Destination unreachable: Administratively prohibited",
        "Destination unreachable: Beyond scope of source address",
        "Destination unreachable: Address unreachable",
        "Destination unreachable: Port unreachable",
        "Destination unreachable: Source address failed ingress/egress policy",
        "Destination unreachable: Reject route to destination"
    };

    private IcmpErrorText() {}

    static String of(IcmpError error) {
        boolean four = error.responder() instanceof Inet4Address;
        String mtu = error.nextHopMtu().isPresent()
                ? Integer.toString(error.nextHopMtu().getAsInt())
                : "unknown";
        if (error.kind() == IcmpErrorKind.FRAGMENTATION_NEEDED) {
            return "Frag needed and DF set (mtu = " + mtu + ")";
        }
        if (error.kind() == IcmpErrorKind.PACKET_TOO_BIG) {
            return "Packet too big: mtu=" + mtu;
        }
        if (error.kind() == IcmpErrorKind.OTHER) {
            return "ICMP error of type " + number(error.type()) + ", code " + number(error.code());
        }
        if (error.type().orElse(-1) == (four ? 3 : 1) && error.code().isPresent()) {
            String[] texts = four ? UNREACHABLE : UNREACHABLE_IPV6;
            int code = error.code().getAsInt();
            if (code < texts.length) {
                return texts[code];
            }
        }
        return four ? ofKind(error.kind()) : ofKindIpv6(error.kind());
    }

    /**
     * {@return what a router added to its error, in the words of {@code traceroute -e}: the MPLS labels from the
     * outermost on, or class, type and bytes}
     */
    static String of(IcmpExtension extension) {
        List<MplsLabel> labels = extension.mplsLabels();
        return labels.isEmpty()
                ? extension.classNumber() + "/" + extension.type() + ":"
                        + HexFormat.of().formatHex(extension.data())
                : labels.stream().map(IcmpErrorText::of).collect(Collectors.joining("/", "MPLS:", ""));
    }

    private static String of(MplsLabel label) {
        return "L=" + label.label() + ",E=" + label.trafficClass() + ",S=" + (label.bottomOfStack() ? 1 : 0) + ",T="
                + label.timeToLive();
    }

    private static String number(OptionalInt value) {
        return value.isPresent() ? Integer.toString(value.getAsInt()) : "unknown";
    }

    private static String ofKind(IcmpErrorKind kind) {
        return switch (kind) {
            case NETWORK_UNREACHABLE -> "Destination Net Unreachable";
            case HOST_UNREACHABLE, ADDRESS_UNREACHABLE -> "Destination Host Unreachable";
            case PROTOCOL_UNREACHABLE -> "Destination Protocol Unreachable";
            case PORT_UNREACHABLE -> "Destination Port Unreachable";
            case SOURCE_ROUTE_FAILED -> "Source Route Failed";
            case ADMINISTRATIVELY_PROHIBITED -> "Packet filtered";
            case HOP_LIMIT_EXCEEDED -> "Time to live exceeded";
            case REASSEMBLY_TIME_EXCEEDED -> "Frag reassembly time exceeded";
            case PARAMETER_PROBLEM -> "Parameter problem";
            case SOURCE_QUENCH -> "Source Quench";
            default -> JsonReport.lowerCase(kind).replace('_', ' ');
        };
    }

    private static String ofKindIpv6(IcmpErrorKind kind) {
        return switch (kind) {
            case NETWORK_UNREACHABLE -> "Destination unreachable: No route";
            case HOST_UNREACHABLE, ADDRESS_UNREACHABLE -> "Destination unreachable: Address unreachable";
            case PORT_UNREACHABLE -> "Destination unreachable: Port unreachable";
            case ADMINISTRATIVELY_PROHIBITED -> "Destination unreachable: Administratively prohibited";
            case HOP_LIMIT_EXCEEDED -> "Time exceeded: Hop limit";
            case REASSEMBLY_TIME_EXCEEDED -> "Time exceeded: Defragmentation failure";
            case PARAMETER_PROBLEM -> "Parameter problem";
            default -> JsonReport.lowerCase(kind).replace('_', ' ');
        };
    }
}
