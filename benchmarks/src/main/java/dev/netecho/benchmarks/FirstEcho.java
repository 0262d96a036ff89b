// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.net.InetAddress;
import java.util.List;

/** Whether there is anything to measure: one echo per provider and family. */
final class FirstEcho implements Experiment {
    @Override
    public String name() {
        return "first-echo";
    }

    @Override
    public String question() {
        return "Do both providers get a reply here at all, IPv4 and IPv6?";
    }

    @Override
    public void run(Session session) throws Exception {
        int replies = 0;
        for (String provider : List.of("linux-datagram", "linux-raw")) {
            for (String address : List.of("127.0.0.1", "::1")) {
                try (EchoRequester requester =
                        EchoRequester.newBuilder().provider(provider).open()) {
                    EchoOutcome outcome = requester.send(EchoRequest.to(InetAddress.getByName(address)));
                    if (outcome instanceof EchoOutcome.Reply) {
                        replies++;
                    } else {
                        session.say("  " + provider + " to " + address + ": " + outcome);
                    }
                }
            }
        }
        session.figures().goal("first_echo_replies", replies, Comparison.AT_LEAST, 4);
    }
}
