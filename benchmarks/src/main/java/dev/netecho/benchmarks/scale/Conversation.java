// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A program that is spoken with line by line over its standard input and output. */
final class Conversation implements AutoCloseable {
    private static final String END = "\0";

    private final Session session;
    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    Conversation(Session session, ProcessBuilder builder) throws IOException {
        this.session = session;
        this.process = session.start(builder.redirectErrorStream(true));
        Thread reader = new Thread(this::read, "conversation-reader");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            reader.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add("reading failed: " + e);
        } finally {
            lines.add(END);
        }
    }

    long pid() {
        return process.pid();
    }

    void say(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    /**
     * {@return the next line that begins with a word; those before it are skipped}
     *
     * @throws IOException if it does not come in time, or the program ends; with what came instead
     */
    String await(String word, Duration limit) throws IOException, InterruptedException {
        List<String> others = new ArrayList<>();
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            String line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new IOException("no line \"" + word + "...\" within " + limit + ", only: " + others);
            }
            if (line.equals(END)) {
                lines.add(END);
                throw new IOException("the program ended without a line \"" + word + "...\", saying: " + others);
            }
            if (line.startsWith(word)) {
                return line;
            }
            others.add(line);
        }
    }

    @Override
    public void close() {
        session.end(process);
    }
}
