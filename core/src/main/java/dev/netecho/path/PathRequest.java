// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.path;

import dev.netecho.EchoHandle;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;

/** A request of a trace or a search, from the queue of {@link PathRequests} to its outcome. */
abstract class PathRequest {
    final EchoRequester requester;
    final EchoRequest request;

    /** Whether it is among the outstanding ones; guarded by the {@link PathRequests} that it is in. */
    boolean isOut;

    PathRequest(EchoRequester requester, EchoRequest request) {
        this.requester = requester;
        this.request = request;
    }

    /** {@return whether it is still to be sent} */
    abstract boolean isWanted();

    /** It was handed to the requester; its outcome may have come already. */
    abstract void sent(EchoHandle handle);

    /** It has its outcome. Called once, unless it was not wanted any more. */
    abstract void ended(EchoOutcome outcome);
}
