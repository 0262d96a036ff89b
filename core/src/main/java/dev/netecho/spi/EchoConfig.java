// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

import dev.netecho.EchoOption;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What a provider is told about the requester it opens an engine for. Immutable. */
public final class EchoConfig {
    private final String name;
    private final int maxRate;
    private final Map<EchoOption<?>, Object> options;
    private final EchoCounters counters;

    /**
     * Constructs a configuration with an unlimited rate.
     *
     * @param name the requester's name, the prefix of its threads' names and of its log lines
     * @param options the options of all backends, each value of its key's type
     * @param counters where the engine counts stray packets
     */
    public EchoConfig(String name, Map<EchoOption<?>, Object> options, EchoCounters counters) {
        this(name, 0, options, counters);
    }

    /**
     * Constructs a configuration.
     *
     * @param name the requester's name, the prefix of its threads' names and of its log lines
     * @param maxRate how many requests a second may be sent, at least 1; 0 for unlimited
     * @param options the options of all backends, each value of its key's type
     * @param counters where the engine counts stray packets
     * @throws IllegalArgumentException if the rate is negative
     */
    public EchoConfig(String name, int maxRate, Map<EchoOption<?>, Object> options, EchoCounters counters) {
        if (maxRate < 0) {
            throw new IllegalArgumentException(
                    "maxRate is " + maxRate + " a second; it must be 1 or more, or 0 for unlimited");
        }
        this.maxRate = maxRate;
        this.name = Objects.requireNonNull(name, "name");
        this.options = Map.copyOf(options);
        this.counters = Objects.requireNonNull(counters, "counters");
    }

    /** {@return the requester's name, such as {@code icmp-echo-1}} */
    public String name() {
        return name;
    }

    /** {@return where the engine counts stray packets} */
    public EchoCounters counters() {
        return counters;
    }

    /**
     * {@return how many requests a second may be sent, at least 1; 0 for unlimited. See
     * {@link dev.netecho.backend.SendPace}}
     */
    public int maxRate() {
        return maxRate;
    }

    /**
     * {@return the value of an option, if it was given}
     *
     * @param option the key
     * @param <T> the type of the value
     */
    public <T> Optional<T> option(EchoOption<T> option) {
        return Optional.ofNullable(options.get(option)).map(option.type()::cast);
    }
}
