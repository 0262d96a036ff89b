// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import dev.netecho.EchoCapability;
import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.testkit.lab.Lab;
import dev.netecho.testkit.lab.LabPlan;
import dev.netecho.testkit.lab.WireRecord;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/** The rules REQ-1 to REQ-7: exactly what was asked for leaves this host. */
public abstract class RequestContract extends EchoContract {
    /**
     * Tests a backend.
     *
     * @param harness how to open it, and what it claims
     */
    protected RequestContract(ContractHarness harness) {
        super(harness);
    }

    @SpecTest(
            rule = "REQ-1",
            cases = {"C3", "C5", "C6", "C33"})
    void req1PayloadsOfEverySizeComeBackByteForByte(IpVersion family) {
        for (int size : new int[] {0, 1, 7, 8, 9, 55, 56, 1_472, 1_473, 4_000, 8_184, 65_500}) {
            EchoOutcome outcome = outcome(to(family, LabPlan.AT_ONCE, 1).payload(EchoPayload.ofSize(size)));
            checkEquals(size, intact(outcome).payload().size(), "the size of the reply to " + size + " bytes");
        }
    }

    @SpecTest(rule = "REQ-1", cases = "C4")
    void req1PayloadsOfOddLengthAreSentRightHoweverOften(IpVersion family) {
        int many = harness().bulk(1_000);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < many; i++) {
            byte[] bytes = new byte[57];
            random.nextBytes(bytes);
            bytes[56] |= (byte) 0x80;
            EchoOutcome outcome = outcome(to(family, LabPlan.AT_ONCE, 1).payload(EchoPayload.of(bytes)));
            check(outcome.isReply(), "payload " + i + " of seed " + seed + " was answered, but it is " + outcome);
        }
    }

    @SpecTest(rule = "REQ-1", cases = "C5", unless = Limit.NO_WIRE_LOG)
    void req1AnExplicitPayloadLeavesAsItIs(IpVersion family) {
        for (int size : new int[] {0, 1, 7, 8, 9, 1_001}) {
            byte[] bytes = new byte[size];
            new Random(size).nextBytes(bytes); // the same in every run
            EchoPayload given = EchoPayload.of(bytes);
            InetAddress host = address(family, LabPlan.AT_ONCE, 10 + size % 97);
            EchoOutcome.Reply reply = intact(
                    outcome(EchoRequest.newBuilder(host).timeout(PATIENCE).payload(given)));
            checkLeft(given, onWire(host));
            checkEquals(given, reply.payload(), "the payload of the reply");
        }
    }

    @SpecTest(rule = "REQ-1", cases = "C5", unless = Limit.NO_WIRE_LOG)
    void req1ADefaultPayloadLeavesAsItCameBack(IpVersion family) {
        for (int size : new int[] {0, 3, 7, 8, 9, 56, 1_001}) {
            InetAddress host = address(family, LabPlan.AT_ONCE, 10 + size % 97);
            EchoOutcome.Reply reply = intact(
                    outcome(EchoRequest.newBuilder(host).timeout(PATIENCE).payload(EchoPayload.ofSize(size))));
            checkLeft(reply.payload(), onWire(host));
        }
    }

    /** Ignores the token, which differs from request to request. */
    private static void checkLeft(EchoPayload payload, WireRecord seen) {
        check(seen.checksumValid(), () -> "the checksum on the wire is right, but it is wrong in " + seen);
        byte[] left = seen.data().toByteArray();
        check(
                payload.matches(ByteBuffer.wrap(left), 0, left.length),
                () -> "the data on the wire is " + HexFormat.of().formatHex(payload.toByteArray()) + ", but it is "
                        + HexFormat.of().formatHex(left));
    }

    @SpecTest(rule = "REQ-1", cases = "C147")
    void req1EveryRequestLeavesByItsOwnInterface(IpVersion family) {
        require(EchoCapability.INTERFACE);
        EchoOptions nowhere = EchoOptions.DEFAULT.withInterface("nosuch0");
        // Longer than any name of Linux, which would cut it.
        EchoOptions longer = EchoOptions.DEFAULT.withInterface("x".repeat(200));
        for (int i = 0; i < 20; i++) {
            for (EchoOptions missing : List.of(nowhere, longer)) {
                Probe asked = ask(to(family, LabPlan.AT_ONCE, 1).options(missing));
                EchoOutcome.NotSent refused = notSent(outcome(asked));
                checkEquals(NotSentReason.NO_ROUTE, refused.reason(), "the reason without the interface");
            }
            intact(outcome(to(family, LabPlan.AT_ONCE, 2)));
            harness()
                    .interfaceName()
                    .ifPresent(name -> intact(
                            outcome(to(family, LabPlan.AT_ONCE, 2).options(EchoOptions.DEFAULT.withInterface(name)))));
        }
        checkNothingLeft(address(family, LabPlan.AT_ONCE, 1));
    }

    @SpecTest(rule = "REQ-1", cases = "C148")
    void req1AMarkDoesNotChangeThePacket(IpVersion family) {
        require(EchoCapability.MARK);
        for (int mark : new int[] {1, -1, 0, 77}) {
            intact(outcome(to(family, LabPlan.AT_ONCE, 1).options(EchoOptions.DEFAULT.withMark(mark))));
        }
    }

    @SpecTest(
            rule = "REQ-1",
            cases = {"C18", "C19", "C23"},
            unless = {Limit.NO_WIRE_LOG, Limit.NO_LAB})
    void req1EveryRequestLeavesFromItsOwnSource(IpVersion family) {
        require(EchoCapability.SOURCE_ADDRESS);
        int many = harness().bulk(1_000);
        List<Probe> asked = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            asked.add(ask(to(family, LabPlan.MANY_AT_ONCE, i).source(source(family, 1 + i % Lab.SOURCES))));
        }
        awaitAll(asked);
        for (int i = 0; i < many; i++) {
            intact(asked.get(i).outcome());
            InetAddress seen = onWire(asked.get(i).request.destination()).source();
            checkEquals(source(family, 1 + i % Lab.SOURCES), seen, "the source of request " + i);
        }
    }

    @SpecTest(rule = "REQ-1", cases = "C25")
    void req1EveryRequestHasItsOwnHopLimit(IpVersion family) {
        require(pick(family, EchoCapability.HOP_LIMIT_IPV4, EchoCapability.HOP_LIMIT_IPV6));
        int many = harness().bulk(1_000);
        List<Probe> asked = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            EchoOptions options = EchoOptions.DEFAULT.withHopLimit(i % 2 == 0 ? 1 : 64);
            asked.add(ask(to(family, LabPlan.HOPS_AWAY, 7).options(options)));
        }
        awaitAll(asked);
        for (int i = 0; i < many; i++) {
            EchoOutcome outcome = asked.get(i).outcome();
            boolean right = i % 2 == 0 ? outcome instanceof EchoOutcome.IcmpError : outcome.isReply();
            check(right, "request " + i + " with hop limit " + (i % 2 == 0 ? 1 : 64) + " ended with " + outcome);
        }
    }

    @SpecTest(
            rule = "REQ-1",
            cases = {"C25", "C27"},
            unless = Limit.NO_WIRE_LOG)
    void req1TheHopLimitIsOnTheWire(IpVersion family) {
        require(pick(family, EchoCapability.HOP_LIMIT_IPV4, EchoCapability.HOP_LIMIT_IPV6));
        for (int hopLimit : new int[] {255, 128, 64, 2, 1}) {
            InetAddress host = address(family, LabPlan.AT_ONCE, hopLimit);
            outcome(to(family, LabPlan.AT_ONCE, hopLimit).options(EchoOptions.DEFAULT.withHopLimit(hopLimit)));
            checkEquals(hopLimit, onWire(host).hopLimit(), "the hop limit on the wire");
        }
        outcome(to(family, LabPlan.AT_ONCE, 3));
        int usual = onWire(address(family, LabPlan.AT_ONCE, 3)).hopLimit();
        check(usual >= 32, "the system's own hop limit was due after others were set, but it is " + usual);
    }

    @SpecTest(rule = "REQ-1", cases = "C28", unless = Limit.NO_WIRE_LOG)
    void req1TheTrafficClassIsOnTheWire(IpVersion family) {
        require(pick(family, EchoCapability.TRAFFIC_CLASS_IPV4, EchoCapability.TRAFFIC_CLASS_IPV6));
        for (int trafficClass : new int[] {0xb8, 0, 0x20, 0xfc}) {
            InetAddress host = address(family, LabPlan.AT_ONCE, 1 + trafficClass / 4);
            outcome(EchoRequest.newBuilder(host).options(EchoOptions.DEFAULT.withTrafficClass(trafficClass)));
            checkEquals(trafficClass, onWire(host).trafficClass(), "the traffic class on the wire");
        }
        outcome(to(family, LabPlan.AT_ONCE, 200));
        checkEquals(
                0,
                onWire(address(family, LabPlan.AT_ONCE, 200)).trafficClass(),
                "the traffic class when none is asked for");
    }

    @SpecTest(
            rule = "REQ-1",
            cases = {"C32", "C33"},
            families = IpVersion.V4,
            unless = Limit.NO_WIRE_LOG)
    void req1DontFragmentIsOnTheWireOnlyWhereAskedFor(IpVersion family) {
        require(EchoCapability.DONT_FRAGMENT_IPV4);
        for (int i = 0; i < 20; i++) {
            boolean whole = i % 2 == 0;
            outcome(to(family, LabPlan.AT_ONCE, i).options(EchoOptions.DEFAULT.withDontFragment(whole)));
            WireRecord seen = onWire(address(family, LabPlan.AT_ONCE, i));
            checkEquals(whole, seen.dontFragment(), "don't-fragment of request " + i);
        }
        intact(outcome(to(family, LabPlan.AT_ONCE, 100).payload(EchoPayload.ofSize(4_000))));
        int pieces = onWire(address(family, LabPlan.AT_ONCE, 100)).fragments();
        check(pieces > 1, "4,000 bytes leave in fragments, but they left in " + pieces);
    }

    @SpecTest(
            rule = "REQ-1",
            cases = {"C30", "C31"},
            families = IpVersion.V4)
    void req1WhatMustNotBeFragmentedIsRefusedOnTheWayEveryTime(IpVersion family) {
        require(EchoCapability.DONT_FRAGMENT_IPV4);
        for (int i = 0; i < 3; i++) {
            EchoOutcome outcome = outcome(to(family, LabPlan.NARROW, 140)
                    .payload(EchoPayload.ofSize(1_450))
                    .options(EchoOptions.DEFAULT.withDontFragment(true)));
            check(
                    outcome instanceof EchoOutcome.IcmpError,
                    "attempt " + i + " is refused by a router, but it is " + outcome);
        }
    }

    @SpecTest(rule = "REQ-1", cases = "C32", families = IpVersion.V4, unless = Limit.DONT_FRAGMENT_FORCED)
    void req1WhatMayBeFragmentedArrivesTheFirstTime(IpVersion family) {
        intact(outcome(to(family, LabPlan.NARROW, 139).payload(EchoPayload.ofSize(1_450))));
    }

    @SpecTest(rule = "REQ-1", cases = "C34", families = IpVersion.V6)
    void req1AnIpv6PacketIsFragmentedHereOnceTheRouterSaidSo(IpVersion family) {
        EchoOutcome first = outcome(to(family, LabPlan.NARROW, 140).payload(EchoPayload.ofSize(1_430)));
        icmpError(first);
        intact(outcome(to(family, LabPlan.NARROW, 140).payload(EchoPayload.ofSize(1_430))));
        require(EchoCapability.DONT_FRAGMENT_IPV6);
        icmpError(outcome(to(family, LabPlan.NARROW, 140)
                .payload(EchoPayload.ofSize(1_430))
                .options(EchoOptions.DEFAULT.withDontFragment(true))));
    }

    @SpecTest(
            rule = "REQ-2",
            cases = {"C28", "C35"},
            unless = Limit.NOTHING_UNSUPPORTED)
    void req2WhatTheBackendLacksIsRefusedAndNotSent(IpVersion family) {
        for (EchoCapability missing : List.of(
                EchoCapability.SOURCE_ADDRESS,
                EchoCapability.INTERFACE,
                EchoCapability.MARK,
                pick(family, EchoCapability.HOP_LIMIT_IPV4, EchoCapability.HOP_LIMIT_IPV6),
                pick(family, EchoCapability.TRAFFIC_CLASS_IPV4, EchoCapability.TRAFFIC_CLASS_IPV6),
                pick(family, EchoCapability.DONT_FRAGMENT_IPV4, EchoCapability.DONT_FRAGMENT_IPV6))) {
            if (harness().unconditional().contains(missing)) {
                continue;
            }
            EchoRequester limited = open(builder -> harness().newBuilderWithout(missing));
            Probe asked = ask(limited, demanding(family, missing).build());
            checkEquals(NotSentReason.UNSUPPORTED, notSent(outcome(asked)).reason(), "the reason without " + missing);
            checkEquals(0L, limited.statistics().sent(), "what was sent without " + missing);
            Probe plain = ask(limited, to(family, LabPlan.AT_ONCE, 2).build());
            check(
                    outcome(plain).isReply(),
                    "without " + missing + " a plain request is answered, but it is " + plain.outcome());
            // The plain one was asked later, and has been answered.
            checkNothingLeft(asked.request.destination());
        }
    }

    private EchoRequest.Builder demanding(IpVersion family, EchoCapability capability) {
        EchoRequest.Builder request = to(family, LabPlan.AT_ONCE, 1);
        return switch (capability) {
            case SOURCE_ADDRESS -> request.source(source(family, 1));
            case HOP_LIMIT_IPV4, HOP_LIMIT_IPV6 -> request.options(EchoOptions.DEFAULT.withHopLimit(9));
            case TRAFFIC_CLASS_IPV4, TRAFFIC_CLASS_IPV6 -> request.options(EchoOptions.DEFAULT.withTrafficClass(8));
            case INTERFACE -> request.options(EchoOptions.DEFAULT.withInterface("any0"));
            case MARK -> request.options(EchoOptions.DEFAULT.withMark(7));
            default -> request.options(EchoOptions.DEFAULT.withDontFragment(true));
        };
    }

    @SpecTest(rule = "REQ-2", cases = "C35")
    void req2TheBackendClaimsWhatItsHarnessSays() {
        checkEquals(harness().capabilities(), requester().capabilities(), "what the backend claims");
    }

    @SuppressWarnings("NullAway") // null is the misuse
    @SpecTest(
            rule = "REQ-3",
            cases = {"C7", "C21", "C26", "C62"})
    void req3MisuseIsRefusedAtTheCallByName(IpVersion family) {
        IpVersion other = pick(family, IpVersion.V6, IpVersion.V4);
        EchoRequest.Builder request = to(family, LabPlan.AT_ONCE, 1);
        checkRefused("65501", () -> request.payload(EchoPayload.ofSize(65_501)));
        checkRefused("65501", () -> request.payload(EchoPayload.of(new byte[65_501])));
        for (int hopLimit : new int[] {0, 256, -1}) {
            checkRefused(Integer.toString(hopLimit), () -> EchoOptions.DEFAULT.withHopLimit(hopLimit));
        }
        for (int trafficClass : new int[] {256, -1}) {
            checkRefused(Integer.toString(trafficClass), () -> EchoOptions.DEFAULT.withTrafficClass(trafficClass));
        }
        checkRefused("\"\"", () -> EchoOptions.DEFAULT.withInterface(""));
        checkRefused("PT0S", () -> request.timeout(Duration.ZERO));
        checkRefused("PT-1S", () -> request.timeout(Duration.ofSeconds(-1)));
        InetAddress foreign = source(other, 1);
        checkRefused(foreign.getHostAddress(), () -> request.source(foreign));
        EchoRequester open = requester();
        checkNull(() -> Objects.requireNonNull(open.sendAsync(null), "a future"));
        checkNull(() -> open.sendAsync(null, (asked, outcome) -> {}));
        checkNull(() -> open.sendAsync(request.build(), null));
        checkEquals(0L, open.statistics().sent(), "what was sent");
    }

    @SpecTest(rule = "REQ-3", cases = "C62")
    void req3TheLongestTimeoutIsNoShortOne(IpVersion family) {
        Probe asked = ask(to(family, LabPlan.SILENT, 1).timeout(Duration.ofDays(40)));
        pass(Duration.ofMillis(300));
        check(!asked.isDone(), "a request of 40 days is still waiting, but it ended");
    }

    private static void checkRefused(String value, Runnable misuse) {
        try {
            misuse.run();
        } catch (IllegalArgumentException e) {
            check(
                    String.valueOf(e.getMessage()).contains(value),
                    "the message names " + value + ", but it is " + e.getMessage());
            return;
        }
        throw failure("expected an IllegalArgumentException about " + value + ", but there was none");
    }

    private static void checkNull(Runnable misuse) {
        try {
            misuse.run();
        } catch (NullPointerException e) {
            return;
        }
        throw failure("expected a NullPointerException, but there was none");
    }

    @SpecTest(
            rule = "REQ-4",
            cases = {"C12", "C13", "C14", "C15"})
    void req4AnAddressThatIsNoHostIsRefused(IpVersion family) {
        List<String> addresses = family == IpVersion.V4
                ? List.of("0.0.0.0", "224.0.0.1", "239.255.255.250", "255.255.255.255")
                : List.of("::", "ff02::1", "ff0e::1", "fe80::1");
        for (String text : addresses) {
            EchoOutcome outcome =
                    outcome(EchoRequest.newBuilder(Addresses.of(text)).timeout(Duration.ofMillis(500)));
            checkEquals(NotSentReason.INVALID_DESTINATION, notSent(outcome).reason(), "the reason for " + text);
        }
        checkEquals(0L, requester().statistics().sent(), "what was sent");
    }

    @SpecTest(rule = "REQ-4", cases = "C140", families = IpVersion.V6)
    void req4AScopeThatTheDestinationDoesNotHaveIsRefused(IpVersion family) {
        InetAddress host = address(family, LabPlan.AT_ONCE, 7);
        for (int scope : new int[] {1, 2, 4_000}) {
            InetAddress scoped = Addresses.sixOf(host.getAddress(), scope);
            EchoOutcome outcome = outcome(EchoRequest.newBuilder(scoped).timeout(Duration.ofMillis(500)));
            checkEquals(NotSentReason.INVALID_DESTINATION, notSent(outcome).reason(), "the reason for " + scoped);
        }
        checkEquals(0L, requester().statistics().sent(), "what was sent");
    }

    @SpecTest(rule = "REQ-4", cases = "C17", families = IpVersion.V6)
    void req4AnIpv4MappedAddressIsTheIpv4Address(IpVersion family) {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(address(IpVersion.V4, LabPlan.AT_ONCE, 5).getAddress(), 0, mapped, 12, 4);
        for (InetAddress destination : List.of(Addresses.of(mapped), Addresses.sixOf(mapped))) {
            EchoOutcome outcome = outcome(EchoRequest.newBuilder(destination));
            checkEquals(
                    address(IpVersion.V4, LabPlan.AT_ONCE, 5),
                    intact(outcome).responder(),
                    "who answered, in a test of " + family);
        }
    }

    @SpecTest(rule = "REQ-5", cases = "C22", unless = Limit.NO_WIRE_LOG)
    void req5AnUnspecifiedSourceMeansNone(IpVersion family) {
        InetAddress unspecified = Addresses.of(pick(family, "0.0.0.0", "::"));
        outcome(to(family, LabPlan.AT_ONCE, 1));
        if (can(EchoCapability.SOURCE_ADDRESS)
                && harness().reasonAgainst(Limit.NO_LAB).isEmpty()) {
            outcome(to(family, LabPlan.AT_ONCE, 3).source(source(family, 2))); // must not stick
        }
        intact(outcome(to(family, LabPlan.AT_ONCE, 2).source(unspecified)));
        checkEquals(
                onWire(address(family, LabPlan.AT_ONCE, 1)).source(),
                onWire(address(family, LabPlan.AT_ONCE, 2)).source(),
                "the source when 0.0.0.0 or :: is asked for");
    }

    @SpecTest(rule = "REQ-6", cases = "C103", unless = Limit.NO_LAB)
    void req6NoRequestIsSentTwice(IpVersion family) {
        timedOut(outcome(to(family, LabPlan.FIRST_LOST, 1).timeout(Duration.ofMillis(300))));
        intact(outcome(to(family, LabPlan.FIRST_LOST, 1)));
    }

    @SpecTest(rule = "REQ-6", cases = "C103", unless = Limit.NO_WIRE_LOG)
    void req6OnePacketLeavesForEachRequest(IpVersion family) {
        outcome(to(family, LabPlan.SILENT, 1).timeout(Duration.ofMillis(300)));
        outcome(to(family, LabPlan.UNREACHABLE, 1));
        checkEquals(1, onWire(address(family, LabPlan.SILENT, 1)).fragments(), "the packets for a silent host");
        onWire(address(family, LabPlan.UNREACHABLE, 1));
    }

    @SpecTest(
            rule = "REQ-7",
            cases = {"C137", "C138"})
    void req7ASourceThatNoHostHasIsUnavailable(IpVersion family) {
        List<String> addresses = family == IpVersion.V4
                ? List.of("224.0.0.1", "255.255.255.255")
                : List.of("ff02::1", "ff0e::1", "fe80::1");
        for (String text : addresses) {
            EchoOutcome outcome = outcome(to(family, LabPlan.AT_ONCE, 1).source(Addresses.of(text)));
            checkEquals(NotSentReason.SOURCE_UNAVAILABLE, notSent(outcome).reason(), "the reason for " + text);
        }
        checkEquals(0L, requester().statistics().sent(), "what was sent");
    }

    static InetAddress source(IpVersion family, int n) {
        return family == IpVersion.V4 ? Lab.ipv4Source(n) : Lab.ipv6Source(n);
    }
}
