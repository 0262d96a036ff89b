// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Session;
import java.util.List;

/** Whether the echoes of another program wake a requester up that has nothing to do. */
final class ForeignTraffic implements Experiment {
    private static final int LONGEST_SECONDS = 120;

    @Override
    public String name() {
        return "foreign-traffic";
    }

    @Override
    public String question() {
        return "How often does an idle requester wake up while another program pings as fast as it can?";
    }

    @Override
    public void run(Session session) throws Exception {
        double seconds = session.quick() ? 0.5 : 10;
        int traced = session.quick() ? 0 : 5;
        List<String> flood =
                List.of(session.c("reference").toString(), "--seconds", Integer.toString(LONGEST_SECONDS), "127.0.0.1");
        Process other = session.start(new ProcessBuilder(flood));
        try {
            for (String provider : List.of("linux-datagram", "linux-raw")) {
                String label = provider.replace("linux-", "");
                IdleWakeups.measure(session, "foreign_traffic_", label, provider, seconds, traced);
            }
            if (!other.isAlive()) {
                throw new IllegalStateException("the other program has ended: nobody was pinging");
            }
        } finally {
            session.end(other);
        }
    }
}
