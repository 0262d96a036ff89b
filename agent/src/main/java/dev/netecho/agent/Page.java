// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import dev.netecho.EchoRequester;
import dev.netecho.path.PathTrace;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** The page for people: its files, which are in the jar, and what it asks for. */
final class Page {
    /** Nothing from elsewhere, no script or style within the page, and no frame around it. */
    static final String SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final int MOST_TRACES = 4;
    private static final int ROUNDS = 3;

    private static final Map<String, String> TYPES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "icon.svg", "image/svg+xml",
            "page.css", "text/css; charset=utf-8",
            "page.js", "text/javascript; charset=utf-8",
            "uPlot.iife.min.js", "text/javascript; charset=utf-8",
            "uPlot.min.css", "text/css; charset=utf-8",
            "uPlot.LICENSE", "text/plain; charset=utf-8");

    private final Map<String, byte[]> files = new HashMap<>();
    private final Semaphore traces = new Semaphore(MOST_TRACES);
    private final EchoRequester requester;
    private final Targets targets;
    private final Streams streams;

    Page(EchoRequester requester, Targets targets, Streams streams) {
        this.requester = requester;
        this.targets = targets;
        this.streams = streams;
        for (String name : TYPES.keySet()) {
            try (InputStream in = Page.class.getResourceAsStream("page/" + name)) {
                if (in != null) {
                    files.put(name, in.readAllBytes());
                }
            } catch (IOException e) {
                throw new IllegalStateException("the jar of the agent cannot be read", e);
            }
        }
    }

    /** Answers a path below {@code /page/}. */
    void get(String name, Parameters parameters, Answer answer) {
        byte[] file = files.get(name);
        if (file != null) {
            answer.header("Content-Security-Policy", SECURITY_POLICY);
            answer.header("Referrer-Policy", "no-referrer");
            answer.bytes(200, String.valueOf(TYPES.get(name)), file);
            return;
        }
        switch (name) {
            case "targets" -> answer.json(PageJson.all(targets.all()));
            case "target" -> {
                TargetState target = target(parameters);
                if (target == null) {
                    answer.text(404, "There is no such target any more.");
                } else {
                    answer.json(PageJson.one(target));
                }
            }
            case "events" -> streams.open(answer);
            default -> answer.text(404, "There is no such page; / lists them.");
        }
    }

    private @Nullable TargetState target(Parameters parameters) {
        String id = parameters.get("id");
        return targets.all().stream()
                .filter(target -> Long.toString(target.id()).equals(id))
                .findFirst()
                .orElse(null);
    }

    /** Traces the way to a target that is watched, and to no other. */
    void trace(Parameters parameters, Answer answer) {
        TargetState target = target(parameters);
        InetAddress address = target == null ? null : target.address();
        if (address == null) {
            answer.text(404, "There is no such target, or its name has no address.");
            return;
        }
        if (!traces.tryAcquire()) {
            answer.text(503, MOST_TRACES + " traces are under way; try again soon");
            return;
        }
        PathTrace trace;
        try {
            trace = PathTrace.newBuilder(requester, address)
                    .rounds(ROUNDS)
                    .interval(Duration.ofMillis(500))
                    .start();
        } catch (RuntimeException | Error e) { // no memory, say
            traces.release();
            throw e;
        }
        CompletableFuture<String> unused = trace.report()
                .thenApply(PageJson::trace)
                .whenComplete((json, failure) -> {
                    traces.release();
                    if (json == null) {
                        answer.text(500, "The trace failed: " + failure);
                    } else {
                        answer.json(json);
                    }
                });
    }
}
