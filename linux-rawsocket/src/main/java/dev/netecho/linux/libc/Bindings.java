// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import dev.netecho.backend.NativeBinding;
import dev.netecho.spi.OpenFiles;
import java.util.List;

/** Opens the {@link NativeBinding} of this process: the first choice, or if that cannot be used, the other. */
final class Bindings {
    private Bindings() {}

    /**
     * Opens the binding.
     *
     * @throws LibCUnavailableException if none can be used, with the reason of each
     */
    static Binding open() {
        List<NativeBinding> order = NativeBinding.order(Bindings.class.getModule());
        if (order.isEmpty()) {
            throw LoadFailure.of(NativeBinding.noOrder());
        }
        LibCUnavailableException failure = null;
        for (NativeBinding each : order) {
            try {
                return open(each);
            } catch (LibCUnavailableException e) {
                failure = failure == null ? e : LoadFailure.both(failure, e);
            }
        }
        throw failure;
    }

    private static Binding open(NativeBinding binding) {
        try {
            return binding == NativeBinding.FOREIGN ? new ForeignBinding() : JnaBinding.open();
        } catch (OutOfMemoryError | StackOverflowError e) {
            throw e;
        } catch (Throwable e) {
            // InternalError: the JDK's own, such as when it cannot read java.security, which JNA's logger needs.
            // Error as such: JNA throws a plain java.lang.Error for a native library of the wrong version.
            String module = LibC.class.getModule().getName();
            throw LoadFailure.explain(
                    binding == NativeBinding.FOREIGN, e, module == null ? "" : module, OpenFiles.areScarce());
        }
    }
}
