// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * What the author of a backend sees: the provider to implement and the parts that every backend shares.
 *
 * <p>A backend supplies two classes:
 *
 * <ol>
 *   <li>An {@link dev.netecho.spi.EchoRequesterProvider}, named in {@code META-INF/services} and in
 *       {@code module-info}. Its constructor does nothing; {@link dev.netecho.spi.EchoRequesterProvider#availability}
 *       finds out by trying, and says what an operator can type when it fails.
 *   <li>An {@link dev.netecho.spi.EchoEngine} per requester, which for each {@link dev.netecho.spi.PendingEcho}
 *       <ul>
 *         <li>queues it in {@link dev.netecho.spi.EchoEngine#submit}, which any thread may call and which never blocks;
 *         <li>sends it, and calls {@link dev.netecho.spi.PendingEcho#markSent} once the system has it; if that says
 *             false, its caller has given it up and nobody waits for an answer;
 *         <li>arms its deadline from that moment on, in a {@link dev.netecho.engine.DeadlineWheel} or whatever the
 *             system offers;
 *         <li>finds it again when an answer comes: by identifier, sequence number, source address and token, never by
 *             less;
 *         <li>calls {@link dev.netecho.spi.PendingEcho#complete} with the outcome. Who is first wins; the others learn
 *             it from the result and do no more than to free what they hold;
 *         <li>calls {@link dev.netecho.spi.PendingEcho#letGo} for a cancelled request as soon as nothing refers to it
 *             any more;
 *         <li>counts what belongs to nobody in {@link dev.netecho.spi.EchoCounters}, after it has said which of these
 *             the system shows at all.
 *       </ul>
 * </ol>
 *
 * <p>Core does the rest: arguments, capabilities, the bound on outstanding requests, futures, listeners, statistics.
 *
 * <p>The shortest way there is to read {@code SimulatedEngine} of the test kit, an engine that keeps the whole contract
 * and has no system calls to look past, to copy its structure, and to have the result tested: a subclass of
 * {@code dev.netecho.testkit.BackendContract} runs every rule of SPEC.md against it.
 */
@NullMarked
package dev.netecho.spi;

import org.jspecify.annotations.NullMarked;
