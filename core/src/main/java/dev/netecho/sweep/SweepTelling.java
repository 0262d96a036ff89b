// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import dev.netecho.IcmpErrorKind;
import dev.netecho.backend.RateLimitedLog;
import java.util.function.BooleanSupplier;

/** Tells the listener, in batches; one that throws does not end the sweep. Not thread-safe. */
final class SweepTelling {
    private static final RateLimitedLog LOG = new RateLimitedLog(Sweep.class);

    private final SweepListener listener;
    private final SweepBatch batch = new SweepBatch();

    SweepTelling(SweepListener listener) {
        this.listener = listener;
    }

    void add(SweepBatch.Kind kind, long high, long low, long roundTripNanos) {
        batch.add(kind, high, low, roundTripNanos);
        flushIfFull();
    }

    void addError(long high, long low, IcmpErrorKind kind, long responderHigh, long responderLow, long roundTripNanos) {
        batch.add(SweepBatch.Kind.ERROR, high, low, kind, responderHigh, responderLow, roundTripNanos);
        flushIfFull();
    }

    private void flushIfFull() {
        if (batch.isFull()) {
            flush();
        }
    }

    void flush() {
        if (batch.size() > 0) {
            tell(() -> listener.onAnswers(batch));
            batch.clear();
        }
    }

    void progress(SweepProgress progress) {
        tell(() -> listener.onProgress(progress));
    }

    /** {@return whether it told all that an earlier run found, and was not stopped} */
    boolean known(Findings findings, ShardOrder order, BooleanSupplier stops) {
        long position = 0;
        for (; position < findings.size && !stops.getAsBoolean(); position++) {
            boolean replied = Findings.has(findings.answered, position);
            if (replied || Findings.has(findings.error, position)) {
                add(replied ? SweepBatch.Kind.KNOWN_REPLY : SweepBatch.Kind.KNOWN_ERROR, order, position);
            }
        }
        flush();
        return position == findings.size;
    }

    /** {@return whether it told all that did not answer, and was not stopped} */
    boolean silent(Findings findings, ShardOrder order, BooleanSupplier stops) {
        long i = 0;
        for (; i < findings.size && !stops.getAsBoolean(); i++) {
            long position = order.sorted(i);
            if (findings.isOpen(position)) {
                boolean doubt = findings.doubt.get(Findings.slice(position));
                SweepBatch.Kind kind = findings.isOfThisRun(position)
                        ? (doubt ? SweepBatch.Kind.UNSURE : SweepBatch.Kind.SILENT)
                        : (doubt ? SweepBatch.Kind.KNOWN_UNSURE : SweepBatch.Kind.KNOWN_SILENT);
                add(kind, order, position);
            }
        }
        flush();
        return i == findings.size;
    }

    private void add(SweepBatch.Kind kind, ShardOrder order, long position) {
        long index = order.index(position);
        add(kind, order.high(index), order.low(index), SweepBatch.UNKNOWN);
    }

    private static void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) { // must not end the sweep
            LOG.warn("sweep", "a listener threw", e);
        }
    }
}
