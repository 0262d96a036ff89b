// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.IpVersion;
import dev.netecho.spi.Stray;
import dev.netecho.testkit.lab.LabPlan;
import dev.netecho.testkit.lab.WireRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The rules MAT-1 to MAT-5: an answer belongs to its request, or to none. */
public abstract class MatchingContract extends EchoContract {
    private static final Duration SHORT = Duration.ofMillis(250);
    private static final Duration SHORT_OF_A_PAUSE = Duration.ofMillis(5);
    private static final int NUMBERS = 1 << 16;
    private static final Duration AFTERWARDS = Duration.ofMillis(60);

    /**
     * Tests a backend.
     *
     * @param harness how to open it, and what it claims
     */
    protected MatchingContract(ContractHarness harness) {
        super(harness);
    }

    @SpecTest(rule = "MAT-1", cases = "C72", unless = Limit.NO_LAB)
    void mat1AReplyFromAnotherHostDoesNotCount(IpVersion family) {
        timedOut(outcome(to(family, LabPlan.OTHER_SOURCE, 1).timeout(SHORT)));
        checkCounted(1, Stray.WRONG_SOURCE);
    }

    @SpecTest(
            rule = "MAT-1",
            cases = "C72",
            unless = {Limit.NO_LAB, Limit.FIRST_ANSWER_TAKEN})
    void mat1TheTrueReplyAfterOneFromAnotherHostCounts(IpVersion family) {
        intact(outcome(to(family, LabPlan.OTHER_SOURCE_FIRST, 1)));
        checkCounted(1, Stray.WRONG_SOURCE);
    }

    @SpecTest(rule = "MAT-1", cases = "C77", unless = Limit.NO_LAB)
    void mat1AReplyWithAnotherIdentifierIsNone(IpVersion family) {
        checkTrueOne(outcome(to(family, LabPlan.OTHER_IDENTIFIER_FIRST, 1)));
    }

    @SpecTest(rule = "MAT-1", cases = "C78", unless = Limit.NO_LAB)
    void mat1AReplyWithASequenceNumberThatWasNotSentIsNone(IpVersion family) {
        checkTrueOne(outcome(to(family, LabPlan.OTHER_SEQUENCE_FIRST, 1)));
        checkCounted(1, Stray.UNMATCHED);
    }

    @SpecTest(
            rule = "MAT-1",
            cases = "C80",
            unless = {Limit.NO_LAB, Limit.REPLY_UNCHECKED})
    void mat1AReplyWithACodeIsNone(IpVersion family) {
        timedOut(outcome(to(family, LabPlan.CODE_SET, 1).timeout(SHORT)));
        intact(outcome(to(family, LabPlan.CODE_SET, 0)));
    }

    @SpecTest(
            rule = "MAT-1",
            cases = "C76",
            unless = {Limit.NO_LAB, Limit.REPLY_UNCHECKED})
    void mat1AReplyWithAWrongChecksumIsNone(IpVersion family) {
        timedOut(outcome(to(family, LabPlan.BAD_CHECKSUM, 1).timeout(SHORT)));
    }

