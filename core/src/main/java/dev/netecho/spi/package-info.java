// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * What the author of a backend implements and calls.
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
 *         <li>sends it, and calls {@link dev.netecho.spi.PendingEcho#markSent} once the system has it; if that returns
 *             false, the caller has given it up and no one waits for an answer;
 *         <li>arms its deadline from that moment on, in a {@link dev.netecho.engine.DeadlineWheel} or whatever the
 *             system offers;
 *         <li>finds it again when an answer comes, by identifier, sequence number, source address and token, and never
 *             by fewer;
 *         <li>calls {@link dev.netecho.spi.PendingEcho#complete} with the outcome. The first call wins; the result
 *             tells the others, which then only free what they hold;
 *         <li>calls {@link dev.netecho.spi.PendingEcho#letGo} for a cancelled request as soon as nothing refers to it;
 *         <li>counts stray packets in {@link dev.netecho.spi.EchoCounters}, after it has said which of them the system
 *             shows.
 *       </ul>
 * </ol>
 *
 * <p>Core does the rest: arguments, capabilities, the bound on outstanding requests, futures, listeners, statistics.
 *
 * <p>The shortest way: read {@code SimulatedEngine} of the test kit, which keeps the whole contract without system
 * calls. Copy its structure, and test the result: a subclass of {@code dev.netecho.testkit.BackendContract} runs every
 * rule of SPEC.md against it.
 */
@NullMarked
package dev.netecho.spi;

import org.jspecify.annotations.NullMarked;
