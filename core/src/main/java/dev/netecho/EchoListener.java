// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

/**
 * Receives the outcome of one request without a future in between.
 *
 * <p>Unless {@link EchoRequester.Builder#listenerExecutor} was given, it runs on the engine's thread, between the
 * packets of other requests. An engine has one such thread, unless an option of its backend asks for more; then each
 * destination always has the same one. A listener must not block there: not on I/O, not on a lock held elsewhere, and
 * not for another outcome. {@link EchoRequester#send}, and {@code get} and {@code join} of an unfinished future, throw
 * {@link IllegalStateException} on such a thread. A listener may call {@link EchoRequester#sendAsync(EchoRequest,
 * EchoListener) sendAsync} and {@link EchoRequester#close}. What it throws is logged and harms no other request.
 *
 * <p>A listener never runs inside another one on the same stack. What a listener's own calls end at once, such as a
 * request that is refused or cancelled, is delivered after it returns. A listener that keeps sending again moves to a
 * thread named {@code netecho-deliveries}, so that it holds up neither the engine nor {@link EchoRequester#close}.
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
