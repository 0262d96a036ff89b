// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.util.Objects;

/**
 * The typed key of a backend's own option, in the manner of {@link java.net.SocketOption}.
 *
 * <p>Backends publish constants of this class; {@link EchoRequester.Builder#option} takes them. A backend ignores the
 * options of others, so that one configuration serves every platform.
 *
 * @param <T> the type of the value
 */
public final class EchoOption<T> {
    private final String name;
    private final Class<T> type;

    private EchoOption(String name, Class<T> type) {
        this.name = Objects.requireNonNull(name, "name");
        this.type = Objects.requireNonNull(type, "type");
    }

    /**
     * {@return a new key; keys are compared by identity}
     *
     * @param name the name for messages, such as {@code "linux.eventLoopGroup"}
     * @param type the type of the value
     * @param <T> the type of the value
     */
    public static <T> EchoOption<T> of(String name, Class<T> type) {
        return new EchoOption<>(name, type);
    }

    /** {@return the name for messages} */
    public String name() {
        return name;
    }

    /** {@return the type of the value} */
    public Class<T> type() {
        return type;
    }

    @Override
    public String toString() {
        return name;
    }
}
