// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import java.time.Instant;

/**
 * The lines of single packets.
 *
 * @param text says what became of a packet
 * @param stamps whether a line begins with the time of day
 * @param names whether it then names the target
 */
record PacketLines(OutcomeText text, boolean stamps, boolean names) {
    String outcome(TargetStatistics target, long sequence, EchoOutcome outcome) {
        return line(target, text.of(target.target(), sequence, outcome));
    }

    String outstanding(TargetStatistics target, long sequence) {
        return line(target, "no answer yet for icmp_seq=" + sequence);
    }

    private String line(TargetStatistics target, String line) {
        String whose = names ? "[" + OneLine.of(target.target().text()) + "] " : "";
        return stamp() + whose + line;
    }

    /** {@return the time of day in the form of {@code ping -D}; empty if it is not wanted} */
    private String stamp() {
        if (!stamps) {
            return "";
        }
        Instant now = Instant.now();
        String micros = Integer.toString(1_000_000 + now.getNano() / 1_000);
        return "[" + now.getEpochSecond() + "." + micros.substring(1) + "] ";
    }
}
