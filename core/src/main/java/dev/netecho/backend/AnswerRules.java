// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

/**
 * Decides what an answer means (SPEC.md, Verdicts, which states the tables). A backend finds the slot that the answer
 * names, gathers the facts, and does what the verdict says.
 *
 * <p>Tokens are numbers other than 0. Allocates nothing. Thread-safe as far as the facts are.
 */
public final class AnswerRules {
    private AnswerRules() {}

    /**
     * Decides about an echo reply.
     *
     * @param facts what is known of it
     * @return what it means
     */
    public static Verdict reply(AnswerFacts facts) {
        SlotState state = facts.state;
        if (state == SlotState.FREE) {
            return Verdict.UNMATCHED;
        }
        boolean inFlight = state == SlotState.SENT;
        // Without a token, nothing of a request that is over is left to compare with.
        boolean named = facts.expected != 0 ? facts.token == facts.expected : facts.intact || !inFlight;
        if (!(named && inFlight) && isOfEarlier(facts)) {
            // Wherever it comes from: the earlier request may have asked another host.
            return Verdict.LATE;
        }
        if (state == SlotState.STAGED) {
            return Verdict.UNMATCHED;
        }
        if (!inFlight) {
            return !named || !facts.matchesDestination
                    ? Verdict.UNMATCHED
                    : state == SlotState.ANSWERED ? Verdict.DUPLICATE : Verdict.LATE;
        }
        if (!facts.matchesDestination) {
            return Verdict.WRONG_SOURCE;
        }
        if (!named) {
            return Verdict.ALTERED;
        }
        if (facts.late) {
            return Verdict.LATE;
        }
        return facts.intact ? Verdict.REPLY : Verdict.ALTERED_REPLY;
    }

    /**
     * Decides about an ICMP error that quotes an echo request. Redirects (RFC 792) and source quenches (RFC 6633) are
     * not failures: do not ask about them, and do not count them (SPEC ERR-2).
     *
     * @param facts what is known of it
     * @return what it means
     */
    public static Verdict error(AnswerFacts facts) {
        SlotState state = facts.state;
        if (state == SlotState.FREE) {
            return Verdict.UNMATCHED;
        }
        boolean named = !facts.hasToken || facts.expected == 0 || facts.token == facts.expected;
        if (facts.token != facts.expected && isOfEarlier(facts)) {
            return Verdict.LATE;
        }
        if (!named || !facts.matchesDestination || state == SlotState.STAGED || state == SlotState.ANSWERED) {
            return Verdict.UNMATCHED;
        }
        return facts.late || state == SlotState.ENDED ? Verdict.LATE : Verdict.ICMP_ERROR;
    }

    private static boolean isOfEarlier(AnswerFacts facts) {
        return facts.earlier != 0 && facts.token == facts.earlier;
    }
}
