// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.EchoCapability;
import dev.netecho.EchoRequester;
import dev.netecho.IcmpErrorKind;
import dev.netecho.IpVersion;
import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.spi.Stray;
import dev.netecho.testkit.ContractHarness;
import dev.netecho.testkit.Limit;
import dev.netecho.testkit.lab.LabPlan;
import dev.netecho.testkit.lab.WireLog;
import dev.netecho.windows.win32.Bindings;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the backend claims, on Windows and under Wine, and what the lab of another process cannot show of it. Every
 * native block comes from a checking heap.
 */
final class WindowsHarness extends ContractHarness {
    /** Wine 8 holds 256 requests for all processes of a prefix, and tests open two requesters at a time. */
    private static final int OUTSTANDING = 100;

    /**
     * A request to a silent host keeps its place for so long: the least there is. The lab answers late, but not later.
     */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private static final Duration DRAIN = Duration.ofSeconds(20);

    /** Wine does 2,000 to 4,000 echoes a second, and {@link #OUTSTANDING} requests to silent hosts. */
    private static final int MOST = 1_000;

    private final boolean lab;
    private final GuardedHeap heap = new GuardedHeap();

    private WindowsHarness(boolean lab) {
        this.lab = lab;
    }

    /** {@return a harness for the lab of another process in the same namespace} */
    static WindowsHarness inLab() {
        return new WindowsHarness(true);
    }

    /** {@return a harness for any Windows: only loopback answers} */
    static WindowsHarness onLoopback() {
        return new WindowsHarness(false);
    }

    /** 127.0.0.0/8 and ::1 answer at once, and do nothing else that a row says. */
    @Override
    public Optional<InetAddress> address(IpVersion family, LabPlan row, int d) {
        if (lab) {
            return super.address(family, row, d);
        }
        boolean answers = row == LabPlan.AT_ONCE || row == LabPlan.MANY_AT_ONCE;
        return answers
                ? Optional.of(Requests.address(family == IpVersion.V4 ? "127.0.0." + (1 + d % 250) : "::1"))
                : Optional.empty();
    }

    @Override
    public EchoRequesterProvider newProvider() {
        return new CheckedProvider(real -> with(real, real.traits()));
    }

    @Override
    public EchoRequester.Builder newBuilder() {
        return newBuilder(newProvider());
    }

    @Override
    public EchoRequester.Builder newBuilderWithout(EchoCapability missing) {
        return newBuilder(new CheckedProvider(real -> with(real, without(real.traits(), missing))));
    }

    private static EchoRequester.Builder newBuilder(EchoRequesterProvider provider) {
        return EchoRequester.newBuilder()
                .provider(provider)
                .option(WindowsOptions.MAX_PENDING_CALLS, OUTSTANDING)
                .option(WindowsOptions.LONGEST_WAIT, LONGEST_WAIT)
                .option(WindowsOptions.DRAIN_TIMEOUT, DRAIN);
    }

    private WindowsSystem with(WindowsSystem real, HostTraits traits) {
        return new WindowsSystem(
                real.kernel(),
                real.icmp(),
                real.icmp6(),
                real.icmp6Failure(),
                real.ipErrors(),
                heap,
                real.width(),
                traits,
                real.callable(),
                real.addresses());
    }

    private static HostTraits without(HostTraits traits, EchoCapability missing) {
        return new HostTraits(
                traits.sourceAddress() && missing != EchoCapability.SOURCE_ADDRESS,
                traits.dontFragment() && missing != EchoCapability.DONT_FRAGMENT_IPV4,
                traits.trafficClass() && missing != EchoCapability.TRAFFIC_CLASS_IPV4,
                traits.mostPendingCalls());
    }

    @Override
    public Set<EchoCapability> unconditional() {
        return EnumSet.of(EchoCapability.HOP_LIMIT_IPV4, EchoCapability.HOP_LIMIT_IPV6);
    }

    @Override
    public Set<EchoCapability> capabilities() {
        EnumSet<EchoCapability> all =
                EnumSet.of(EchoCapability.IPV4, EchoCapability.HOP_LIMIT_IPV4, EchoCapability.REPLY_HOP_LIMIT_IPV4);
        if (isWine()) {
            all.add(EchoCapability.TRAFFIC_CLASS_IPV4);
        } else {
            all.add(EchoCapability.DONT_FRAGMENT_IPV4);
        }
        if (hasIpv6()) {
            // Wine learned both with the same version.
            all.addAll(List.of(EchoCapability.IPV6, EchoCapability.HOP_LIMIT_IPV6, EchoCapability.SOURCE_ADDRESS));
        }
        return all;
    }

