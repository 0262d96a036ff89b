// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.sweep.SweepWayProvider;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the process gives to the command.
 *
 * @param in standard input
 * @param out standard output
 * @param err standard error
 * @param terminal what standard output is
 * @param privileged whether the user may send as fast as the machine can
 * @param providers finds the providers, best first
 * @param names finds the addresses of targets
 * @param ways finds the ways to sweep, best first
 * @param running takes the run that the user's signals act on from then on
 */
record CommandContext(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Terminal terminal,
        boolean privileged,
        Supplier<List<EchoRequesterProvider>> providers,
        Names names,
        Supplier<List<SweepWayProvider>> ways,
        Consumer<Interruptible> running) {
    /** Prints a text whole, from any thread. */
    void print(String text) {
        synchronized (out) {
            out.print(text);
            out.flush();
        }
    }
}
