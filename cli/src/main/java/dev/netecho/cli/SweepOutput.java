// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.sweep.SweepBatch;
import dev.netecho.sweep.SweepListener;
import dev.netecho.sweep.SweepProgress;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** Prints what a sweep finds, and on a terminal a line that says how far it is. */
final class SweepOutput implements SweepListener {
    /** Which hosts are printed, and how. */
    enum Form {
        /** A sentence for each answer. */
        TEXT,
        /** An object for each answer. */
        JSON,
        /** The addresses that replied. */
        ALIVE,
        /** The addresses that did not. */
        SILENT
    }

    private final PrintStream hosts;
    private final PrintStream screen;
    private final Terminal terminal;
    private final Form form;
    private int shown;
    private @Nullable Runnable stop;
    private boolean isUnread;

    /** {@code screen} shows the progress. */
    SweepOutput(PrintStream hosts, PrintStream screen, Terminal terminal, Form form) {
        this.hosts = hosts;
        this.screen = screen;
        this.terminal = terminal;
        this.form = form;
    }

    @Override
    public synchronized void onAnswers(SweepBatch batch) {
        clear();
        for (int i = 0; i < batch.size(); i++) {
            hosts.print(line(batch, i));
        }
        if (hosts.checkError() && !isUnread) { // it flushes, too
            isUnread = true;
            stopUnread();
        }
    }

    /** Says how the sweep is stopped: when the reader of the hosts has gone, as head does, or their file is full. */
    synchronized void stopsBy(Runnable how) {
        stop = how;
        stopUnread();
    }

    private void stopUnread() {
        if (isUnread && stop != null) {
            stop.run();
        }
    }

    private String line(SweepBatch batch, int i) {
        boolean replied = batch.kind(i) == SweepBatch.Kind.REPLY || batch.kind(i) == SweepBatch.Kind.KNOWN_REPLY;
        return switch (form) {
            case TEXT -> SweepText.of(batch, i);
            case JSON -> SweepText.json(batch, i);
            case ALIVE -> replied ? AddressText.of(batch.address(i)) + "\n" : "";
            case SILENT ->
                switch (batch.kind(i)) {
                    case SILENT, UNSURE, KNOWN_SILENT, KNOWN_UNSURE -> AddressText.of(batch.address(i)) + "\n";
                    default -> "";
                };
        };
    }

    @Override
    public synchronized void onProgress(SweepProgress progress) {
        if (terminal.isPresent()) {
            String text = SweepText.of(progress);
            screen.print("\r" + text + " ".repeat(Math.max(0, shown - text.length())));
            screen.flush();
            shown = text.length();
        }
    }

    synchronized void clear() {
        if (shown > 0) {
            screen.print("\r" + " ".repeat(shown) + "\r");
            screen.flush();
            shown = 0;
        }
    }
}
