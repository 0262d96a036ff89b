// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.SystemCallException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of defects of ours, and of a host that does not let us read, at most once a minute (SPEC OUT-7): it may be every packet. Thread-safe. */
final class DefectLog {
    private static final Logger LOG = LoggerFactory.getLogger(DefectLog.class);

    private final String name;
    private final AtomicLong nextReport = new AtomicLong(System.nanoTime());

    DefectLog(String name) {
        this.name = name;
    }

    void report(Throwable thrown) {
        long now = System.nanoTime();
        long due = nextReport.get();
        if (due - now <= 0 && nextReport.compareAndSet(due, now + TimeUnit.MINUTES.toNanos(1))) {
            try {
                if (thrown instanceof SystemCallException refusal) {
                    LOG.warn(
                            "{}: the system does not let answers be read: {}: {}",
                            name,
                            refusal.call(),
                            Errno.describe(refusal.errno()));
                } else {
                    LOG.warn("{}: the engine met a defect of its own; it goes on", name, thrown);
                }
            } catch (RuntimeException | Error e) {
                nextReport.set(now); // logging is foreign code, and needs memory: nothing of it may end the loop
            }
        }
    }
}
