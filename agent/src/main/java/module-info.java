// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

import org.jspecify.annotations.NullMarked;

/** Watches hosts, and tells Prometheus; what {@code netecho agent} runs. */
@NullMarked
@SuppressWarnings("requires-automatic") // some have stable names, but no descriptors
module dev.netecho.agent {
    requires transitive dev.netecho;
    requires static transitive org.jspecify;
    requires io.prometheus.metrics.config;
    requires io.prometheus.metrics.model;
    requires io.prometheus.writer.text;
    requires java.net.http;
    requires org.eclipse.jetty.http;
    requires org.eclipse.jetty.io;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.util;
    requires org.slf4j;
    requires org.snakeyaml.engine.v2;
    requires spring.security.crypto;

    exports dev.netecho.agent;
}
