// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The file of {@code --web.config.file} and those that it names, read again when one of them changes. With a mistake in
 * them the last good ones stay in force. Thread-safe.
 */
final class WebFile implements AutoCloseable {
    private static final long LOOK_MILLIS = 1_000;

    private final @Nullable Path file;
    private final Thread thread;
    private volatile WebConfig config = WebConfig.NONE;

    // Guarded by this.
    private Map<Path, FileVersion> last = Map.of();
    private Consumer<WebTls> changed = tls -> {};
    private String trouble = "";

    /** Reads it. {@code file} is null if there is none. */
    WebFile(@Nullable Path file) throws ConfigException {
        this.file = file;
        if (file != null) {
            config = WebConfig.read(file);
        }
        this.thread = new Thread(this::run, "netecho-agent-web");
        thread.setDaemon(true);
    }

    /** Looks at the files from now on; {@code changed} gets the TLS whenever it is another. */
    synchronized void watch(Consumer<WebTls> changed) {
        this.changed = changed;
        if (file != null) {
            thread.start();
        }
    }

    /** {@return what is in force} */
    WebConfig config() {
        return config;
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                try {
                    refresh();
                } catch (ConfigException e) {
                    say(String.valueOf(e.getMessage()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private synchronized void say(String now) {
        if (!now.equals(trouble)) {
            trouble = now;
            Warnings.say(now + "; what was in force stays in force");
        }
    }

    /** Puts the files in force if they have changed. If they have a mistake, it throws that. */
    synchronized void refresh() throws ConfigException {
        Map<Path, FileVersion> before = versions(config);
        if (file == null || before.equals(last)) {
            return;
        }
        last = Map.of(); // a mistake is looked for again until it is mended
        WebConfig next = WebConfig.read(file);
        WebTls tls = next.tls();
        if ((tls == null) != (config.tls() == null)) {
            throw new ConfigException(Words.quoted(file) + ": tls_server_config has " + (tls == null ? "gone" : "come")
                    + ", which counts from the next start on");
        }
        if (tls != null) {
            changed.accept(tls);
        }
        config = next;
        Map<Path, FileVersion> after = versions(next);
        last = after.equals(before) ? after : Map.of(); // changed while they were read: look again
        trouble = "";
    }

    /** {@return the versions of all files; of one that is not there none, which reading tells} */
    private static Map<Path, FileVersion> versions(WebConfig of) {
        Map<Path, FileVersion> versions = new HashMap<>();
        for (Path file : of.files()) {
            try {
                versions.put(file, FileVersion.of(file));
            } catch (IOException e) {
                // Told when it is read.
            }
        }
        return versions;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
