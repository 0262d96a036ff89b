// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Run by a test in a JVM of its own, from folders of classes: opens a requester, and then has every kind of outcome
 * with no descriptor free.
 */
final class LoadedClassesProgram {
    static final String OPENED = "-- opened, and no descriptor is free --";

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private LoadedClassesProgram() {}

    /** {@code arguments} are an {@link EngineVariant}. */
    public static void main(String[] arguments) throws Exception {
        InetAddress nowhere = InetAddress.getByName("0.0.0.0");
        InetAddress refused = InetAddress.getByName("2001:db8::1"); // no route in this namespace
        InetAddress notOurs = InetAddress.getByName("192.0.2.1");
        Loopback.Silence silence = Loopback.silence();
        silence.close();
        CompletableFuture<Void> heard = new CompletableFuture<>();
        EchoRequester requester = EngineVariant.valueOf(arguments[0]).open();
        try {
            DescriptorProgram.takeAll();
            System.out.println(OPENED);
            for (InetAddress address : new InetAddress[] {Loopback.V4, Loopback.V6}) {
                tell(requester.send(Loopback.request(address, PATIENCE)));
                tell(requester.send(EchoRequest.newBuilder(address)
                        .payload(EchoPayload.of("an own payload".getBytes(StandardCharsets.US_ASCII)))
                        .timeout(PATIENCE)
                        .build()));
            }
            tell(requester.send(Loopback.request(nowhere, PATIENCE)));
            tell(requester.send(Loopback.request(refused, PATIENCE)));
            tell(requester.send(EchoRequest.newBuilder(Loopback.V4)
                    .source(notOurs)
                    .timeout(PATIENCE)
                    .build()));
            requester.sendAsync(Loopback.request(Loopback.V4, PATIENCE), (request, outcome) -> heard.complete(null));
            heard.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            CompletableFuture<?> cancelled = requester.sendAsync(Loopback.request(Loopback.V4, PATIENCE));
            cancelled.cancel(true);
            tell(requester.statistics());
        } finally {
            long begun = System.nanoTime();
            requester.close();
            System.out.println("closed in " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun) + " s");
        }
    }

    private static void tell(Object outcome) {
        System.out.println("outcome: " + outcome);
    }
}
