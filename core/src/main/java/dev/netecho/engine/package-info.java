// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * Parts of an engine that know no operating system, for authors of backends.
 *
 * <ul>
 *   <li>{@link dev.netecho.engine.AnswerRules} decides what an answer means. Every backend uses it, so that all decide
 *       alike.
 *   <li>{@link dev.netecho.engine.SubmissionStack} takes requests from callers to the engine's thread,
 *       {@link dev.netecho.engine.EchoQueue} holds those that wait, {@link dev.netecho.engine.RefusedRequests}
 *       remembers since when the system has had no room for one.
 *   <li>{@link dev.netecho.engine.SlotTable} gives each request its sequence number, and finds it again.
 *   <li>{@link dev.netecho.engine.SendPace} keeps the rate, {@link dev.netecho.engine.SendWindow} keeps the answers
 *       within the receive buffer.
 *   <li>{@link dev.netecho.engine.DeadlineWheel} says what times out. {@link dev.netecho.engine.SendTimes} and
 *       {@link dev.netecho.engine.RoundTrip} say how long an answer took, and how exactly that is known.
 *   <li>{@link dev.netecho.engine.ClassFolders} loads a backend's classes while they can be read.
 * </ul>
 *
 * <p>Use what fits. Only {@link dev.netecho.engine.AnswerRules} is mandatory. Unless a class says otherwise, one thread
 * uses it.
 */
@NullMarked
package dev.netecho.engine;

import org.jspecify.annotations.NullMarked;
