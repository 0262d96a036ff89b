// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import dev.netecho.spi.OpenFiles;

/**
 * Chooses how this process calls the C library.
 *
 * <p>That is {@code java.lang.foreign} if this is JDK 22 or newer and grants native access to this library, else JNA.
 * If the first choice cannot be used, the other is tried: without JNA, JDK 22 and newer work too, and warn.
 */
final class Bindings {
    /** The system property that names the only binding to try, for tests and diagnosis. */
    static final String PROPERTY = "netecho.binding";

    static final String FFM = "ffm";
    static final String JNA = "jna";

    private static final int FIRST_JDK_WITH_FOREIGN = 22;

    private Bindings() {}

    /**
     * Opens the binding.
     *
     * @throws LibCUnavailableException if none can be used, with the reason of each
     */
    static Binding open() {
        String only = System.getProperty(PROPERTY, "");
        return switch (only) {
            case "" ->
                Runtime.version().feature() < FIRST_JDK_WITH_FOREIGN
                        ? open(JNA)
                        : isGranted(Bindings.class.getModule()) ? open(FFM, JNA) : open(JNA, FFM);
            case FFM, JNA -> open(only);
            default ->
                throw new LibCUnavailableException(
                        "the system property " + PROPERTY + " is \"" + only + "\"",
                        "set it to " + FFM + " or " + JNA + ", or leave it out",
                        null);
        };
    }

    private static Binding open(String first, String second) {
        LibCUnavailableException failure;
        try {
            return open(first);
        } catch (LibCUnavailableException e) {
            failure = e;
        }
        try {
            return open(second);
        } catch (LibCUnavailableException e) {
            throw LoadFailure.both(failure, e);
        }
    }

    private static Binding open(String name) {
        boolean foreign = name.equals(FFM);
        try {
            return foreign ? new ForeignBinding() : JnaBinding.open();
        } catch (OutOfMemoryError | StackOverflowError e) {
            throw e;
        } catch (Throwable e) {
            // InternalError: the JDK's own, such as when it cannot read java.security, which JNA's logger needs.
            // Error as such: JNA throws a plain java.lang.Error for a native library of the wrong version.
            String module = LibC.class.getModule().getName();
            throw LoadFailure.explain(foreign, e, module == null ? "" : module, OpenFiles.areScarce());
        }
    }

    /** {@return whether this JVM lets the module call native code without a warning} */
    private static boolean isGranted(Module module) {
        try {
            // Since JDK 22.
            return (boolean) Module.class.getMethod("isNativeAccessEnabled").invoke(module);
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
