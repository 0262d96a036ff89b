// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.path;

import dev.netecho.EchoRequester;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A report to come. To wait for it where that would wait for ever fails (SPEC OUT-9), also in a dependent stage. */
final class PathFuture<T> extends CompletableFuture<T> {
    private final EchoRequester requester;
    private final Notices notices;

    PathFuture(EchoRequester requester, Notices notices) {
        this.requester = requester;
        this.notices = notices;
    }

    private void checkMayWait(String call) {
        if (!isDone()) {
            requester.checkMayWait(call);
            notices.checkMayWait(call);
        }
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        checkMayWait("get()");
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        checkMayWait("get()");
        return super.get(timeout, unit);
    }

    @Override
    public T join() {
        checkMayWait("join()");
        return super.join();
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new PathFuture<>(requester, notices);
    }
}
