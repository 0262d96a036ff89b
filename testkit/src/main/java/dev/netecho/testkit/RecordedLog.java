// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * A logging backend for tests: it keeps every line of level WARN and above, and prints nothing.
 *
 * <p>The contract reads it if the tests' class path names it in
 * {@code META-INF/services/org.slf4j.spi.SLF4JServiceProvider}; otherwise the rule about logging is skipped.
 * Thread-safe.
 */
public final class RecordedLog implements SLF4JServiceProvider {
    private static final Queue<Line> LINES = new ConcurrentLinkedQueue<>();

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter contexts = new NOPMDCAdapter();

    /** Constructs the backend; SLF4J does so. */
    public RecordedLog() {}

    /**
     * A line of the log.
     *
     * @param logger the logger's name
     * @param level WARN or ERROR
     * @param text the line
     * @param thrown the exception that was logged with it, or null
     */
    public record Line(
            String logger,
            Level level,
            String text,
            @Nullable Throwable thrown) {}

    /** {@return whether SLF4J logs here} */
    public static boolean isInUse() {
        return LoggerFactory.getILoggerFactory() instanceof Recorders;
    }

    /** {@return the lines so far, the oldest first} */
    public static List<Line> lines() {
        return List.copyOf(LINES);
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return new Recorders();
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return contexts;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {}

    private static final class Recorders implements ILoggerFactory {
        @Override
        public org.slf4j.Logger getLogger(String name) {
            return new Recorder(name);
        }
    }

    private static final class Recorder extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1L;

        Recorder(String name) {
            this.name = name;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String message,
                Object @Nullable [] arguments,
                @Nullable Throwable thrown) {
            LINES.add(new Line(name, level, MessageFormatter.basicArrayFormat(message, arguments), thrown));
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return false;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }
    }
}
