// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import dev.netecho.EchoCapability;
import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.IcmpErrorKind;
import dev.netecho.IcmpExtension;
import dev.netecho.IpVersion;
import dev.netecho.spi.Stray;
import dev.netecho.testkit.lab.LabPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.opentest4j.TestAbortedException;

/** The rules ERR-1 to ERR-6: an ICMP error ends the request that it quotes, with its true reason, and no other. */
public abstract class IcmpErrorContract extends EchoContract {
    private static final Duration SHORT = Duration.ofMillis(250);

    /**
     * Tests a backend.
     *
     * @param harness how to open it, and what it claims
     */
    protected IcmpErrorContract(ContractHarness harness) {
        super(harness);
    }

    @SpecTest(
            rule = "ERR-1",
            cases = {"C41", "C42", "C44"},
            unless = Limit.NO_LAB)
    void err1EveryUnreachableCodeHasItsKind(IpVersion family) {
        int type = pick(family, 3, 1);
        int last = pick(family, 15, 8);
        for (int code = 0; code <= last; code++) {
            EchoOutcome.IcmpError error = icmpError(outcome(to(family, LabPlan.UNREACHABLE, code)));
            checkError(family, error, type, code);
        }
    }

    @SpecTest(
            rule = "ERR-1",
            cases = "C43",
            families = IpVersion.V4,
            unless = {Limit.NO_LAB, Limit.SOME_IPV4_ERRORS_HIDDEN})
    void err1AnUnknownUnreachableCodeIsOther(IpVersion family) {
        checkError(family, icmpError(outcome(to(family, LabPlan.UNREACHABLE, 16))), 3, 16);
    }

    @SpecTest(
            rule = "ERR-1",
            cases = {"C45", "C46"},
            unless = Limit.NO_LAB)
    void err1TheHopLimitRunsOutAtTheRouterThatSaysSo(IpVersion family) {
        require(pick(family, EchoCapability.HOP_LIMIT_IPV4, EchoCapability.HOP_LIMIT_IPV6));
        for (int hop : new int[] {1, 2, 6}) {
            EchoOutcome.IcmpError error =
                    icmpError(outcome(to(family, LabPlan.HOPS_AWAY, 7).options(EchoOptions.DEFAULT.withHopLimit(hop))));
            checkEquals(IcmpErrorKind.HOP_LIMIT_EXCEEDED, error.kind(), "the kind");
            checkEquals(address(family, LabPlan.ROUTERS, hop), error.responder(), "the router at hop " + hop);
        }
        intact(outcome(to(family, LabPlan.HOPS_AWAY, 7).options(EchoOptions.DEFAULT.withHopLimit(7))));
    }

    @SpecTest(rule = "ERR-1", cases = "C45", unless = Limit.NO_LAB)
    void err1TimeExceededHasItsKind(IpVersion family) {
        checkError(family, icmpError(outcome(to(family, LabPlan.TIME_EXCEEDED, 0))), pick(family, 11, 3), 0);
    }

    @SpecTest(rule = "ERR-1", cases = "C47", unless = Limit.NO_LAB)
    void err1ReassemblyTimeExceededHasItsKind(IpVersion family) {
        if (family == IpVersion.V4
                && harness().reasonAgainst(Limit.SOME_IPV4_ERRORS_HIDDEN).isPresent()) {
            throw new TestAbortedException("SOME_IPV4_ERRORS_HIDDEN: "
                    + harness().reasonAgainst(Limit.SOME_IPV4_ERRORS_HIDDEN).orElse(""));
        }
        checkError(family, icmpError(outcome(to(family, LabPlan.TIME_EXCEEDED, 1))), pick(family, 11, 3), 1);
    }

    @SpecTest(rule = "ERR-1", cases = "C48", unless = Limit.NO_LAB)
    void err1ParameterProblemHasItsKind(IpVersion family) {
        int last = pick(family, 0, 2);
        for (int code = 0; code <= last; code++) {
            checkError(
                    family, icmpError(outcome(to(family, LabPlan.PARAMETER_PROBLEM, code))), pick(family, 12, 4), code);
        }
    }

    @SpecTest(
            rule = "ERR-1",
            cases = {"C30", "C50"},
            unless = Limit.NO_LAB)
    void err1TheNextHopMtuIsTheRouters(IpVersion family) {
        EchoOutcome.IcmpError error = icmpError(outcome(to(family, LabPlan.TOO_BIG, 140)));
        checkEquals(
                pick(family, IcmpErrorKind.FRAGMENTATION_NEEDED, IcmpErrorKind.PACKET_TOO_BIG),
                error.kind(),
                "the kind");
        OptionalInt mtu = can(EchoCapability.NEXT_HOP_MTU) ? OptionalInt.of(1_400) : OptionalInt.empty();
        checkEquals(mtu, error.nextHopMtu(), "the next-hop MTU");
    }

