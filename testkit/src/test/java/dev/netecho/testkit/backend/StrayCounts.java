// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.backend;

import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.Stray;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;

/** The counters of an engine without a requester. Thread-safe. */
public final class StrayCounts implements EchoCounters {
    private final AtomicLongArray counts = new AtomicLongArray(Stray.values().length);
    private volatile Set<Stray> observed = Set.of();

    /** {@return how many were counted; empty if the engine does not see this kind} */
    public OptionalLong of(Stray stray) {
        return observed.contains(stray) ? OptionalLong.of(counts.get(index(stray))) : OptionalLong.empty();
    }

    /** {@return how many of all these were counted} */
    public long all(Stray... strays) {
        return Arrays.stream(strays).mapToLong(each -> counts.get(index(each))).sum();
    }

    @Override
    public void observe(Stray... visible) {
        observed = Set.of(visible);
    }

    @Override
    public void count(Stray stray, long number) {
        counts.addAndGet(index(stray), number);
    }

    @Override
    public void paced(long nanos) {}

    @SuppressWarnings("EnumOrdinal") // an index, and nothing stored
    private static int index(Stray stray) {
        return stray.ordinal();
    }
}
