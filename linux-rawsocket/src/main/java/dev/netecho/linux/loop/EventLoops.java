// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.loop;

import dev.netecho.EchoOption;
import dev.netecho.spi.EchoConfig;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Chooses where the event loops of a requester come from. */
public final class EventLoops {
    /** The library's own loop, with a thread of its own. */
    public static final EventLoopSource OWN =
            (name, onTimer, onFailure) -> new EpollLoop(new LoopThreads(name), onTimer, onFailure);

    private static final AtomicReference<@Nullable Lending<?>> LENDING = new AtomicReference<>();

    private EventLoops() {}

    /**
     * Introduces the option that lends a loop. The class that has the option does so when it is initialised, and the
     * option cannot be named before that. So nothing here links a class of Netty.
     *
     * @param option the option
     * @param source makes a source of the option's value
     * @param <T> the type of the option's value
     */
    public static <T> void lendBy(EchoOption<T> option, Function<T, EventLoopSource> source) {
        LENDING.set(new Lending<>(option, source));
    }

    /**
     * {@return the loops that an agent lends, or else the library's own}
     *
     * @param config the options of the requester
     */
    public static EventLoopSource of(EchoConfig config) {
        Lending<?> lending = LENDING.get();
        return lending == null ? OWN : lending.in(config).orElse(OWN);
    }

    private record Lending<T>(EchoOption<T> option, Function<T, EventLoopSource> source) {
        Optional<EventLoopSource> in(EchoConfig config) {
            return config.option(option).map(source);
        }
    }
}
