// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A list of {@code http_sd}. It is asked for again with its ETag, so that one that is as it was need not be sent.
 * Nobody waits for the answer: other lists do not depend on it.
 */
final class HttpList extends TargetList {
    private final HttpClient client;
    private final URI url;
    private final long refreshNanos;
    private final Duration patience;
    private final Runnable answered;
    private volatile @Nullable CompletableFuture<HttpResponse<byte[]>> asked;
    private long askedNanos;
    private @Nullable String tag;
    private long next = System.nanoTime();

    /**
     * Constructs a list that was not asked for yet.
     *
     * @param patience how long an answer may take, to its last byte
     * @param answered is run when the list can be read, by any thread
     */
    HttpList(HttpClient client, URI url, Duration refresh, Duration patience, Runnable answered) {
        super(withoutSecrets(url), origin(url, refresh));
        this.client = client;
        this.url = url;
        this.refreshNanos = refresh.toNanos();
        this.patience = patience;
        this.answered = answered;
    }

    static Object origin(URI url, Duration refresh) {
        return List.of(url, refresh);
    }

    /** Passwords and keys are in the part before the host, and in the query. */
    private static String withoutSecrets(URI url) {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort()) + url.getPath();
    }

    @Override
    @Nullable
    List<TargetSpec> read() throws ConfigException {
        long now = System.nanoTime();
        CompletableFuture<HttpResponse<byte[]>> pending = asked;
        if (pending == null) {
            if (now - next < 0) {
                return null;
            }
            next = now + refreshNanos;
            askedNanos = now;
            pending = ask();
            asked = pending;
            CompletableFuture<?> unused = pending.whenComplete((answer, failure) -> answered.run());
        }
        if (!pending.isDone()) {
            if (now - askedNanos < patience.toNanos()) {
                return null;
            }
            pending.cancel(true);
        }
        asked = null;
        try {
            return targets(pending.join());
        } catch (CancellationException e) {
            throw new ConfigException(
                    quoted() + " cannot be read: no whole answer came within " + patience.toMillis() + " ms");
        } catch (CompletionException e) {
            String why = e.getCause() instanceof IOException io && io.getMessage() != null
                    ? io.getMessage()
                    : String.valueOf(e.getCause());
            throw new ConfigException(quoted() + " cannot be read: " + Words.quoted(why));
        }
    }

    private CompletableFuture<HttpResponse<byte[]>> ask() {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(patience)
                .header("Accept", "application/json")
                .header("User-Agent", "netecho-agent")
                .header("X-Prometheus-Refresh-Interval-Seconds", Double.toString(refreshNanos / 1e9));
        if (tag != null) {
            request.header("If-None-Match", tag);
        }
        return client.sendAsync(request.build(), head -> new BoundedBody(AgentConfig.LONGEST_FILE + 1));
    }

    private List<TargetSpec> targets(HttpResponse<byte[]> answer) throws ConfigException {
        if (answer.statusCode() == 304) {
            return targets();
        }
        if (answer.statusCode() != 200) {
            throw new ConfigException(quoted() + " cannot be read: it answers with " + answer.statusCode());
        }
        List<TargetSpec> targets =
                TargetGroups.read(YamlValue.parse(quoted(), AgentConfig.text(quoted(), answer.body())));
        tag = answer.headers().firstValue("ETag").orElse(null);
        return targets;
    }

    @Override
    void end() {
        CompletableFuture<HttpResponse<byte[]>> pending = asked;
        if (pending != null) {
            pending.cancel(true);
        }
    }
}