    @SpecTest(rule = "ERR-1", cases = "C41", unless = Limit.NO_LAB)
    void err1TheRoundTripIsThatOfTheError(IpVersion family) {
        EchoOutcome.IcmpError error = icmpError(outcome(to(family, LabPlan.UNREACHABLE_DELAYED, 10)));
        long millis = error.roundTripTime().toMillis();
        check(
                error.roundTripTime().plus(error.roundTripUncertainty()).toMillis() >= 40,
                "the error comes after 40 ms, but it came after " + error.roundTripTime() + ", with an uncertainty of "
                        + error.roundTripUncertainty());
        check(
                millis <= 40 + time().tolerance().toMillis(),
                "the error comes after 40 ms, but it came after " + millis + " ms");
    }

    @SpecTest(rule = "ERR-1", cases = "C82", unless = Limit.NO_LAB)
    void err1AnyRouterMaySpeak(IpVersion family) {
        EchoOutcome.IcmpError error = icmpError(outcome(to(family, LabPlan.UNREACHABLE_BY_OTHER, 3)));
        checkEquals(address(family, LabPlan.OTHERS, 3), error.responder(), "the responder");
    }

    @SpecTest(rule = "ERR-1", cases = "C83", unless = Limit.NO_LAB)
    void err1AQuoteOfEightBytesIsEnough(IpVersion family) {
        for (int bytes : new int[] {8, 9, 15, 16, 64}) {
            checkUnreachable(family, outcome(to(family, LabPlan.QUOTE_CUT, bytes)));
        }
    }

    @SpecTest(rule = "ERR-1", cases = "C84", unless = Limit.NO_LAB)
    void err1AQuoteWithOptionsIsRead(IpVersion family) {
        for (int words = 1; words <= 10; words++) {
            checkUnreachable(family, outcome(to(family, LabPlan.QUOTE_WITH_OPTIONS, words)));
        }
    }

    @SpecTest(rule = "ERR-1", cases = "C84", unless = Limit.NO_LAB)
    void err1ExtensionsOfRfc4884AreNoData(IpVersion family) {
        for (int labels : new int[] {1, 3}) {
            for (int size : new int[] {8, 56, 1_000}) {
                EchoPayload payload = EchoPayload.ofSize(size);
                icmpError(outcome(to(family, LabPlan.QUOTE_EXTENDED, labels).payload(payload)));
                icmpError(outcome(
                        to(family, LabPlan.QUOTE_EXTENDED_UNTOLD, labels).payload(payload)));
            }
        }
    }

    @SpecTest(
            rule = "ERR-1",
            cases = {"C85", "C86"},
            unless = Limit.NO_LAB)
    void err1AnErrorThatQuotesSomethingElseEndsNothing(IpVersion family) {
        checkTrueOne(outcome(to(family, LabPlan.QUOTE_OTHER_IDENTIFIER, 1)));
        checkTrueOne(outcome(to(family, LabPlan.QUOTE_OTHER_SEQUENCE, 1)));
    }

    @SpecTest(
            rule = "ERR-1",
            cases = "C87",
            unless = {Limit.NO_LAB, Limit.QUOTE_UNCHECKED})
    void err1AnErrorThatQuotesAnotherDestinationEndsNothing(IpVersion family) {
        checkTrueOne(outcome(to(family, LabPlan.QUOTE_OTHER_DESTINATION, 1)));
    }

    @SpecTest(
            rule = "ERR-1",
            cases = "C86",
            unless = {Limit.NO_LAB, Limit.QUOTE_UNCHECKED})
    void err1AnErrorThatQuotesOtherDataEndsNothing(IpVersion family) {
        checkTrueOne(outcome(to(family, LabPlan.QUOTE_OTHER_DATA, 1)));
        checkTrueOne(outcome(to(family, LabPlan.QUOTE_OTHER_DATA, 2).payload(EchoPayload.ofSize(8))));
    }

    @SpecTest(rule = "ERR-2", cases = "C88", unless = Limit.NO_LAB)
    void err2ARedirectEndsNothing(IpVersion family) {
        for (int code = 0; code < 4; code++) {
            checkTrueOne(outcome(to(family, LabPlan.REDIRECT, code)));
        }
    }

