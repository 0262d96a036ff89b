// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Server-sent events: once a second, to everyone who looks at the page, which targets have changed. One thread makes
 * them. Who has not taken the last event yet is left out, and gets the changes of a longer time with the next.
 */
final class Streams implements AutoCloseable {
    private static final int MOST = 50;
    private static final long TICK_MILLIS = 1_000;

    private final Map<Answer, Long> open = new ConcurrentHashMap<>();
    private final Targets targets;
    private final Thread thread;

    Streams(Targets targets) {
        this.targets = targets;
        this.thread = new Thread(this::run, "netecho-agent-events");
        thread.setDaemon(true);
        thread.start();
    }

    /** Answers with a stream that ends when the reader goes, or the agent ends. */
    void open(Answer answer) {
        if (open.size() >= MOST) {
            answer.text(503, MOST + " pages are open; close some");
            return;
        }
        if (answer.beginEvents()) {
            open.put(answer, System.nanoTime());
        }
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
                tick();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void tick() {
        Iterator<Map.Entry<Answer, Long>> each = open.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Answer, Long> stream = each.next();
            Answer answer = stream.getKey();
            if (answer.hasFailed()) {
                each.remove();
            } else if (answer.isIdle()) {
                long now = System.nanoTime();
                answer.event(PageJson.changes(targets.all(), stream.getValue()));
                stream.setValue(now);
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        open.keySet().forEach(Answer::endEvents);
    }
}
