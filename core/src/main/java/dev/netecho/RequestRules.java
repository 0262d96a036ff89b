// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What every backend refuses in the same words before anything reaches the system. */
final class RequestRules {
    private RequestRules() {}

    static EchoOutcome.@Nullable NotSent refusal(EchoRequest request, Set<EchoCapability> capabilities) {
        String invalid = invalidDestination(request.destination());
        if (invalid != null) {
            return EchoOutcome.NotSent.because(NotSentReason.INVALID_DESTINATION, invalid);
        }
        EchoCapability missing = missing(request, capabilities);
        return missing == null
                ? null
                : EchoOutcome.NotSent.because(NotSentReason.UNSUPPORTED, "this backend does not have " + missing);
    }

    private static @Nullable String invalidDestination(InetAddress destination) {
        // Linux pings loopback for 0.0.0.0, and sends to :: by the default route: never what the caller meant.
        if (destination.isAnyLocalAddress()) {
            return destination.getHostAddress() + " is the unspecified address; name a host";
        }
        // Several hosts would answer from addresses of their own: no single outcome could be true.
        if (destination.isMulticastAddress()) {
            return destination.getHostAddress() + " is a multicast address; name a host";
        }
        if (destination instanceof Inet4Address && isLimitedBroadcast(destination)) {
            return destination.getHostAddress() + " is the broadcast address; name a host";
        }
        if (destination instanceof Inet6Address six
                && six.isLinkLocalAddress()
                && six.getScopeId() == 0
                && six.getScopedInterface() == null) {
            return destination.getHostAddress() + " is link-local and needs a scope, such as fe80::1%eth0";
        }
        return null;
    }

    private static boolean isLimitedBroadcast(InetAddress destination) {
        for (byte octet : destination.getAddress()) {
            if (octet != (byte) 0xff) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable EchoCapability missing(EchoRequest request, Set<EchoCapability> capabilities) {
        boolean four = request.destination() instanceof Inet4Address;
        EchoOptions options = request.options();
        if (lacks(capabilities, true, four ? EchoCapability.IPV4 : EchoCapability.IPV6)) {
            return four ? EchoCapability.IPV4 : EchoCapability.IPV6;
        }
        if (lacks(capabilities, request.source().isPresent(), EchoCapability.SOURCE_ADDRESS)) {
            return EchoCapability.SOURCE_ADDRESS;
        }
        if (lacks(capabilities, options.hopLimit().isPresent(), EchoCapability.HOP_LIMIT)) {
            return EchoCapability.HOP_LIMIT;
        }
        if (lacks(capabilities, options.trafficClass().isPresent(), EchoCapability.TRAFFIC_CLASS)) {
            return EchoCapability.TRAFFIC_CLASS;
        }
        EchoCapability fragment = four ? EchoCapability.DONT_FRAGMENT_IPV4 : EchoCapability.DONT_FRAGMENT_IPV6;
        return lacks(capabilities, options.dontFragment(), fragment) ? fragment : null;
    }

    private static boolean lacks(Set<EchoCapability> capabilities, boolean asked, EchoCapability capability) {
        return asked && !capabilities.contains(capability);
    }
}