    @SpecTest(
            rule = "ERR-2",
            cases = "C49",
            families = IpVersion.V4,
            unless = {Limit.NO_LAB, Limit.SOURCE_QUENCH_ENDS})
    void err2ASourceQuenchEndsNothing(IpVersion family) {
        for (int code : new int[] {0, 1, 255}) {
            checkTrueOne(outcome(to(family, LabPlan.SOURCE_QUENCH, code)));
        }
    }

    @SpecTest(
            rule = "ERR-3",
            cases = {"C53", "C54"},
            unless = Limit.NO_LAB)
    void err3ErrorsOfSomeFailNoOther(IpVersion family) {
        List<Probe> asked = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 50; i++) {
                asked.add(
                        ask(to(family, i % 2 == 0 ? LabPlan.MANY_UNREACHABLE : LabPlan.MANY_AT_ONCE, 50 * round + i)));
            }
            pass(Duration.ofMillis(2));
        }
        awaitAll(asked);
        for (int i = 0; i < asked.size(); i++) {
            EchoOutcome outcome = asked.get(i).outcome();
            boolean right = i % 2 == 0 ? outcome instanceof EchoOutcome.IcmpError : outcome.isReply();
            check(
                    right,
                    "request " + i + ", to " + (i % 2 == 0 ? "an unreachable" : "a live") + " host, ended with "
                            + outcome);
        }
    }

    @SpecTest(rule = "ERR-4", cases = "C56", unless = Limit.NO_LAB)
    void err4TheErrorBeforeTheReplyCounts(IpVersion family) {
        checkUnreachable(family, outcome(to(family, LabPlan.ERROR_THEN_REPLY, 1)));
        boolean hidden = harness().reasonAgainst(Limit.FIRST_ANSWER_TAKEN).isPresent();
        checkCounted(hidden ? 0 : 1, Stray.LATE);
    }

    @SpecTest(rule = "ERR-4", cases = "C57", unless = Limit.NO_LAB)
    void err4TheReplyBeforeTheErrorCounts(IpVersion family) {
        intact(outcome(to(family, LabPlan.REPLY_THEN_ERROR, 1)));
    }

    @SpecTest(rule = "ERR-4", cases = "C58", unless = Limit.NO_LAB)
    void err4OfTwoErrorsTheFirstCounts(IpVersion family) {
        checkUnreachable(family, outcome(to(family, LabPlan.TWO_ERRORS, 1)));
    }

    @SpecTest(rule = "ERR-4", cases = "C59", unless = Limit.NO_LAB)
    void err4AnErrorAfterTheDeadlineIsLate(IpVersion family) {
        timedOut(outcome(to(family, LabPlan.UNREACHABLE_LATE, 2).timeout(Duration.ofMillis(100))));
        checkCounted(1, Stray.LATE);
    }

    @SpecTest(rule = "ERR-5", cases = "C55", unless = Limit.NO_LAB)
    void err5ManyErrorsAtOnceAreErrorsOrTimeOuts(IpVersion family) {
        int total = harness().bulk(2_000);
        List<Probe> asked = new ArrayList<>();
        for (int i = 0; i < total; i++) {
            asked.add(ask(to(family, LabPlan.MANY_UNREACHABLE, 2_000 + i).timeout(Duration.ofSeconds(2))));
        }
        awaitAll(asked);
        Map<String, Integer> outcomes = new TreeMap<>();
        asked.forEach(probe -> outcomes.merge(probe.outcome().getClass().getSimpleName(), 1, Integer::sum));
        int errors = outcomes.getOrDefault("IcmpError", 0);
        checkEquals(total, errors + outcomes.getOrDefault("TimedOut", 0), "errors and time-outs among " + outcomes);
        check(errors > 0, "there is at least one error, but there are " + outcomes);
    }

    @SpecTest(
            rule = "ERR-5",
            cases = {"C43", "C47"},
            families = IpVersion.V4,
            unless = Limit.NO_LAB)
    void err5AnErrorThatTheSystemHidesIsATimeOut(IpVersion family) {
        if (harness().reasonAgainst(Limit.SOME_IPV4_ERRORS_HIDDEN).isEmpty()) {
            throw new TestAbortedException("SOME_IPV4_ERRORS_HIDDEN is not declared: ERR-1 tests all errors");
        }
        timedOut(outcome(to(family, LabPlan.UNREACHABLE, 16).timeout(SHORT)));
        timedOut(outcome(to(family, LabPlan.TIME_EXCEEDED, 1).timeout(SHORT)));
    }

    @SpecTest(rule = "ERR-6", cases = "C145", unless = Limit.NO_LAB)
    void err6TheLabelsAreTheRouters(IpVersion family) {
        for (LabPlan row : List.of(LabPlan.QUOTE_EXTENDED, LabPlan.QUOTE_EXTENDED_UNTOLD)) {
            for (int labels : new int[] {1, 30}) {
                for (int size : new int[] {8, 56, 1_000}) {
                    EchoPayload payload = EchoPayload.ofSize(size);
                    EchoOutcome.IcmpError error =
                            icmpError(outcome(to(family, row, labels).payload(payload)));
                    checkLabels(can(EchoCapability.ERROR_EXTENSIONS) ? labels : 0, error);
                }
            }
        }
    }

    @SpecTest(rule = "ERR-6", cases = "C146", unless = Limit.NO_LAB)
    void err6DamagedExtensionsAreNone(IpVersion family) {
        for (int defect : new int[] {1, 2, 3, 4, 7}) {
            EchoOutcome.IcmpError error = icmpError(outcome(to(family, LabPlan.QUOTE_EXTENDED_WRONGLY, defect)));
            checkEquals(List.of(), error.extensions(), "the extensions with defect " + defect);
        }
    }

    @SpecTest(rule = "ERR-6", cases = "C145", unless = Limit.NO_LAB)
    void err6AnImpossibleLengthFieldIsNone(IpVersion family) {
        for (int defect : new int[] {5, 6}) {
            EchoOutcome.IcmpError error = icmpError(outcome(to(family, LabPlan.QUOTE_EXTENDED_WRONGLY, defect)));
            checkLabels(can(EchoCapability.ERROR_EXTENSIONS) ? 1 : 0, error);
        }
    }

    @SpecTest(rule = "ERR-6", cases = "C146", unless = Limit.NO_LAB)
    void err6AnErrorWithoutExtensionsHasNone(IpVersion family) {
        for (int size : new int[] {8, 56, 200, 1_400}) {
            EchoOutcome.IcmpError error = icmpError(
                    outcome(to(family, LabPlan.UNREACHABLE, pick(family, 1, 3)).payload(EchoPayload.ofSize(size))));
            checkEquals(List.of(), error.extensions(), "the extensions of an error about " + size + " bytes");
        }
    }

    /** The labels of the lab count from 1; 0 labels mean no extension at all. */
    private static void checkLabels(int labels, EchoOutcome.IcmpError error) {
        checkEquals(labels == 0 ? 0 : 1, error.extensions().size(), "the number of extensions");
        for (IcmpExtension extension : error.extensions()) {
            checkEquals(1, extension.classNumber(), "the class");
            checkEquals(1, extension.type(), "the type");
            List<IcmpExtension.MplsLabel> expected = new ArrayList<>();
            for (int label = 1; label <= labels; label++) {
                expected.add(new IcmpExtension.MplsLabel(label, 0, label == labels, 64));
            }
            checkEquals(expected, extension.mplsLabels(), "the labels");
        }
    }

    private void checkError(IpVersion family, EchoOutcome.IcmpError error, int type, int code) {
        IcmpErrorKind kind =
                family == IpVersion.V4 ? IcmpErrorKind.ofIcmpv4(type, code) : IcmpErrorKind.ofIcmpv6(type, code);
        String what = " of type " + type + " code " + code;
        checkEquals(address(family, LabPlan.ROUTERS, 1), error.responder(), "the responder" + what);
        if (can(EchoCapability.RAW_ERROR_CODES)) {
            checkEquals(OptionalInt.of(type), error.type(), "the type" + what);
            checkEquals(OptionalInt.of(code), error.code(), "the code" + what);
            checkEquals(kind, error.kind(), "the kind" + what);
        } else {
            check(harness().isKindOf(family, error.kind(), type, code), "the kind" + what + " is not " + error.kind());
        }
        check(error.roundTripTime().toNanos() > 0, "the round trip" + what + " is longer than zero, but " + error);
    }

    private static void checkUnreachable(IpVersion family, EchoOutcome outcome) {
        EchoOutcome.IcmpError error = icmpError(outcome);
        IcmpErrorKind kind = pick(family, IcmpErrorKind.HOST_UNREACHABLE, IcmpErrorKind.ADDRESS_UNREACHABLE);
        checkEquals(kind, error.kind(), "the kind");
    }

    /** The error comes at once, the true answer after 20 ms. */
    private static void checkTrueOne(EchoOutcome outcome) {
        long millis = intact(outcome).roundTripTime().toMillis();
        check(millis >= 19, "the answer comes after 20 ms, but it came after " + millis + " ms");
    }
}