    @SpecTest(rule = "MAT-1", cases = "C11")
    void mat1AnswersOutOfOrderFindTheirRequests(IpVersion family) {
        List<Probe> asked = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            asked.add(ask(to(family, LabPlan.DELAYED, 30 - i % 30).payload(explicit(i, i + 1, i + 2))));
        }
        awaitAll(asked);
        for (Probe probe : asked) {
            EchoOutcome.Reply reply = intact(probe.outcome());
            checkEquals(probe.request.payload(), reply.payload(), "the payload that came back");
            checkEquals(probe.request.destination(), reply.responder(), "the responder");
        }
    }

    @SpecTest(rule = "MAT-1", cases = "C90")
    void mat1TwoRequestersDoNotMixUpTheirAnswers(IpVersion family) {
        int many = harness().bulk(1_000);
        EchoRequester one = open(UnaryOperator.identity());
        EchoRequester other = open(UnaryOperator.identity());
        List<Probe> asked = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            asked.add(ask(
                    one,
                    to(family, LabPlan.AT_ONCE, 1)
                            .payload(explicit(1, i, i >> 8))
                            .build()));
            asked.add(ask(
                    other,
                    to(family, LabPlan.AT_ONCE, 1)
                            .payload(explicit(2, i, i >> 8))
                            .build()));
        }
        awaitAll(asked);
        asked.forEach(probe -> intact(probe.outcome()));
        for (EchoRequester each : List.of(one, other)) {
            checkEquals((long) many, each.statistics().replies(), "the replies to each requester");
            checkEquals(0L, each.statistics().altered().orElse(0), "the altered answers of each requester");
        }
    }

    @SpecTest(rule = "MAT-2", cases = "C73", unless = Limit.NO_LAB)
    void mat2AChangedByteIsNotIntact(IpVersion family) {
        checkAltered(outcome(to(family, LabPlan.ALTERED, 20).timeout(SHORT)));
        checkCounted(1, Stray.ALTERED);
    }

    @SpecTest(rule = "MAT-2", cases = "C73", unless = Limit.NO_LAB)
    void mat2AChangedTokenNamesNoRequest(IpVersion family) {
        timedOut(outcome(to(family, LabPlan.ALTERED, 3).timeout(SHORT)));
        checkCounted(1, Stray.ALTERED);
    }

    @SpecTest(rule = "MAT-2", cases = "C74", unless = Limit.NO_LAB)
    void mat2AShortenedReplyIsNotIntact(IpVersion family) {
        checkAltered(outcome(to(family, LabPlan.SHORTENED, 10)
                .payload(EchoPayload.ofSize(32))
                .timeout(SHORT)));
        timedOut(outcome(
                to(family, LabPlan.SHORTENED, 7).payload(EchoPayload.ofSize(32)).timeout(SHORT)));
        checkCounted(2, Stray.ALTERED);
    }

    @SpecTest(rule = "MAT-2", cases = "C75", unless = Limit.NO_LAB)
    void mat2ALengthenedReplyIsNotIntact(IpVersion family) {
        for (int more : new int[] {1, 20, 130, 255}) {
            checkAltered(outcome(to(family, LabPlan.LENGTHENED, more).timeout(SHORT)));
        }
        checkCounted(4, Stray.ALTERED);
    }

    @SpecTest(
            rule = "MAT-2",
            cases = {"C73", "C74", "C75"},
            unless = Limit.NO_LAB)
    void mat2WithoutATokenAnAlteredReplyNamesNoRequest(IpVersion family) {
        EchoPayload mine = explicit(9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        for (LabPlan row : List.of(LabPlan.ALTERED, LabPlan.SHORTENED, LabPlan.LENGTHENED)) {
            timedOut(outcome(to(family, row, 5).payload(mine).timeout(SHORT)));
        }
        checkCounted(3, Stray.ALTERED);
        timedOut(outcome(
                to(family, LabPlan.ALTERED, 1).payload(EchoPayload.ofSize(4)).timeout(SHORT)));
        checkCounted(4, Stray.ALTERED);
    }

    @SpecTest(
            rule = "MAT-3",
            cases = {"C66", "C67", "C68"},
            unless = Limit.NO_LAB)
    void mat3ALateAnswerIsNotTheNextRequests(IpVersion family) {
        for (EchoPayload payload : List.of(EchoPayload.DEFAULT, explicit(1, 2, 3), EchoPayload.ofSize(3))) {
            timedOut(outcome(to(family, LabPlan.LATE, 3).payload(payload).timeout(Duration.ofMillis(100))));
            // The first answer comes 200 ms from now, the second 300 ms.
            timedOut(outcome(to(family, LabPlan.LATE, 3).payload(payload).timeout(Duration.ofMillis(270))));
        }
        checkCounted(6, Stray.LATE);
    }

    @SpecTest(
            rule = "MAT-3",
            cases = {"C94", "C111"},
            unless = Limit.NO_LAB)
    void mat3SequenceNumbersComeRoundWithoutLoss(IpVersion family) {
        int total = harness().bulk(70_000);
        int window = Math.min(512, total);
        List<Probe> asked = new ArrayList<>(total);
        // Its number must not be given away while the others wrap, if there are enough to wrap.
        boolean round = total > NUMBERS;
        List<Probe> slow =
                round ? List.of(ask(to(family, LabPlan.LATE, 20).payload(EchoPayload.ofSize(8)))) : List.of();
        for (int i = 0; i < total; i++) {
            asked.add(ask(to(family, LabPlan.AT_ONCE, i % 256).payload(EchoPayload.ofSize(8))));
            if (i % window == window - 1) {
                awaitAll(asked.subList(i + 1 - window, i + 1));
            }
        }
        awaitAll(asked);
        asked.forEach(probe -> intact(probe.outcome()));
        for (Probe probe : slow) {
            intact(outcome(probe));
            long millis = Duration.ofNanos(probe.elapsedNanos()).toMillis();
            check(millis >= 1_999, () -> "the slow host answers after 2 s, but an answer came after " + millis + " ms");
        }
    }

    @SpecTest(rule = "MAT-3", cases = "C68", unless = Limit.NO_WIRE_LOG)
    void mat3WithoutATokenNoNumberComesBackWithinAMinute(IpVersion family) {
        // 59 s if the test can make time pass; otherwise as many requests at once.
        Duration pause = time() instanceof SimulatedTime ? Duration.ofSeconds(1) : Duration.ofMillis(10);
        List<EchoPayload> payloads = List.of(explicit(1, 2, 3), EchoPayload.ofSize(7), explicit());
        for (int i = 0; i < 60; i++) {
            // The last one is: the lab has seen all that left before its answer.
            boolean answered = i % 2 == 1;
            outcome(to(family, answered ? LabPlan.AT_ONCE : LabPlan.SILENT, 1)
                    .payload(payloads.get(i % payloads.size()))
                    .timeout(answered ? PATIENCE : SHORT_OF_A_PAUSE));
            if (i < 59) {
                pass(answered ? pause : pause.minus(SHORT_OF_A_PAUSE));
            }
        }
        Set<Integer> numbers = new HashSet<>();
        for (LabPlan row : List.of(LabPlan.AT_ONCE, LabPlan.SILENT)) {
            for (WireRecord seen : wire(address(family, row, 1))) {
                check(
                        numbers.add(seen.identifier() << 16 | seen.sequence()),
                        () -> "identifier and sequence number may be used again after a minute, but were in " + seen);
            }
        }
        checkEquals(60, numbers.size(), "the requests on the wire");
    }

    @SpecTest(rule = "MAT-4", cases = "C71", unless = Limit.NO_LAB)
    void mat4FurtherRepliesAreDuplicates(IpVersion family) {
        intact(outcome(to(family, LabPlan.DUPLICATED, 3)));
        checkCounted(3, Stray.DUPLICATE);
    }

    @SpecTest(rule = "MAT-4", cases = "C66", unless = Limit.NO_LAB)
    void mat4AnAnswerAfterTheEndIsLate(IpVersion family) {
        timedOut(outcome(to(family, LabPlan.LATE, 2).timeout(Duration.ofMillis(100))));
        checkCounted(1, Stray.LATE);
    }

    @SpecTest(
            rule = "MAT-4",
            cases = {"C79", "C81"},
            unless = Limit.NO_LAB)
    void mat4MalformedAndForeignMessagesHarmNoRequest(IpVersion family) {
        List<Probe> asked = new ArrayList<>();
        for (int length = 0; length < 8; length++) {
            asked.add(ask(to(family, LabPlan.TRUNCATED_FIRST, length)));
        }
        for (int type = 0; type < 256; type++) {
            if (type != pick(family, 0, 129)) {
                asked.add(ask(to(family, LabPlan.OTHER_TYPE_FIRST, type)));
            }
        }
        awaitAll(asked);
        asked.forEach(probe -> checkTrueOne(probe.outcome()));
    }

    @SpecTest(
            rule = "MAT-4",
            cases = "C81",
            unless = {Limit.NO_LAB, Limit.REPLY_UNCHECKED})
    void mat4AStormOfBogusRepliesHarmsNoRequest(IpVersion family) {
        List<Probe> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            asked.add(ask(to(family, LabPlan.STORM, 20)));
            asked.add(ask(to(family, LabPlan.AT_ONCE, i)));
        }
        awaitAll(asked);
        asked.forEach(probe -> intact(probe.outcome()));
    }

    @SpecTest(rule = "MAT-4", cases = "C89")
    void mat4OwnRequestsAreNotCounted(IpVersion family) {
        // Over loopback the requests arrive on the same interface as the answers; a simulated host has no loopback.
        EchoRequest.Builder own = time() instanceof SimulatedTime
                ? to(family, LabPlan.AT_ONCE, 1)
                : EchoRequest.newBuilder(Addresses.of(pick(family, "127.0.0.1", "::1")));
        for (int i = 0; i < 20; i++) {
            intact(outcome(own.timeout(PATIENCE)));
        }
        pass(AFTERWARDS);
        checkEquals(0L, unmatched().orElse(0), "the counter of unmatched packets");
    }

    @SpecTest(
            rule = "MAT-5",
            cases = "C92",
            unless = {Limit.NO_WIRE_LOG, Limit.SYSTEM_CHOOSES_IDENTIFIER})
    void mat5TheIdentifierCannotBeGuessed(IpVersion family) {
        int requesters = 6;
        List<Integer> seenOf = new ArrayList<>();
        for (int i = 0; i < requesters; i++) {
            EchoRequester open = open(UnaryOperator.identity());
            outcome(ask(open, to(family, LabPlan.AT_ONCE, i).build()));
            WireRecord seen = onWire(address(family, LabPlan.AT_ONCE, i));
            seenOf.add(seen.identifier());
            open.close();
        }
        Set<Integer> identifiers = new HashSet<>(seenOf);
        check(identifiers.size() >= requesters - 1, "the identifiers differ, but they are " + identifiers);
        int pid = (int) (ProcessHandle.current().pid() & 0xffff);
        check(
                seenOf.stream().filter(identifier -> identifier == pid).count() < 2,
                "the identifiers are not the process id " + pid + ", but they are " + identifiers);
        List<Integer> sorted = identifiers.stream().sorted().toList();
        check(
                sorted.get(sorted.size() - 1) - sorted.get(0) > 2 * requesters,
                "the identifiers are no row of numbers, but they are " + sorted);
    }

    /** The bogus answer comes at once, the true one after 20 ms. */
    private static void checkTrueOne(EchoOutcome outcome) {
        long millis = intact(outcome).roundTripTime().toMillis();
        check(millis >= 19, "the true answer comes after 20 ms, but this one came after " + millis + " ms");
    }

    private static void checkAltered(EchoOutcome outcome) {
        EchoOutcome.Reply reply = reply(outcome);
        check(!reply.payloadIntact(), "the data was altered, but it is said to be intact");
    }
}
