// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * What backends share: the parts that need no operating system.
 *
 * <ul>
 *   <li>{@link dev.netecho.backend.AnswerRules} decides what an answer means, from its
 *       {@link dev.netecho.backend.AnswerFacts}. Every backend uses it, so all decide alike.
 *   <li>{@link dev.netecho.backend.SubmissionStack} takes requests from callers to the engine's thread,
 *       {@link dev.netecho.backend.EchoQueue} holds those that wait, {@link dev.netecho.backend.RefusedRequests}
 *       remembers since when the system has had no room for one.
 *   <li>{@link dev.netecho.backend.SlotTable} gives each request its sequence number, and finds it again.
 *   <li>{@link dev.netecho.backend.SendPace} keeps the rate, {@link dev.netecho.backend.SendWindow} keeps the answers
 *       within the receive buffer.
 *   <li>{@link dev.netecho.backend.DeadlineWheel} says what times out. {@link dev.netecho.backend.SendTimes} and
 *       {@link dev.netecho.backend.RoundTrip} say how long an answer took, and how exactly that is known.
 *   <li>{@link dev.netecho.backend.ClosedRequests} delivers the outcomes of a close, also where listeners block.
 *   <li>{@link dev.netecho.backend.ClassFolders} loads a backend's classes while they can be read.
 *       {@link dev.netecho.backend.NativeBinding} says how to call the system,
 *       {@link dev.netecho.backend.ForeignFunctions} calls it without JNA, {@link dev.netecho.backend.JnaFailure} says
 *       why JNA does not load.
 * </ul>
 *
 * <p>Use what fits. Only {@link dev.netecho.backend.AnswerRules} is mandatory. Unless a class says otherwise, one
 * thread uses it.
 */
@NullMarked
package dev.netecho.backend;

import org.jspecify.annotations.NullMarked;
