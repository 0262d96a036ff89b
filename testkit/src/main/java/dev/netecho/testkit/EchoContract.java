// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import dev.netecho.EchoCapability;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import dev.netecho.EchoUnavailableException;
import dev.netecho.IpVersion;
import dev.netecho.spi.Stray;
import dev.netecho.testkit.lab.LabPlan;
import dev.netecho.testkit.lab.WireRecord;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.opentest4j.TestAbortedException;

/**
 * What the groups of rules share: a requester for each test, and what must be true after every test. That is one
 * outcome per request (OUT-1), statistics that add up (OUT-6), nothing logged (OUT-7), everything released (END-2), and
 * only ICMP on the wire (REQ-6).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class EchoContract {
    /** Longer than anything here takes: it expires only if a backend forgot a request. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration COUNTING = Duration.ofSeconds(10);

    private final ContractHarness harness;
    private final ContractTime time;
    private final List<Probe> probes = new ArrayList<>();
    private final List<EchoRequester> opened = new ArrayList<>();
    private @Nullable EchoRequester requester;
    private @Nullable Holdings before;
    private int logged;
    private String expectedLog = "";

    EchoContract(ContractHarness harness) {
        this.harness = Objects.requireNonNull(harness, "harness");
        this.time = harness.time();
    }

    final ContractHarness harness() {
        return harness;
    }

    final ContractTime time() {
        return time;
    }

    // Before and after

    @BeforeAll
    final void takeStock() throws EchoUnavailableException {
        // Loads what is never unloaded (native libraries, the descriptors of their jars), so that it does not count as
        // held.
        harness.open(harness.newBuilder()).close();
        before = Holdings.now(harness);
        logged = RecordedLog.lines().size();
    }

    @BeforeEach
    final void begin() {
        harness.reset();
        probes.clear();
        expectedLog = "";
    }

    @AfterEach
    final void end() {
        try {
            if (requester != null) {
                checkStatistics(requester);
            }
            checkProtocol();
        } finally {
            List<EchoRequester> closed = List.copyOf(opened);
            closeAll();
            closed.forEach(this::checkClosed);
            harness.reset(); // what the test did to the host must not outlive it
        }
        checkOutcomes();
        checkLog();
    }

    private void closeAll() {
        List<String> thrown = new ArrayList<>();
        for (EchoRequester each : opened) {
            try {
                each.close();
            } catch (RuntimeException e) {
                thrown.add(e.toString());
            }
        }
        opened.clear();
        requester = null;
        if (!thrown.isEmpty()) {
            throw Violation.of("END-2", "close() threw " + thrown);
        }
    }

    @AfterAll
    final void findNothingLeft() {
        Holdings first = Objects.requireNonNull(before);
        BooleanSupplier clean = () -> Holdings.now(harness).moreThan(first).isEmpty();
        if (!ContractTime.ofMachine().await(clean, harness.cleaningUp())) {
            throw Violation.of(
                    "END-2", "was not released: " + Holdings.now(harness).moreThan(first));
        }
    }

    private void checkOutcomes() {
        for (Probe probe : probes) {
            if (probe.calls() != 1) {
                throw Violation.of("OUT-1", probe.calls() + " outcomes, not one, of " + probe.request);
            }
        }
    }

    private void checkProtocol() {
        if (harness.reasonAgainst(Limit.NO_WIRE_LOG).isEmpty()) {
            long others = harness.wire().ofOtherProtocols();
            if (others > 0) {
                throw Violation.of("REQ-6", others + " packets left that are not ICMP");
            }
        }
    }

    private void checkStatistics(EchoRequester open) {
        // A counter may lag behind the outcome that it counts.
        if (!time.await(() -> addsUp(open.statistics()), COUNTING)) {
            throw Violation.of("OUT-6", "the counters do not add up: " + open.statistics());
        }
    }

    private void checkClosed(EchoRequester closed) {
        checkStatistics(closed);
        BooleanSupplier over =
                () -> closed.statistics().inFlight() + closed.statistics().queued() == 0;
        if (!time.await(over, COUNTING)) {
            throw Violation.of("OUT-6", "after close() nothing is outstanding, but " + closed.statistics());
        }
    }

    private static boolean addsUp(EchoStatistics counted) {
        long ended = counted.replies() + counted.icmpErrors() + counted.timedOut() + counted.abandoned();
        return counted.sent() == ended + counted.inFlight() && counted.inFlight() >= 0 && counted.queued() >= 0;
    }

    private void checkLog() {
        List<RecordedLog.Line> lines = RecordedLog.lines();
        List<RecordedLog.Line> fresh = lines.subList(logged, lines.size()).stream()
                .filter(line -> line.logger().startsWith("dev.netecho"))
                // Whenever the collector finds requesters that others, or the tests of END-6, have dropped.
                .filter(line -> !line.text().contains("was dropped without close()"))
                .filter(line -> expectedLog.isEmpty() || !line.text().contains(expectedLog))
                .toList();
        logged = lines.size();
        if (!fresh.isEmpty()) {
            throw Violation.of("OUT-7", "was logged: " + fresh);
        }
    }

    /** Allows log lines with this text in this test. */
    final void expectLog(String text) {
        expectedLog = text;
    }

    // Opening

    /** {@return the requester of this test, opened when it is first needed} */
    final EchoRequester requester() {
        EchoRequester open = requester;
        if (open == null) {
            open = open(UnaryOperator.identity());
            requester = open;
        }
        return open;
    }

    /** Opens the requester of this test with options. */
    final EchoRequester requester(UnaryOperator<EchoRequester.Builder> options) {
        if (requester != null) {
            throw new IllegalStateException("the requester of this test is open already");
        }
        EchoRequester open = open(options);
        requester = open;
        return open;
    }

    /** Opens one more requester, which is closed after the test. */
    final EchoRequester open(UnaryOperator<EchoRequester.Builder> options) {
        try {
            EchoRequester open = harness.open(options.apply(harness.newBuilder()));
            opened.add(open);
            return open;
        } catch (EchoUnavailableException e) {
            throw new AssertionError("the backend cannot be opened: " + e.getMessage(), e);
        }
    }

    // Asking

    /** {@return the address that does what a row says; if none does, the rest of the test is skipped} */
    final InetAddress address(IpVersion family, LabPlan row, int d) {
        return harness.address(family, row, d)
                .orElseThrow(() -> harness.reasonAgainst(Limit.NO_LAB)
                        .<RuntimeException>map(why -> new TestAbortedException(Limit.NO_LAB + ": " + why))
                        .orElseGet(() -> new IllegalStateException("the harness has no address for " + row)));
    }

    /** {@return one of two values} */
    static <T> T pick(IpVersion family, T ipv4, T ipv6) {
        return family == IpVersion.V4 ? ipv4 : ipv6;
    }

    /** {@return a request to a lab address with a long timeout} */
    final EchoRequest.Builder to(IpVersion family, LabPlan row, int d) {
        return EchoRequest.newBuilder(address(family, row, d)).timeout(Duration.ofSeconds(10));
    }

    /** Sends a request and returns at once. */
    final Probe ask(EchoRequest.Builder request) {
        return ask(requester(), request.build());
    }

    /** Sends a request and returns at once. */
    final Probe ask(EchoRequester by, EchoRequest request) {
        return ask(by, new Probe(request, time));
    }

    /** Sends with a listener that does more than record. */
    final <P extends Probe> P ask(EchoRequester by, P probe) {
        synchronized (probes) {
            probes.add(probe);
        }
        by.sendAsync(probe.request, probe);
        return probe;
    }

    /** Asks, and waits for the outcome. */
    final EchoOutcome outcome(EchoRequest.Builder request) {
        return outcome(ask(request));
    }

    /** Waits for an outcome. */
    final EchoOutcome outcome(Probe probe) {
        awaitAll(List.of(probe));
        return probe.outcome();
    }

    /** Waits until every request has its outcome. */
    final void awaitAll(Collection<Probe> asked) {
        long longest = asked.stream()
                .mapToLong(probe -> probe.request.timeout().toNanos())
                .max()
                .orElse(0);
        Duration limit = PATIENCE.plusNanos(longest);
        if (!time.await(() -> asked.stream().allMatch(Probe::isDone), limit)) {
            long missing = asked.stream().filter(probe -> !probe.isDone()).count();
            throw Violation.of("OUT-1", missing + " of " + asked.size() + " requests have no outcome after " + limit);
        }
    }

    /** Lets time pass. */
    final void pass(Duration duration) {
        time.pass(duration);
    }

    // Judging

    static AssertionError failure(String what) {
        return new AssertionError(what);
    }

    static void check(boolean condition, String otherwise) {
        if (!condition) {
            throw failure(otherwise);
        }
    }

    /** For tests of many requests: the message is made only if it is needed. */
    static void check(boolean condition, Supplier<String> otherwise) {
        if (!condition) {
            throw failure(otherwise.get());
        }
    }

    static void checkEquals(Object expected, Object actual, String what) {
        check(expected.equals(actual), () -> what + " is " + actual + ", not " + expected);
    }

    static EchoOutcome.Reply reply(EchoOutcome outcome) {
        if (outcome instanceof EchoOutcome.Reply reply) {
            return reply;
        }
        throw failure("expected a reply, but got " + outcome);
    }

    static EchoOutcome.Reply intact(EchoOutcome outcome) {
        EchoOutcome.Reply reply = reply(outcome);
        check(reply.payloadIntact(), () -> "the data came back as it was sent, but it is " + outcome);
        return reply;
    }

    static EchoOutcome.IcmpError icmpError(EchoOutcome outcome) {
        if (outcome instanceof EchoOutcome.IcmpError error) {
            return error;
        }
        throw failure("expected an ICMP error, but got " + outcome);
    }

    static EchoOutcome.TimedOut timedOut(EchoOutcome outcome) {
        if (outcome instanceof EchoOutcome.TimedOut silence) {
            return silence;
        }
        throw failure("expected a time-out, but got " + outcome);
    }

    static EchoOutcome.NotSent notSent(EchoOutcome outcome) {
        if (outcome instanceof EchoOutcome.NotSent refused) {
            return refused;
        }
        throw failure("expected NotSent, but got " + outcome);
    }

    /** Skips the rest of the test unless the backend claims a capability; then its harness must not list it. */
    final void require(EchoCapability capability) {
        if (requester().capabilities().contains(capability)) {
            return;
        }
        check(!harness.capabilities().contains(capability), "the backend does not claim " + capability);
        throw new TestAbortedException("the backend has no " + capability);
    }

    final boolean can(EchoCapability capability) {
        return requester().capabilities().contains(capability);
    }

    /** Waits for a counter of stray packets, unless the system hides them from this backend. */
    final void checkCounted(long expected, Stray stray) {
        boolean visible = harness.visibleStrays().contains(stray);
        if (!visible) {
            check(counter(stray).isEmpty(), stray + " is said to be hidden, but counted: " + counter(stray));
            return;
        }
        time.await(() -> counter(stray).orElse(-1) >= expected, COUNTING);
        checkEquals(OptionalLong.of(expected), counter(stray), "the counter of " + stray);
    }

    private OptionalLong counter(Stray stray) {
        EchoStatistics counted = requester().statistics();
        return switch (stray) {
            case DUPLICATE -> counted.duplicates();
            case LATE -> counted.late();
            case ALTERED -> counted.altered();
            case WRONG_SOURCE -> counted.wrongSource();
            case UNMATCHED -> counted.unmatched();
            case DROPPED_LOCALLY -> counted.droppedLocally();
        };
    }

    final OptionalLong unmatched() {
        return counter(Stray.UNMATCHED);
    }

    /** {@return what the lab received for an address; the request is on the wire before its answer is} */
    final List<WireRecord> wire(InetAddress destination) {
        return harness.wire().to(destination);
    }

    /** {@return the one packet that the lab received for an address} */
    final WireRecord onWire(InetAddress destination) {
        List<WireRecord> seen = wire(destination);
        check(seen.size() == 1, "one packet left for " + destination.getHostAddress() + ", but they are " + seen);
        return seen.get(0);
    }

    /** Checks that no packet left for an address, if that can be seen: a backend might say NotSent and still send. */
    final void checkNothingLeft(InetAddress destination) {
        if (harness.reasonAgainst(Limit.NO_WIRE_LOG).isEmpty()) {
            List<WireRecord> seen = wire(destination);
            check(seen.isEmpty(), () -> "nothing left for " + destination.getHostAddress() + ", but " + seen + " did");
        }
    }

    static EchoPayload explicit(int... octets) {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        return EchoPayload.of(bytes);
    }

    static Set<Stray> strays() {
        return Set.of(Stray.values());
    }
}
