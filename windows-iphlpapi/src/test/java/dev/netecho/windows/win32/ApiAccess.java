// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import com.sun.jna.NativeLibrary;

/** Lets the tests of the engine put a library of their own under the binding. */
public final class ApiAccess {
    private ApiAccess() {}

    /** {@return the heap of the binding, which needs no Windows} */
    public static NativeHeap heap() {
        return System.getProperty("os.name").startsWith("Windows")
                ? Bindings.load().heap()
                : new ProcessHeap();
    }

    public static Icmp6Api icmp6In(String library) {
        return Bindings.load() instanceof ForeignBinding
                ? ForeignBinding.icmp6In(library)
                : JnaBinding.icmp6In(library);
    }

    public static IpErrorApi ipErrorsIn(String library) {
        return Bindings.load() instanceof ForeignBinding
                ? ForeignBinding.ipErrorsIn(library)
                : JnaBinding.ipErrorsIn(library);
    }

    /** {@return what a function without parameters returns} */
    public static int ask(String library, String function) {
        if (!(Bindings.load() instanceof ForeignBinding)) {
            return NativeLibrary.getInstance(library).getFunction(function).invokeInt(new Object[0]);
        }
        try {
            return (int) (long) ForeignBinding.function(library, function)
                    .invokeExact(0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
