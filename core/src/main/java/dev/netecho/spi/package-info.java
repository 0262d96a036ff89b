// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * What the author of a backend implements and calls.
 *
 * <p>A backend has an {@link dev.netecho.spi.EchoRequesterProvider}, named in {@code META-INF/services} and in
 * {@code module-info}. Its constructor does nothing. {@link dev.netecho.spi.EchoRequesterProvider#availability} finds
 * out by trying, and says what an operator can type when it fails.
 *
 * <p>The provider opens an {@link dev.netecho.spi.EchoEngine} for each requester. The parts named below are in
 * {@link dev.netecho.backend}; {@link dev.netecho.packet} has the bytes. Every backend uses its tokens; one whose
 * system leaves ICMP or IP to it uses the rest. This is what an engine does with each
 * {@link dev.netecho.spi.PendingEcho}:
 *
 * <ol>
 *   <li>It takes the request in {@link dev.netecho.spi.EchoEngine#submit}, which any thread may call and which never
 *       blocks. {@link dev.netecho.backend.SubmissionStack} carries it to the engine's thread, and says when to wake
 *       that thread.
 *   <li>It lets the request wait for its turn. No other part keeps {@link dev.netecho.spi.EchoConfig#maxRate}: ask
 *       {@link dev.netecho.backend.SendPace} before each packet. The engine also bounds what is in flight, because each
 *       table of it is of some size. The others stay in an {@link dev.netecho.backend.EchoQueue}.
 *   <li>It sends the packet, and calls {@link dev.netecho.spi.PendingEcho#markSent} once the system has it. The timeout
 *       counts from that moment, for instance in a {@link dev.netecho.backend.DeadlineWheel}. If {@code markSent}
 *       returns false, the request is over: it was cancelled or closed, and no one waits for an answer.
 *   <li>It finds the request again when an answer comes: by identifier, sequence number, source address and token, and
 *       never by fewer. {@link dev.netecho.backend.AnswerRules} decides what the answer means; no backend has rules of
 *       its own. {@link dev.netecho.backend.RoundTrip} turns what the clocks said into the time.
 *   <li>It reads every answer that has arrived before it lets a request time out (SPEC TIM-4).
 *   <li>It calls {@link dev.netecho.spi.PendingEcho#complete} with the outcome. The first call wins; the result tells
 *       the others, which then only free what they hold.
 *   <li>It frees the slot of a request that {@link dev.netecho.spi.EchoEngine#cancelled} names, and calls
 *       {@link dev.netecho.spi.PendingEcho#letGo} as soon as nothing refers to the request.
 * </ol>
 *
 * <p>For all of them together:
 *
 * <ul>
 *   <li>{@link dev.netecho.spi.EchoEngine#capabilities} names what the system really does. Core refuses a request that
 *       asks for anything else, so the engine never leaves an option out.
 *   <li>{@link dev.netecho.spi.EchoCounters#observe} says at opening which stray packets the system shows.
 *       {@link dev.netecho.spi.EchoCounters#count} counts them.
 *   <li>{@link dev.netecho.spi.EchoEngine#close} ends everything outstanding with
 *       {@link dev.netecho.spi.EchoEngine#CLOSED}, even while foreign code holds the engine's thread, or that which
 *       closes: {@link dev.netecho.backend.ClosedRequests} delivers.
 *   <li>An exception in the engine's thread must not end that thread in silence. The requests that it held would never
 *       get an outcome: complete them with the reason, and those that come later too.
 * </ul>
 *
 * <p>Core does the rest: arguments, capabilities, the bound on outstanding requests, futures, listeners, statistics. It
 * makes every {@link dev.netecho.spi.PendingEcho}: the protected methods of that class are how core learns what becomes
 * of a request. Where requesters share sockets, {@link dev.netecho.spi.PendingEcho#counters} tells their requests
 * apart. The tests of a backend may have a subclass of their own, and {@link dev.netecho.spi.EchoCounters} too.
 *
 * <p>There are two examples to read. {@code MirrorEngine}, in the tests of core, follows this page step by step with
 * the parts named here; it has no ICMP errors. {@code SimulatedEngine} of the testkit keeps the whole contract without
 * system calls, and has tables of its own, because its time is simulated. A subclass of
 * {@code dev.netecho.testkit.BackendContract} runs every rule of SPEC.md against a backend; a
 * {@code dev.netecho.testkit.ContractHarness} says how to open it and what it claims.
 */
@NullMarked
package dev.netecho.spi;

import org.jspecify.annotations.NullMarked;
