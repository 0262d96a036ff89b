// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

/**
 * A request on its way, as the caller of {@link EchoRequester#sendAsync(EchoRequest, EchoListener)} sees it.
 * Thread-safe.
 */
public interface EchoHandle {
    /**
     * Cancels the request and frees its slot at once. If it was outstanding, its listener gets
     * {@link NotSentReason#CANCELLED}; an answer that comes later is counted as late.
     *
     * @return whether the request was outstanding; false if it has its outcome already
     */
    boolean cancel();
}
