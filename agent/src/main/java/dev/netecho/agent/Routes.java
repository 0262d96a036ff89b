// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Says which part of the agent answers a path. */
final class Routes extends Handler.Abstract {
    /** Each holds a thread, and what it writes, until its reader has everything. */
    private static final int MOST_SCRAPES = 4;

    private static final String PAGE = "/page/";

    private final Semaphore scrapes = new Semaphore(MOST_SCRAPES);
    private final InForce inForce;
    private final Targets targets;
    private final AgentMetrics metrics;
    private final Prober prober;
    private final Reload reload;
    private final Page page;
    private final Duration patience;

    Routes(
            InForce inForce,
            Targets targets,
            AgentMetrics metrics,
            Prober prober,
            Reload reload,
            Page page,
            Duration patience) {
        this.inForce = inForce;
        this.targets = targets;
        this.metrics = metrics;
        this.prober = prober;
        this.reload = reload;
        this.page = page;
        this.patience = patience;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Answer answer = new Answer(request, response, callback);
        String path = Request.getPathInContext(request);
        if (path.equals("/-/reload")) {
            reload(request.getMethod(), answer);
            return true;
        }
        Parameters parameters;
        try {
            parameters = new Parameters(request.getHttpURI().getQuery());
        } catch (IllegalArgumentException e) {
            answer.text(400, String.valueOf(e.getMessage()));
            return true;
        }
        if (path.equals("/page/trace") && request.getMethod().equals("POST")) {
            // Browsers send this field across sites only if the other site allows it, which this one does not.
            if (request.getHeaders().contains("X-Netecho")) {
                page.trace(parameters, answer);
            } else {
                answer.text(403, "The field X-Netecho is missing: only the page itself may ask for a trace");
            }
            return true;
        }
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            answer.header(HttpHeader.ALLOW.asString(), "GET, HEAD");
            answer.text(405, "The method must be GET");
            return true;
        }
        if (path.startsWith(PAGE)) {
            page.get(path.substring(PAGE.length()), parameters, answer);
            return true;
        }
        switch (path) {
            case "/" -> page.get("index.html", parameters, answer);
            case "/metrics" -> metrics(answer);
            case "/probe" -> probe(request, parameters, answer);
            case "/targets" -> answer.json(TargetsJson.of(targets.all()));
            case "/-/healthy" -> answer.text(200, "The agent runs.");
            case "/-/ready" -> ready(answer);
            default -> answer.text(404, "There is no such page; / lists them.");
        }
        return true;
    }

    private void probe(Request request, Parameters parameters, Answer answer) {
        if (inForce.isEnding()) {
            answer.text(503, "The agent ends, and asks nobody any more.");
        } else {
            prober.probe(request, parameters, answer, inForce.config(), inForce.allowed());
        }
    }

    private void metrics(Answer answer) {
        if (!scrapes.tryAcquire()) {
            answer.header(HttpHeader.RETRY_AFTER.asString(), "1");
            answer.text(503, MOST_SCRAPES + " scrapes are under way; scrape less often, or read faster");
            return;
        }
        try {
            List<TargetState> all = targets.all();
            answer.manySeries(new MetricSnapshots(metrics.of(all)), all, patience);
        } finally {
            scrapes.release();
        }
    }

    /** By POST or PUT, as Prometheus wants it: whoever merely looks changes nothing. */
    private void reload(String method, Answer answer) {
        if (!method.equals("POST") && !method.equals("PUT")) {
            answer.header(HttpHeader.ALLOW.asString(), "POST, PUT");
            answer.text(405, "The method must be POST or PUT");
            return;
        }
        try {
            reload.run();
            answer.text(200, "The configuration is in force.");
        } catch (ConfigException e) {
            answer.text(500, "The configuration is refused, and the last one stays in force: " + e.getMessage());
        }
    }

    private void ready(Answer answer) {
        if (targets.lookedUp() && !inForce.isEnding()) {
            answer.text(200, "The agent is ready.");
        } else {
            answer.text(503, "The agent is not ready: names are being looked up, or it ends.");
        }
    }
}
