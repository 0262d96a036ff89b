// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

/**
 * What is known of an answer, for {@link AnswerRules}: of an echo reply, or of an ICMP error that quotes a request.
 *
 * <p>Begin each answer with {@link #of}, which forgets the answer before, and then state what is known. One object
 * serves all answers of a thread, so gathering facts allocates nothing. Not thread-safe.
 */
public final class AnswerFacts {
    SlotState state = SlotState.FREE;
    long expected;
    long earlier;
    boolean hasToken;
    long token;
    boolean matchesDestination;
    boolean intact;
    boolean late;

    /** Constructs facts of no answer; begin with {@link #of}. */
    public AnswerFacts() {}

    /**
     * Begins a new answer, of which nothing else is known yet.
     *
     * @param named the state of the slot that the answer names; where that is {@code FREE} there are no facts to
     *     gather, and a backend may count the answer as unmatched without asking
     * @return this object
     */
    public AnswerFacts of(SlotState named) {
        state = named;
        expected = 0;
        earlier = 0;
        hasToken = false;
        token = 0;
        matchesDestination = false;
        intact = false;
        late = false;
        return this;
    }

    /**
     * States the token of the slot's request. Of an ICMP error it is the first eight bytes of the data that the request
     * sent, also where these are no token. Without this call the request has none, or it is not known any more.
     *
     * @param sent the token; 0 for none
     * @return this object
     */
    public AnswerFacts expectedToken(long sent) {
        expected = sent;
        return this;
    }

    /**
     * States the token of the request that had the slot before. Without this call there was none, or it is not known.
     *
     * @param before the token; 0 for none
     * @return this object
     */
    public AnswerFacts earlierToken(long before) {
        earlier = before;
        return this;
    }

    /**
     * States the first eight bytes of the data that came back or is quoted. Not to be called if there are fewer.
     *
     * @param came these bytes
     * @return this object
     */
    public AnswerFacts token(long came) {
        hasToken = true;
        token = came;
        return this;
    }

    /**
     * States whether a reply comes from the destination of the slot's request, or the packet that an error quotes went
     * there. Without this call it is not so.
     *
     * @param matches whether it is so
     * @return this object
     */
    public AnswerFacts matchesDestination(boolean matches) {
        matchesDestination = matches;
        return this;
    }

    /**
     * States whether the data of a reply is what the request sent, byte for byte. Without this call it is not so.
     * Ignored for an error, and if the request is over.
     *
     * @param same whether it is so
     * @return this object
     */
    public AnswerFacts intact(boolean same) {
        intact = same;
        return this;
    }

    /**
     * States whether the answer arrived after the request's deadline. Without this call it did not. Ignored if the
     * request is over.
     *
     * @param after whether it did
     * @return this object
     */
    public AnswerFacts late(boolean after) {
        late = after;
        return this;
    }
}
