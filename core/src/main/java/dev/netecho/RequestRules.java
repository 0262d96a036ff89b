// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What every backend refuses in the same words before anything reaches the system (SPEC REQ-2, REQ-4, REQ-7).
 * Immutable.
 *
 * <p>Requests that need the same share one object, because an agent has a request for each target and reads this with
 * every echo.
 */
final class RequestRules {
    private static final Map<EnumSet<EchoCapability>, RequestRules> SHARED = new ConcurrentHashMap<>();

    private final EchoOutcome.@Nullable NotSent invalid;
    private final EnumSet<EchoCapability> needs;
    private final IpVersion version;

    private RequestRules(EchoOutcome.@Nullable NotSent invalid, EnumSet<EchoCapability> needs) {
        this.invalid = invalid;
        this.needs = needs;
        this.version = needs.contains(EchoCapability.IPV4) ? IpVersion.V4 : IpVersion.V6;
    }

    static RequestRules of(InetAddress destination, @Nullable InetAddress source, EchoOptions options) {
        EnumSet<EchoCapability> needs = needs(IpVersion.of(destination), source != null, options);
        EchoOutcome.NotSent invalid = invalid(destination, source);
        return invalid == null
                ? SHARED.computeIfAbsent(needs, key -> new RequestRules(null, key))
                : new RequestRules(invalid, needs);
    }

    IpVersion version() {
        return version;
    }

    /** {@return whether a backend with these capabilities can send the request} */
    boolean allow(EnumSet<EchoCapability> capabilities) {
        return invalid == null && capabilities.containsAll(needs);
    }

    /**
     * {@return why a backend that is not {@linkplain #allow allowed} to send the request cannot; {@code shortfall} is
     * the engine's reason}
     */
    EchoOutcome.NotSent refusal(EnumSet<EchoCapability> capabilities, String shortfall) {
        if (invalid != null) {
            return invalid;
        }
        EnumSet<EchoCapability> missing = EnumSet.copyOf(needs);
        missing.removeAll(capabilities);
        return EchoOutcome.NotSent.because(
                NotSentReason.UNSUPPORTED,
                "this backend does not have "
                        + missing.stream().map(Enum::name).collect(Collectors.joining(", "))
                        + (shortfall.isEmpty() ? "" : ": " + shortfall));
    }

    private static EnumSet<EchoCapability> needs(IpVersion version, boolean hasSource, EchoOptions options) {
        boolean four = version == IpVersion.V4;
        EnumSet<EchoCapability> needs = EnumSet.of(four ? EchoCapability.IPV4 : EchoCapability.IPV6);
        if (hasSource) {
            needs.add(EchoCapability.SOURCE_ADDRESS);
        }
        if (options.hopLimit().isPresent()) {
            needs.add(four ? EchoCapability.HOP_LIMIT_IPV4 : EchoCapability.HOP_LIMIT_IPV6);
        }
        if (options.trafficClass().isPresent()) {
            needs.add(four ? EchoCapability.TRAFFIC_CLASS_IPV4 : EchoCapability.TRAFFIC_CLASS_IPV6);
        }
        if (options.dontFragment()) {
            needs.add(four ? EchoCapability.DONT_FRAGMENT_IPV4 : EchoCapability.DONT_FRAGMENT_IPV6);
        }
        if (options.interfaceName().isPresent()) {
            needs.add(EchoCapability.INTERFACE);
        }
        if (options.mark().isPresent()) {
            needs.add(EchoCapability.MARK);
        }
        return needs;
    }

    private static EchoOutcome.@Nullable NotSent invalid(InetAddress destination, @Nullable InetAddress source) {
        String why = invalidDestination(destination);
        if (why != null) {
            return EchoOutcome.NotSent.because(NotSentReason.INVALID_DESTINATION, why);
        }
        why = source == null ? null : invalidSource(source);
        return why == null ? null : EchoOutcome.NotSent.because(NotSentReason.SOURCE_UNAVAILABLE, why);
    }

    private static @Nullable String invalidSource(InetAddress source) {
        if (source.isMulticastAddress()) {
            return "the source " + source.getHostAddress() + " is a multicast address; no host sends from one";
        }
        if (source instanceof Inet4Address && isLimitedBroadcast(source)) {
            return "the source " + source.getHostAddress() + " is the broadcast address; no host sends from it";
        }
        // One kind of socket takes the destination's link for it, another refuses it: without a scope it names no
        // address.
        return lacksScope(source)
                ? "the source " + source.getHostAddress() + " is link-local and needs a scope, such as fe80::1%eth0"
                : null;
    }

    private static boolean lacksScope(InetAddress address) {
        return address instanceof Inet6Address six
                && six.isLinkLocalAddress()
                && six.getScopeId() == 0
                && six.getScopedInterface() == null;
    }

    private static @Nullable String invalidDestination(InetAddress destination) {
        // Linux pings loopback for 0.0.0.0, and sends to :: by the default route. Neither is what the caller meant.
        if (destination.isAnyLocalAddress()) {
            return destination.getHostAddress() + " is the unspecified address; give the address of one host";
        }
        // Several hosts would answer from their own addresses: no single outcome could be true.
        if (destination.isMulticastAddress()) {
            return destination.getHostAddress() + " is a multicast address; give the address of one host";
        }
        if (destination instanceof Inet4Address && isLimitedBroadcast(destination)) {
            return destination.getHostAddress() + " is the broadcast address; give the address of one host";
        }
        if (lacksScope(destination)) {
            return destination.getHostAddress() + " is link-local and needs a scope, such as fe80::1%eth0";
        }
        // Linux ignores the scope of a destination that is not link-local (__ipv6_addr_needs_scope_id). An answer
        // through another interface would then answer a question that was not asked.
        if (destination instanceof Inet6Address six && hasForeignScope(six)) {
            return destination.getHostAddress() + " has a scope but is not link-local; leave out the scope";
        }
        return null;
    }

    /**
     * {@link NetworkInterface} gives this host's addresses with the interface that has them, which is true and changes
     * nothing.
     */
    private static boolean hasForeignScope(Inet6Address destination) {
        NetworkInterface named = destination.getScopedInterface();
        return !destination.isLinkLocalAddress()
                && destination.getScopeId() != 0
                && (named == null || named.inetAddresses().noneMatch(destination::equals));
    }

    private static boolean isLimitedBroadcast(InetAddress destination) {
        for (byte octet : destination.getAddress()) {
            if (octet != (byte) 0xff) {
                return false;
            }
        }
        return true;
    }
}
