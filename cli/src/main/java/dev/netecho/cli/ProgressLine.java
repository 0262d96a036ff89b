// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoOutcome.IcmpError;
import dev.netecho.EchoOutcome.Reply;
import dev.netecho.EchoOutcome.TimedOut;
import java.io.PrintStream;

/** The line on a terminal that shows a run's progress; without a terminal it only counts. */
final class ProgressLine {
    private static final long SHOWN_EVERY_NANOS = 200_000_000;

    private final PrintStream out;
    private final boolean terminal;
    private final long startNanos = System.nanoTime();
    private long shownNanos = startNanos - SHOWN_EVERY_NANOS;
    private int shownLength;
    private long replies;
    private long errors;
    private long timedOut;
    private long notSent;

    ProgressLine(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void add(EchoOutcome outcome) {
        if (outcome instanceof Reply) {
            replies++;
        } else if (outcome instanceof IcmpError) {
            errors++;
        } else if (outcome instanceof TimedOut) {
            timedOut++;
        } else {
            notSent++;
        }
    }

    void show() {
        long now = System.nanoTime();
        if (!terminal || now - shownNanos < SHOWN_EVERY_NANOS) {
            return;
        }
        shownNanos = now;
        String text = Decimals.scaled(now - startNanos, 1_000_000_000, 1) + " s: " + replies + " replies, " + errors
                + " errors, " + timedOut + " timed out, " + notSent + " not sent";
        // Spaces instead of an escape sequence: every terminal understands them.
        out.print("\r" + text + " ".repeat(Math.max(0, shownLength - text.length())));
        shownLength = text.length();
    }

    void clear() {
        if (shownLength > 0) {
            out.print("\r" + " ".repeat(shownLength) + "\r");
            shownLength = 0;
        }
    }
}
