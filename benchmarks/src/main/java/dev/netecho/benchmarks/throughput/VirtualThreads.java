// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import dev.netecho.benchmarks.SuppressForbidden;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Virtual threads, which the language level of this module does not know, and the flight recorder's view of them. */
final class VirtualThreads {
    private VirtualThreads() {}

    /**
     * {@return what makes virtual threads}
     *
     * @throws IllegalStateException on a JDK before 21
     */
    static ThreadFactory factory() {
        try {
            // Thread.ofVirtual().factory()
            Class<?> ofVirtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Object builder = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(ofVirtual))
                    .invoke();
            return (ThreadFactory) lookup.findVirtual(ofVirtual, "factory", MethodType.methodType(ThreadFactory.class))
                    .invoke(builder);
        } catch (Throwable e) {
            throw new IllegalStateException("this JDK has no virtual threads: " + Runtime.version(), e);
        }
    }

    /** Counts how often a virtual thread held on to its carrier while it waited. */
    @SuppressForbidden("jdk.jfr is not in every Java runtime, but in those of the JDK, which this is about")
    static final class PinnedCount implements AutoCloseable {
        private final Recording recording = new Recording();

        PinnedCount() {
            recording
                    .enable("jdk.VirtualThreadPinned")
                    .withThreshold(Duration.ZERO)
                    .withStackTrace();
            recording.start();
        }

        /** Stops and returns the count; the first of them is described on standard error. */
        long stop() throws IOException {
            recording.stop();
            Path file = Files.createTempFile("pinned-", ".jfr");
            try {
                recording.dump(file);
                long count = 0;
                try (RecordingFile events = new RecordingFile(file)) {
                    while (events.hasMoreEvents()) {
                        RecordedEvent event = events.readEvent();
                        if (event.getEventType().getName().equals("jdk.VirtualThreadPinned") && count++ == 0) {
                            System.err.println("the first pinned carrier: " + event);
                        }
                    }
                }
                return count;
            } finally {
                Files.delete(file);
            }
        }

        @Override
        public void close() {
            recording.close();
        }
    }
}
