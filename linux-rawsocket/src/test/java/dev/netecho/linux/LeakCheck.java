// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoRequester;
import dev.netecho.linux.libc.NativeMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** After a test class no engine thread, no descriptor and no native memory may be left that was not there before it. */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** A thread that was told to end needs a moment. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Snapshot before = new Snapshot(Map.of(), 0);

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        // What is loaded once and stays (JNA, Netty, the descriptors of their jars) is not a leak.
        for (EngineVariant variant : EngineVariant.values()) {
            try (EchoRequester requester = variant.open()) {
                requester.statistics();
            }
        }
        before = Snapshot.now();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        String name = context.getDisplayName();
        if (!Await.within(PATIENCE, () -> threads().isEmpty())) {
            throw new AssertionError(name + " left threads behind: " + threads());
        }
        if (!Await.within(PATIENCE, () -> Snapshot.now().isNotMoreThan(before))) {
            throw new AssertionError(name + " left something behind: before " + before + ", after " + Snapshot.now());
        }
    }

    /** {@return the names of the engine threads that are alive} */
    public static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("icmp-echo-"))
                .sorted()
                .toList();
    }

    /** The descriptors an engine can leak, by kind, and the native memory of this process. */
    public record Snapshot(Map<String, Integer> descriptors, long nativeBytes) {
        public static Snapshot now() {
            Map<String, Integer> kinds = new TreeMap<>();
            for (String target : descriptorTargets()) {
                if (target.startsWith("socket:")) {
                    kinds.merge("socket", 1, Integer::sum);
                } else if (target.startsWith("anon_inode:")) {
                    kinds.merge(target, 1, Integer::sum);
                } else if (target.startsWith("/proc/") && target.contains("/net/")) {
                    kinds.merge("/proc/net", 1, Integer::sum);
                }
            }
            return new Snapshot(kinds, NativeMemory.liveBytes());
        }

        public boolean isNotMoreThan(Snapshot before) {
            return nativeBytes <= before.nativeBytes
                    && descriptors.entrySet().stream()
                            .allMatch(kind -> kind.getValue() <= before.descriptors.getOrDefault(kind.getKey(), 0));
        }
    }

    private static List<String> descriptorTargets() {
        List<String> targets = new ArrayList<>();
        try (Stream<Path> links = Files.list(DESCRIPTORS)) {
            for (Path link : links.toList()) {
                try {
                    targets.add(Files.readSymbolicLink(link).toString());
                } catch (NoSuchFileException e) {
                    // The descriptor of the listing itself, or one that was just closed.
                    targets.add("closed");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return targets;
    }
}
