// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server. Each of its limits bounds the memory that a peer can take: connections, the head of a request, and
 * the time without progress.
 */
final class WebServer implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 1_000;

    /** Of a request line and its header fields; Prometheus sends less than 1 KB. */
    private static final int LONGEST_HEAD = 8 << 10;

    /**
     * Bounded, so that slow readers are seen to make progress: Linux doubles it, and says that there is room only once
     * a third is free. At a round-trip time of 100 ms it allows 2 MB a second.
     */
    private static final int SEND_BUFFER = 128 << 10;

    private static final int MOST_THREADS = 16;
    private static final long IDLE_MILLIS = 30_000;

    /** Once all connections are taken, idle ones make room for others. */
    private static final long IDLE_MILLIS_IF_FULL = 1_000;

    private final Server server;
    private final ServerConnector connector;
    private final SslContextFactory.@Nullable Server tls;

    /** Starts it, with TLS if there is one; once this has returned it accepts connections. */
    WebServer(InetSocketAddress listen, @Nullable WebTls tls, Handler handler) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 2);
        threads.setName("netecho-agent-http");
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(LONGEST_HEAD);
        http.setUriCompliance(UriCompliance.RFC3986);
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        if (tls == null) {
            this.tls = null;
            connector = new ServerConnector(server, 1, 1, plain);
        } else {
            this.tls = new SslContextFactory.Server();
            tls.applyTo(this.tls);
            SslConnectionFactory secure = new SslConnectionFactory(this.tls, plain.getProtocol());
            // It would refuse hosts that the certificate does not name: peers check that.
            secure.setEnsureSecureRequestCustomizer(false);
            connector = new ServerConnector(server, 1, 1, secure, plain);
        }
        connector.setHost(listen.getAddress().getHostAddress());
        connector.setPort(listen.getPort());
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.setAcceptedSendBufferSize(SEND_BUFFER);
        connector.setAcceptQueueSize(MOST_CONNECTIONS);
        server.addConnector(connector);
        NetworkConnectionLimit limit = new NetworkConnectionLimit(MOST_CONNECTIONS, server);
        limit.setEndPointIdleTimeout(IDLE_MILLIS_IF_FULL);
        server.addBean(limit);
        server.setHandler(handler);
        try {
            server.start();
        } catch (Exception e) { // what Jetty declares; a port in use is an IOException with a cause
            close();
            throw new IOException(reason(e), e);
        }
    }

    private static String reason(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** Speaks another TLS with those that connect from now on. */
    void tls(WebTls next) {
        SslContextFactory.Server current = tls;
        if (current != null) {
            try {
                current.reload(unused -> next.applyTo(current));
            } catch (Exception e) { // what Jetty declares
                throw new IllegalStateException("the TLS cannot be exchanged", e);
            }
        }
    }

    /** {@return the port that is listened on} */
    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) { // what Jetty declares
            throw new IllegalStateException("the HTTP server does not stop", e);
        }
    }
}