    @Override
    public Set<Stray> visibleStrays() {
        return EnumSet.of(Stray.LATE, Stray.ALTERED, Stray.WRONG_SOURCE);
    }

    @Override
    public Map<Limit, String> limits() {
        Map<Limit, String> limits = new EnumMap<>(Map.of(
                Limit.NO_WIRE_LOG, "what leaves is seen by another process, if by any",
                Limit.NO_FULL_QUEUE, "the interface belongs to the system",
                Limit.NO_LENT_LOOP, "the backend borrows none",
                Limit.NO_UNAVAILABLE_HOST,
                        "every Windows has iphlpapi.dll; WindowsIphlpapiProviderTest says what others get",
                Limit.NO_MISSING_FAMILY,
                        "no family can be taken away; WindowsCallTest asks for IPv6 where it is missing",
                Limit.NO_RECEIVE_OVERFLOW,
                        "there is no receive buffer: the system writes each answer into its request's memory",
                Limit.NO_DESCRIPTORS, "its one handle is made without the right to be inherited",
                Limit.SYSTEM_CHOOSES_IDENTIFIER, "identifier and sequence number are the system's",
                Limit.SOURCE_QUENCH_ENDS, "the system ends the request with IP_SOURCE_QUENCH",
                Limit.FIRST_ANSWER_TAKEN, "the system ends a request with the first answer that has its numbers"));
        limits.put(Limit.CLOSE_AWAITS_SYSTEM, "a request ends with the system's time-out, a second at the earliest");
        if (!lab) {
            limits.put(Limit.NO_LAB, "the lab needs Linux, where windows-iphlpapi/wine-contract makes one");
        }
        if (isWine()) {
            limits.put(Limit.ROUTE_FAILURE_UNNAMED, "Wine ends such a request with IP_GENERAL_FAILURE");
            limits.put(Limit.REPLY_UNCHECKED, "Wine accepts a wrong checksum and any code, and hides both");
            limits.put(
                    Limit.QUOTE_UNCHECKED,
                    "Wine compares identifier and sequence number of a quote, and hides the rest");
            limits.put(Limit.DONT_FRAGMENT_FORCED, "Wine leaves don't-fragment to Linux, which sets it");
        }
        if (!hasIpv6()) {
            limits.put(Limit.NO_IPV6, "Wine has Icmp6SendEcho2 from 10.14 on; Icmp6LibraryTest runs the binding");
        }
        return limits;
    }

    private static boolean isWine() {
        return Bindings.load().wine().isPresent();
    }

    private static boolean hasIpv6() {
        return Bindings.load().wine().map(wine -> wine.isAtLeast(10, 14)).orElse(true);
    }

    @Override
    public WireLog wire() {
        throw new UnsupportedOperationException("NO_WIRE_LOG is declared");
    }

    /**
     * The lab is another process, and new for each run: no test may use an address with a memory that another one used.
     */
    @Override
    public void reset() {}

    @Override
    public int bulk(int usual) {
        return Math.min(usual, MOST);
    }

    @Override
    public Map<String, Long> resources() {
        return Map.of("blocks of native memory", (long) heap.live());
    }

    /** {@return what the heap noticed of writes and frees that must not be} */
    List<String> heapDefects() {
        return heap.defects();
    }

    /** Several codes share one IP_STATUS; its kind is that of the plain code, or what documentation leaves open. */
    @Override
    public boolean isKindOf(IpVersion family, IcmpErrorKind kind, int type, int code) {
        if (super.isKindOf(family, kind, type, code)) {
            return true;
        }
        boolean unreachable = family == IpVersion.V4 ? type == 3 : type == 1;
        if (!unreachable) {
            return false;
        }
        return family == IpVersion.V4
                ? kind
                        == (Set.of(0, 6, 9, 11).contains(code)
                                ? IcmpErrorKind.NETWORK_UNREACHABLE
                                : IcmpErrorKind.HOST_UNREACHABLE)
                : kind == IcmpErrorKind.OTHER;
    }
}
