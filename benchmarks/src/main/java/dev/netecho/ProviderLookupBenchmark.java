// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** Finding the providers, as every {@code open()} does; whether one is available is the kernel's part. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ProviderLookupBenchmark {
    /** {@return the providers to try, best first} */
    @Benchmark
    public Object findProviders() {
        return new ProviderLookup(EchoRequester.newBuilder(), EchoRequester.class.getClassLoader()).candidates(null);
    }
}
