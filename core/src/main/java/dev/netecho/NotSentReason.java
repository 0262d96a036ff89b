// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

/** Why a request ended without an answer or a time-out. */
public enum NotSentReason {
    /** The operating system has no route to the destination, no address to send from, or the interface is down. */
    NO_ROUTE,
    /** The source that was asked for is not an address of this host, or is not usable for this destination now. */
    SOURCE_UNAVAILABLE,
    /** The packet does not fit the local interface and must not be fragmented. */
    TOO_LARGE,
    /** The operating system, or its packet filter, forbids the packet. */
    NOT_PERMITTED,
    /**
     * The destination is not a single host: unspecified, multicast, broadcast, or an IPv6 link-local address without a
     * scope.
     */
    INVALID_DESTINATION,
    /** This backend cannot do what the request asks for; see {@link EchoRequester#capabilities()}. */
    UNSUPPORTED,
    /** More requests are outstanding than {@link EchoRequester.Builder#maxOutstanding} or the backend allows. */
    OVERLOADED,
    /** The caller cancelled the request. It may have left the host before that. */
    CANCELLED,
    /** The requester was closed. The request may have left the host before that. */
    CLOSED,
    /** The operating system refused the packet for a reason that has no name here; see the error number. */
    OS_ERROR
}
