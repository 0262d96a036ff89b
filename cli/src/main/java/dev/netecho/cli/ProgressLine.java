// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.io.PrintStream;
import java.util.LinkedHashSet;
import java.util.Set;

/** The line on a terminal that shows during a run who is down; without a terminal it shows nothing. */
final class ProgressLine {
    private static final long SHOWN_EVERY_NANOS = 200_000_000;

    private final PrintStream out;
    private final Terminal terminal;
    private final long startNanos = System.nanoTime();
    private long shownNanos = startNanos - SHOWN_EVERY_NANOS;
    private int shownLength;
    private long known;
    private long requests;
    private long lost;

    /** Those whose latest request got no reply, in the order in which they went down. */
    private final Set<TargetStatistics> down = new LinkedHashSet<>();

    ProgressLine(PrintStream out, Terminal terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Takes the latest outcome of a target, which its statistics have already. */
    void add(TargetStatistics target) {
        if (target.ended() == 1) {
            known++;
        }
        requests++;
        if (target.isDown()) {
            lost++;
            down.add(target);
        } else {
            down.remove(target);
        }
    }

    void show() {
        long now = System.nanoTime();
        if (!terminal.isPresent() || now - shownNanos < SHOWN_EVERY_NANOS) {
            return;
        }
        shownNanos = now;
        // Spaces instead of an escape sequence: every terminal understands them.
        String start = Decimals.scaled(now - startNanos, 1_000_000_000, 1) + " s  ";
        String up = (known - down.size()) + " up  ";
        String end = requests == 0 ? "" : "  " + Decimals.percent(lost, requests) + "% lost";
        // In the last column some terminals begin a new line.
        String whoIsDown = down(terminal.columns() - 1 - start.length() - up.length() - end.length());
        int length = start.length() + up.length() + whoIsDown.length() + end.length();
        out.print("\r" + start + terminal.in(Terminal.Colour.GREEN, up)
                + (down.isEmpty() ? whoIsDown : terminal.in(Terminal.Colour.RED, whoIsDown)) + end
                + " ".repeat(Math.max(0, shownLength - length)));
        shownLength = length;
    }

    /** {@return how many are down, and the names of as many as fit} */
    private String down(int columns) {
        StringBuilder text = new StringBuilder(down.size() + " down");
        int named = 0;
        for (TargetStatistics target : down) {
            String name = (named == 0 ? ": " : ", ") + target.target().shown();
            int room = columns - text.length() - name.length();
            if (room < (named + 1 == down.size() ? 0 : " ...".length())) {
                break;
            }
            text.append(name);
            named++;
        }
        return named == 0 || named == down.size() ? text.toString() : text + " ...";
    }

    void clear() {
        if (shownLength > 0) {
            out.print("\r" + " ".repeat(shownLength) + "\r");
            shownLength = 0;
        }
    }
}
