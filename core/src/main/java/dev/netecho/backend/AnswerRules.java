// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

/**
 * Decides what an answer means (SPEC.md, Verdicts, which states the tables). A backend finds the slot that the answer
 * names, gathers the facts, and does what the verdict says.
 *
 * <p>Tokens are numbers other than 0. Where a token is asked for, 0 says that there is none. Allocates nothing.
 * Thread-safe.
 */
public final class AnswerRules {
    private AnswerRules() {}

    /**
     * Decides about an echo reply.
     *
     * @param state the state of the slot that it names; where that is FREE there are no facts to gather, and a backend
     *     may count the reply as unmatched without asking
     * @param expected the token of the slot's request; 0 if its payload carries none
     * @param earlier the token of the request that had the slot before; 0 if there was none or it is not known
     * @param token the first eight bytes of the reply's data; 0 if it has fewer
     * @param fromDestination whether it comes from the destination of the slot's request
     * @param intact whether its data is what the request sent, byte for byte; ignored if the request is over
     * @param late whether it arrived after the request's deadline; ignored if the request is over
     * @return what it means
     */
    public static Verdict reply(
            SlotState state,
            long expected,
            long earlier,
            long token,
            boolean fromDestination,
            boolean intact,
            boolean late) {
        if (state == SlotState.FREE) {
            return Verdict.UNMATCHED;
        }
        boolean inFlight = state == SlotState.SENT;
        // Without a token, nothing of a request that is over is left to compare with.
        boolean named = expected != 0 ? token == expected : intact || !inFlight;
        if (!(named && inFlight) && earlier != 0 && token == earlier) {
            // Wherever it comes from: the earlier request may have asked another host.
            return Verdict.LATE;
        }
        if (state == SlotState.STAGED) {
            return Verdict.UNMATCHED;
        }
        if (!inFlight) {
            return !named || !fromDestination
                    ? Verdict.UNMATCHED
                    : state == SlotState.ANSWERED ? Verdict.DUPLICATE : Verdict.LATE;
        }
        if (!fromDestination) {
            return Verdict.WRONG_SOURCE;
        }
        if (!named) {
            return Verdict.ALTERED;
        }
        if (late) {
            return Verdict.LATE;
        }
        return intact ? Verdict.REPLY : Verdict.ALTERED_REPLY;
    }

    /**
     * Decides about an ICMP error that quotes an echo request. Redirects (RFC 792) and source quenches (RFC 6633) are
     * no failures: do not ask about them, and do not count them (SPEC ERR-2).
     *
     * @param state the state of the slot that the quote names; where that is FREE there are no facts to gather, and a
     *     backend may count the error as unmatched without asking
     * @param expected the first eight bytes of the data that the slot's request sent, mostly its token; 0 if it sent
     *     fewer, or where it is over and they are not known any more
     * @param earlier the token of the request that had the slot before; 0 if there was none or it is not known
     * @param tokenQuoted whether the quote holds at least eight bytes of data
     * @param token these bytes, if so
     * @param toDestination whether the quoted packet went to the destination of the slot's request
     * @param late whether the error arrived after the request's deadline; ignored if the request is over
     * @return what it means
     */
    public static Verdict error(
            SlotState state,
            long expected,
            long earlier,
            boolean tokenQuoted,
            long token,
            boolean toDestination,
            boolean late) {
        if (state == SlotState.FREE) {
            return Verdict.UNMATCHED;
        }
        boolean named = !tokenQuoted || expected == 0 || token == expected;
        if (tokenQuoted && token != expected && earlier != 0 && token == earlier) {
            return Verdict.LATE;
        }
        if (!named || !toDestination || state == SlotState.STAGED || state == SlotState.ANSWERED) {
            return Verdict.UNMATCHED;
        }
        return late || state == SlotState.ENDED ? Verdict.LATE : Verdict.ICMP_ERROR;
    }
}
