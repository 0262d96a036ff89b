// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
/**
 * How requests are sent and answered: one event loop with its sockets, and what is in flight on them.
 *
 * <p>The loop's thread runs everything here. Any thread may push to the submission stack; with the loop's lock, other
 * threads also free cancelled requests and take out what a close ends. A request goes {@code EchoLoop -> SendQueue ->
 * EchoSender -> SendBatch}, and is then in {@code InFlight}. Its answer comes {@code ReceiveBatch or ErrorQueue ->
 * EchoReceiver -> AnswerRules -> Outcomes}. The sender does not know the receiver: a {@code SendQueue} receives, then
 * sends.
 */
@NullMarked
package dev.netecho.linux.echo;

import org.jspecify.annotations.NullMarked;
