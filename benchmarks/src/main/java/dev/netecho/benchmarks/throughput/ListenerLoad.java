// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.util.List;

/** One listener for all requests. */
final class ListenerLoad extends AsyncLoad implements EchoListener {
    ListenerLoad(EchoRequester requester, List<EchoRequest> requests, int window) {
        super(requester, requests, window);
    }

    @Override
    void ask(EchoRequest request) {
        requester.sendAsync(request, this);
    }

    @Override
    public void onOutcome(EchoRequest request, EchoOutcome outcome) {
        answered(outcome);
    }
}
