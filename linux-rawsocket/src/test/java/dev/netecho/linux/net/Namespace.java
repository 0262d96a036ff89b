// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A network namespace, and how to run programs in it.
 *
 * <p>Nothing is mounted below /run/netns, which a user namespace may not write to: a child process holds the namespace.
 * The child reads its standard input, so it ends when this process does, however that ends.
 */
final class Namespace implements AutoCloseable {
    /** The namespace this process runs in. */
    static final Namespace OWN = new Namespace(null);

    private final Process holder;

    private Namespace(Process holder) {
        this.holder = holder;
    }

    static Namespace create() {
        try {
            Process holder = Tools.builder(List.of("unshare", "-n", "sh", "-c", "echo ready; exec cat"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (holder.getInputStream().read() != 'r') {
                holder.destroyForcibly();
                throw new AssertionError("unshare -n could not make a network namespace");
            }
            return new Namespace(holder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the command as it has to be given to run inside} */
    List<String> inside(String... command) {
        List<String> whole = new ArrayList<>();
        if (holder != null) {
            whole.addAll(List.of("nsenter", "-t", pid(), "-n", "--"));
        }
        whole.addAll(List.of(command));
        return whole;
    }

    /** Runs a shell script, each of whose commands must succeed. {@return what it printed} */
    String run(String script) {
        return Tools.run(inside("sh", "-ec", script));
    }

    String pid() {
        return Long.toString(holder.pid());
    }

    @Override
    public void close() {
        holder.destroyForcibly();
        try {
            if (!holder.waitFor(10, TimeUnit.SECONDS)) {
                throw new AssertionError("process " + pid() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
