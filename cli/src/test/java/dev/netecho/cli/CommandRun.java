// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.sweep.SweepWayProvider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs a command line in this process and keeps what it printed. */
final class CommandRun {
    final int status;
    final String out;
    final String err;

    private CommandRun(int status, String out, String err) {
        PublishedSchema.check(out);
        this.status = status;
        this.out = out;
        this.err = err;
    }

    /** What surrounds a run; every part has a default. */
    static final class Setting {
        private final List<EchoRequesterProvider> providers = new ArrayList<>();
        private final List<SweepWayProvider> ways = new ArrayList<>();
        private String input = "";
        private Terminal terminal = Terminal.NONE;
        private boolean privileged;
        private Names names = InetAddress::getAllByName;
        private Consumer<Interruptible> running = run -> {};

        Setting provider(EchoRequesterProvider provider) {
            providers.add(provider);
            return this;
        }

        Setting way(SweepWayProvider way) {
            ways.add(way);
            return this;
        }

        Setting input(String text) {
            input = text;
            return this;
        }

        Setting terminal() {
            return terminal(new Terminal(true, 80, false));
        }

        Setting names(Names value) {
            names = value;
            return this;
        }

        Setting privileged() {
            privileged = true;
            return this;
        }

        Setting terminal(Terminal value) {
            terminal = value;
            return this;
        }

        /** Says who is to have the run, as the signals do. */
        Setting running(Consumer<Interruptible> consumer) {
            running = consumer;
            return this;
        }

        CommandRun run(String... args) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            CommandContext context = new CommandContext(
                    new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                    new PrintStream(out, false, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    terminal,
                    privileged,
                    () -> providers,
                    names,
                    () -> ways,
                    running);
            int status = NetechoCommand.execute(context, args);
            return new CommandRun(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        }

        /** Runs {@code ping --provider scripted} with further arguments. */
        CommandRun ping(String... args) {
            return run(Stream.concat(Stream.of("ping", "--provider", "scripted"), Stream.of(args))
                    .toArray(String[]::new));
        }
    }

    static Setting with(EchoRequesterProvider provider) {
        return new Setting().provider(provider);
    }

    /** What was printed, the only thing that differs from run to run made equal. */
    String timeless() {
        return out.replaceAll("time \\d+ms", "time Tms");
    }
}
