// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A future for every request. */
final class FutureLoad extends AsyncLoad {
    private final Consumer<EchoOutcome> listener = this::answered;

    FutureLoad(EchoRequester requester, List<EchoRequest> requests, int window) {
        super(requester, requests, window);
    }

    @Override
    void ask(EchoRequest request) {
        CompletionStage<Void> unused = requester.sendAsync(request).thenAccept(listener);
    }
}
