// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.time.Duration;

/**
 * Run by tests in a JVM of its own with little memory: asks and cancels again and again under a rate that lets nothing
 * through.
 */
final class CancelProgram {
    private CancelProgram() {}

    /** {@code arguments} are an {@link EngineVariant}, how often, and how many of all are not cancelled. */
    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[1]);
        int kept = Integer.parseInt(arguments[2]);
        EchoRequest request = Loopback.request(Loopback.V4, Duration.ofSeconds(10));
        try (EchoRequester requester =
                EngineVariant.valueOf(arguments[0]).builder().maxRate(1).open()) {
            for (int i = 0; i < kept; i++) {
                requester.sendAsync(request, (asked, outcome) -> {});
            }
            for (int i = 0; i < count; i++) {
                requester.sendAsync(request).cancel(false);
            }
            System.out.println("cancelled " + count + ", " + requester.statistics());
        }
    }
}
