// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import dev.netecho.backend.ForeignFunctions;
import dev.netecho.backend.NativeBinding;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Looks up all that {@link ForeignBinding} does, in the C library of Linux, because kernel32 is on Windows only. */
public final class LookupProgram {
    private LookupProgram() {}

    public static void main(String[] arguments) throws Throwable {
        if (NativeBinding.order(LookupProgram.class.getModule()).isEmpty()) {
            throw new IllegalStateException("no order");
        }
        ForeignFunctions functions =
                new ForeignFunctions(LookupProgram::reflect, ForeignBinding.MOST_ARGUMENTS, "errno");
        MethodHandle malloc = functions.function(functions.find("malloc"));
        MethodHandle free = functions.function(functions.find("libc.so.6", "free"));
        long block = (long) malloc.invokeExact(8L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
        functions.buffer(block, 8).putLong(0, 4711);
        long unused = (long) free.invokeExact(block, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
        int unusedError = functions.lastError();
        MethodHandle completed = MethodHandles.lookup()
                .findStatic(
                        LookupProgram.class,
                        "completed",
                        MethodType.methodType(void.class, long.class, long.class, long.class));
        functions.callback(completed).close();
    }

    private static @Nullable Object reflect(Method method, @Nullable Object target, Object... arguments)
            throws IllegalAccessException, InvocationTargetException {
        return method.invoke(target, arguments);
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // for the method handle
    private static void completed(long apcContext, long ioStatusBlock, long reserved) {}
}
