// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

/** What an address of the lab does with an echo request. Stateless: its memory is in the {@link Outbox}. */
@FunctionalInterface
interface Behaviour {
    /**
     * Answers a request, or stays silent.
     *
     * @param echo the request
     * @param out takes the answers
     */
    void answer(ReceivedEcho echo, Outbox out);
}
