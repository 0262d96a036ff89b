// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

/**
 * Receives the outcome of one request without a future in between.
 *
 * <p>Unless {@link EchoRequester.Builder#listenerExecutor} was given, it runs on the engine's only thread, between
 * the packets of everybody else. There it must not block: not on I/O, not on a lock held elsewhere, and not in
 * {@link EchoRequester#send}, which throws {@link IllegalStateException} on that thread. It may call {@link
 * EchoRequester#sendAsync(EchoRequest, EchoListener) sendAsync} and {@link EchoRequester#close}. What it throws is
 * logged and harms no other request.
 */
@FunctionalInterface
public interface EchoListener {
    /**
     * Called exactly once per request.
     *
     * @param request the request as it was given
     * @param outcome what became of it
     */
    void onOutcome(EchoRequest request, EchoOutcome outcome);
}
