// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoCapability;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoOutcome.NotSent;
import dev.netecho.EchoRequest;
import dev.netecho.NotSentReason;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;

/** Completes every request on a thread of its own, as a real engine does. */
final class ScriptedEngine implements EchoEngine {
    private final Function<EchoRequest, EchoOutcome> script;
    private final Consumer<EchoRequest> unanswered;
    private final Set<PendingEcho> silent = ConcurrentHashMap.newKeySet();
    private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "scripted-engine");
        made.setDaemon(true);
        return made;
    });

    /** Calls {@code unanswered} with a request that gets no outcome, once it is sent or stays in the queue. */
    ScriptedEngine(Function<EchoRequest, EchoOutcome> script, Consumer<EchoRequest> unanswered) {
        this.script = script;
        this.unanswered = unanswered;
    }

    @Override
    public void submit(PendingEcho pending) {
        try {
            executor.execute(() -> answer(pending));
        } catch (RejectedExecutionException e) {
            close(pending);
        }
    }

    private void answer(PendingEcho pending) {
        EchoOutcome outcome = script.apply(pending.request());
        if (outcome.equals(ScriptedProvider.SILENCE) || outcome.equals(ScriptedProvider.QUEUED)) {
            silent.add(pending);
            if (outcome.equals(ScriptedProvider.SILENCE)) {
                pending.markSent();
            }
            if (pending.isDone()) { // cancelled before it was in the set
                cancelled(pending);
            }
            unanswered.accept(pending.request());
            return;
        }
        if (!(outcome instanceof NotSent)) {
            pending.markSent();
        }
        if (!pending.complete(outcome)) {
            pending.letGo();
        }
    }

    private static void close(PendingEcho pending) {
        if (!pending.complete(NotSent.because(NotSentReason.CLOSED, "closed"))) {
            pending.letGo();
        }
    }

    @Override
    public void cancelled(PendingEcho pending) {
        if (silent.remove(pending)) {
            pending.letGo();
        }
    }

    @Override
    public boolean inEngineThread() {
        return Thread.currentThread().getName().equals("scripted-engine");
    }

    @Override
    public Set<EchoCapability> capabilities() {
        return ScriptedProvider.capabilities();
    }

    @Override
    public void close() {
        executor.shutdownNow().clear();
        silent.forEach(ScriptedEngine::close);
    }
}
