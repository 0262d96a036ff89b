// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

/**
 * What a backend, or the place where its contract runs, cannot show. A {@link ContractHarness} declares each with a
 * reason, and the tests that need it are skipped with that reason. Without the declaration they fail.
 */
public enum Limit {
    /** There is no network lab: only the addresses that the harness has for some of its rows can be used. */
    NO_LAB,
    /** What left this host cannot be looked at. */
    NO_WIRE_LOG,
    /** IPv6 cannot be used. */
    NO_IPV6,
    /** The queue of the interface cannot be filled. */
    NO_FULL_QUEUE,
    /** The backend takes no lent event loop, which could end first. */
    NO_LENT_LOOP,
    /** The host cannot be put into a state in which the backend is unavailable. */
    NO_UNAVAILABLE_HOST,
    /** The host cannot be put into a state in which one family is missing. */
    NO_MISSING_FAMILY,
    /** The backend can do everything, so nothing can be refused as unsupported. */
    NOTHING_UNSUPPORTED,
    /** The receive buffer cannot be made to overflow. */
    NO_RECEIVE_OVERFLOW,
    /** The backend has no descriptors that a child process could inherit. */
    NO_DESCRIPTORS,
    /** Identifiers are chosen by the system. */
    SYSTEM_CHOOSES_IDENTIFIER,
    /** The system hides IPv4 "reassembly time exceeded" and unreachable codes above 15 (SPEC ERR-5). */
    SOME_IPV4_ERRORS_HIDDEN,
    /** The system ends a request with a source quench (SPEC ERR-2). */
    SOURCE_QUENCH_ENDS,
    /** The system does not check the checksum, or the code, of a reply, and does not show them. */
    REPLY_UNCHECKED,
    /** The system does not check the destination that an error quotes, and does not show it. */
    QUOTE_UNCHECKED,
    /**
     * The system ends a request with the first answer that has its numbers, whatever else is wrong with it; later
     * answers are hidden.
     */
    FIRST_ANSWER_TAKEN,
    /** The system does not say that a destination has no route: the request ends with OS_ERROR. */
    ROUTE_FAILURE_UNNAMED,
    /** The system itself sets IPv4's don't-fragment on packets. */
    DONT_FRAGMENT_FORCED,
    /**
     * The system cannot be told to end a request, and close() waits for it; callers have their outcome before that
     * (SPEC END-2).
     */
    CLOSE_AWAITS_SYSTEM,
    /** Every thread that completes requests can be held up without delaying others. */
    NO_STALL,
    /** The garbage collector does not run when it is asked to, or something else holds requesters and requests. */
    NO_COLLECTION
}
