// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.embedding;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;

/** Pings this host over IPv4 and IPv6. */
public final class Plain {
    private Plain() {}

    /** Prints what {@link #echo} returns and ends with 0, or with 1 and the reason why there is no echo. */
    public static void main(String[] arguments) throws Exception {
        try {
            System.out.println(echo());
        } catch (EchoUnavailableException e) {
            System.out.println(e.getMessage());
            System.exit(1);
        }
    }

    /** {@return the provider that got both replies} */
    public static String echo() throws IOException, InterruptedException {
        try (EchoRequester requester = EchoRequester.open()) {
            return echo(requester);
        }
    }

    /** {@return the same, but the requester is not closed} */
    public static String echoAndDrop() throws IOException, InterruptedException {
        return echo(EchoRequester.open());
    }

    static String echo(EchoRequester requester) throws IOException, InterruptedException {
        for (String address : new String[] {"127.0.0.1", "::1"}) {
            EchoOutcome outcome = requester.send(EchoRequest.newBuilder(InetAddress.getByName(address))
                    .timeout(Duration.ofSeconds(10))
                    .build());
            if (!(outcome instanceof EchoOutcome.Reply)) {
                throw new IOException(address + ": " + outcome);
            }
        }
        return "echo by " + requester.provider();
    }
}
