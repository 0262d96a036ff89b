// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.embedding.osgi;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.micrometer.EchoMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Pings this host over IPv4 and IPv6 when the bundle starts, and reads the count of replies from a meter. */
public final class Activator implements BundleActivator {
    @Override
    public void start(BundleContext context) throws Exception {
        MeterRegistry registry = new SimpleMeterRegistry();
        try (EchoRequester requester = EchoRequester.open();
                EchoMetrics metrics = new EchoMetrics(requester)) {
            metrics.bindTo(registry);
            for (String address : new String[] {"127.0.0.1", "::1"}) {
                EchoOutcome outcome = requester.send(EchoRequest.newBuilder(InetAddress.getByName(address))
                        .timeout(Duration.ofSeconds(10))
                        .build());
                if (!(outcome instanceof EchoOutcome.Reply)) {
                    throw new IOException(address + ": " + outcome);
                }
            }
            long replies = (long) registry.get("netecho.replies").functionCounter().count();
            System.out.println("echo by " + requester.provider() + ", " + replies + " replies counted");
        }
    }

    @Override
    public void stop(BundleContext context) {}
}
