// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.expositionformats.PrometheusProtobufWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Writes the one answer to a request. */
final class Answer {
    private static final ExpositionFormats FORMATS = ExpositionFormats.init();
    private static final int CHUNK = 1 << 16;

    /** Their series are garbage before the next collection, which so has little to copy. */
    private static final int TARGETS_AT_ONCE = 200;

    private final Request request;
    private final Response response;
    private final Callback callback;

    // Of a stream of events.
    private volatile boolean writing;
    private volatile boolean failed;

    Answer(Request request, Response response, Callback callback) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        // What the pages show changes all the time, and is never to be taken for a page of another type.
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
    }

    void header(String name, String value) {
        response.getHeaders().put(name, value);
    }

    /** Answers with a text, and does not wait until the reader has it. */
    void text(int status, String text) {
        bytes(status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void json(String json) {
        bytes(200, "application/json; charset=utf-8", json.getBytes(StandardCharsets.UTF_8));
    }

    void bytes(int status, String type, byte[] body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    /** Answers with a few series, in the format that the reader asks for. */
    void series(MetricSnapshots series) {
        ExpositionFormatWriter writer = FORMATS.findWriter(header(HttpHeader.ACCEPT));
        ByteArrayOutputStream body = new ByteArrayOutputStream(4096);
        try {
            writer.write(body, series, escaping());
        } catch (IOException e) {
            callback.failed(e); // memory does not fail
            return;
        }
        bytes(200, writer.getContentType(), body.toByteArray());
    }

    /** {@return the series as a text for people} */
    static String text(MetricSnapshots series) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(4096);
        try {
            FORMATS.getPrometheusTextFormatWriter().write(body, series, EscapingScheme.DEFAULT);
        } catch (IOException e) {
            throw new IllegalStateException(e); // memory does not fail
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    /**
     * Answers with many series, piece by piece: as fast as the reader takes them, on this thread. A reader that takes
     * nothing for longer than {@code patience} is cut off.
     */
    void manySeries(MetricSnapshots own, List<TargetState> targets, Duration patience) {
        ExpositionFormatWriter writer = FORMATS.findWriter(header(HttpHeader.ACCEPT));
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, writer.getContentType());
        boolean gzip = wantsGzip();
        if (gzip) {
            response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip");
        }
        EndPoint peer = request.getConnectionMetaData().getConnection().getEndPoint();
        long before = peer.getIdleTimeout();
        peer.setIdleTimeout(Math.min(before, patience.toMillis()));
        // Not try-with-resources: to close the stream ends the answer, and a part of one must not look whole.
        FastGzip zipped = null;
        try {
            OutputStream out = new BufferedOutputStream(Content.Sink.asOutputStream(response), CHUNK);
            if (gzip) {
                zipped = new FastGzip(out);
                out = zipped;
            }
            if (writer instanceof PrometheusProtobufWriter) {
                // Each name is one message, of all targets.
                writer.write(out, own, escaping());
                for (TargetMetrics.Maker maker : TargetMetrics.makers(true)) {
                    writer.write(out, new MetricSnapshots(maker.of(targets)), escaping());
                }
            } else {
                text(writer, own, targets, out);
            }
            out.close();
        } catch (IOException | RuntimeException | Error e) {
            callback.failed(e);
            return;
        } finally {
            peer.setIdleTimeout(before);
            if (zipped != null) {
                zipped.release();
            }
        }
        callback.succeeded();
    }

    private void text(ExpositionFormatWriter writer, MetricSnapshots own, List<TargetState> targets, OutputStream out)
            throws IOException {
        TextPieces pieces = new TextPieces(out);
        writer.write(pieces, own, escaping());
        pieces.end();
        for (TargetMetrics.Maker maker : TargetMetrics.makers(false)) {
            boolean isFirst = true;
            for (int from = 0; from < targets.size(); from += TARGETS_AT_ONCE) {
                List<TargetState> some = targets.subList(from, Math.min(targets.size(), from + TARGETS_AT_ONCE));
                pieces.begin(isFirst);
                writer.write(pieces, new MetricSnapshots(maker.of(some)), escaping());
                isFirst &= !pieces.end();
            }
        }
        pieces.endPage();
    }

    /** Begins a stream of events. @return false if it has ended: HEAD asks for its head only */
    boolean beginEvents() {
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
        if (request.getMethod().equals("HEAD")) {
            // Nothing that is written to it would ever fail, so nobody would see that the reader is gone.
            response.write(true, ByteBuffer.allocate(0), callback);
            return false;
        }
        write(": netecho\n\n");
        return true;
    }

    /** Sends an event; the last one must be done. */
    void event(String data) {
        write("data: " + data + "\n\n");
    }

    private void write(String text) {
        writing = true;
        response.write(
                false,
                ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)),
                Callback.from(() -> writing = false, failure -> {
                    if (!failed) {
                        failed = true;
                        callback.failed(failure);
                    }
                }));
    }

    /** {@return whether the reader has taken the last event} */
    boolean isIdle() {
        return !writing;
    }

    /** {@return whether the reader is gone} */
    boolean hasFailed() {
        return failed;
    }

    void endEvents() {
        if (isIdle() && !hasFailed()) {
            response.write(true, ByteBuffer.allocate(0), callback);
        }
    }

    private EscapingScheme escaping() {
        return EscapingScheme.fromAcceptHeader(header(HttpHeader.ACCEPT));
    }

    /** Compressing takes several times the processor time of writing; within one machine it saves nothing. */
    private boolean wantsGzip() {
        String accepted = header(HttpHeader.ACCEPT_ENCODING);
        boolean local = request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress peer
                && peer.getAddress() != null
                && peer.getAddress().isLoopbackAddress();
        return accepted != null && accepted.contains("gzip") && !local;
    }

    private @Nullable String header(HttpHeader name) {
        return request.getHeaders().get(name);
    }

    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, CHUNK);
            def.setLevel(Deflater.BEST_SPEED);
        }

        /** Frees native memory; nothing can be written any more. */
        void release() {
            def.end();
        }
    }
}
