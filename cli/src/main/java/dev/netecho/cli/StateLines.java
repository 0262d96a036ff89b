// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A line for each change of a state.
 *
 * @param out where to
 * @param json whether as JSON
 */
record StateLines(PrintStream out, boolean json) {
    /** Prints that a request made a host change its state. */
    void changed(HostHistory host, HostState before, Instant asked) {
        String loss = host.minute().percent(System.nanoTime());
        if (json) {
            JsonLine line = JsonReport.of("state", host.target())
                    .put("at_us", asked)
                    .put("state", JsonReport.lowerCase(host.state()))
                    .put("before", JsonReport.lowerCase(before))
                    .put("why", host.why().isEmpty() ? null : host.why());
            out.print(line.line());
            return;
        }
        out.print(asked.truncatedTo(ChronoUnit.MILLIS) + " " + host.target().shown() + " is "
                + JsonReport.lowerCase(host.state()) + ", was " + JsonReport.lowerCase(before)
                + (host.why().isEmpty() ? "" : " (" + host.why() + ")")
                + (loss.equals("-") ? "" : "; " + loss + " lost in a minute") + "\n");
    }
}
