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
    String outcome(Probe probe, EchoOutcome outcome) {
        return line(probe.target(), text.of(probe.target(), probe.sequence(), outcome));
    }

    String outstanding(Target target, long sequence) {
        return line(target, "no answer yet for icmp_seq=" + sequence);
    }

    String moved(Target before, Target now) {
        return stamp() + now.shown() + " is now " + AddressText.of(now.address())
                + (before.isResolved() ? ", was " + AddressText.of(before.address()) : "; it did not resolve before");
    }

    private String line(Target target, String line) {
        String whose = names ? "[" + target.shown() + "] " : "";
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
