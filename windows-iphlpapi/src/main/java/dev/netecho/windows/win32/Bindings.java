// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import dev.netecho.backend.NativeBinding;
import dev.netecho.spi.Availability;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Loads the {@link Binding} of this process: the first choice of {@link NativeBinding}, or if that cannot be used, the
 * other. Thread-safe.
 *
 * <p>The outcome is final for the process, because a class of JNA that has failed to initialise stays unusable.
 */
public final class Bindings {
    private static final Object LOCK = new Object();
    private static final AtomicReference<@Nullable Binding> LOADED = new AtomicReference<>();
    private static final AtomicReference<@Nullable Availability> FAILURE = new AtomicReference<>();

    private Bindings() {}

    /**
     * {@return the binding}
     *
     * @throws Win32UnavailableException if the system's libraries cannot be called here, with a remedy
     */
    public static Binding load() {
        synchronized (LOCK) {
            Binding loaded = LOADED.get();
            if (loaded != null) {
                return loaded;
            }
            Availability failure = FAILURE.get();
            if (failure == null) {
                failure = open();
            }
            if (failure == null) {
                return load();
            }
            FAILURE.set(failure);
            throw new Win32UnavailableException(
                    failure.why(), failure.remedy(), failure.cause().orElse(null));
        }
    }

    /** {@return why none can be used; null if one is loaded} */
    private static @Nullable Availability open() {
        List<NativeBinding> order = NativeBinding.order(Bindings.class.getModule());
        Availability failure = order.isEmpty() ? NativeBinding.noOrder() : null;
        for (NativeBinding each : order) {
            try {
                LOADED.set(each == NativeBinding.FOREIGN ? new ForeignBinding() : new JnaBinding());
                return null;
            } catch (OutOfMemoryError | StackOverflowError e) {
                throw e; // not what InternalError is: the other binding may work
            } catch (RuntimeException | Error e) {
                // Error as such: JNA throws a plain java.lang.Error for a native library of the wrong version.
                String module = Bindings.class.getModule().getName();
                Availability explained =
                        LoadFailure.explain(each, e, module == null ? "" : module, LoadFailure.temporaryDirectory());
                failure = failure == null ? explained : NativeBinding.both(failure, explained);
            }
        }
        return failure;
    }
}
