// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import dev.netecho.backend.JnaFailure;
import dev.netecho.backend.NativeBinding;
import dev.netecho.spi.Availability;
import dev.netecho.spi.OpenFiles;

/**
 * Turns what a binding throws while it loads into a reason and a remedy.
 *
 * <p>Java keeps no error number, and the texts of the system are in its language. The caller tries out whether
 * descriptors are left.
 */
final class LoadFailure {
    private static final String TEMPORARY_DIRECTORY_REMEDY = "start the JVM with -Djna.tmpdir=DIRECTORY, naming a"
            + " directory that this user may write to and that is not mounted noexec";

    /** The first whose NativeLibrary can be closed; embedding/run tries it, and the one before. */
    private static final String OLDEST_JNA = "5.12.0";

    private LoadFailure() {}

    /** Loads what this class needs: without descriptors, no class can be read from a folder. */
    static void prepare() {
        availability(explain(false, new UnsatisfiedLinkError(), "", true));
        OpenFiles.areScarce();
    }

    /**
     * {@return the exception that tells an operator what {@code thrown} means}
     *
     * @param foreign whether {@code java.lang.foreign} was tried, or JNA
     * @param thrown what loading threw
     * @param moduleName the name of the module of the bindings, or the empty string on the class path
     * @param descriptorsUsedUp what {@link OpenFiles#areScarce} says
     */
    static LibCUnavailableException explain(
            boolean foreign, Throwable thrown, String moduleName, boolean descriptorsUsedUp) {
        JnaFailure failure = new JnaFailure(thrown, moduleName);
        if (descriptorsUsedUp) {
            return new LibCUnavailableException(
                    "too few file descriptors are left for loading "
                            + (foreign ? NativeBinding.FOREIGN : NativeBinding.JNA).title()
                            + " (EMFILE or ENFILE; " + failure.text() + ")",
                    OpenFiles.REMEDY,
                    thrown);
        }
        if (failure.says("Error looking up function")) {
            return new LibCUnavailableException(
                    "this C library lacks a function that Netecho needs (" + failure.text() + ")",
                    "run on glibc 2.17, musl 1.1 or newer",
                    thrown);
        }
        return foreign ? of(NativeBinding.foreignFailure(thrown, moduleName)) : jna(failure, thrown);
    }

    /** {@return why neither binding can be used} */
    static LibCUnavailableException both(LibCUnavailableException first, LibCUnavailableException second) {
        LibCUnavailableException both = of(NativeBinding.both(availability(first), availability(second)));
        both.addSuppressed(second);
        return both;
    }

    private static Availability availability(LibCUnavailableException failure) {
        return Availability.unavailable(failure.reason(), failure.remedy(), failure.getCause());
    }

    /** {@return the exception that says the same} */
    static LibCUnavailableException of(Availability failure) {
        return new LibCUnavailableException(
                failure.why(), failure.remedy(), failure.cause().orElse(null));
    }

    private static LibCUnavailableException jna(JnaFailure failure, Throwable thrown) {
        Availability known = failure.ofText("linux-*");
        if (known == null && (failure.says("failed to map segment") || failure.says("cannot enable executable"))) {
            return new LibCUnavailableException(
                    "JNA's native library cannot be mapped: the temporary directory is mounted noexec ("
                            + failure.text() + ")",
                    TEMPORARY_DIRECTORY_REMEDY,
                    thrown);
        }
        if (known == null
                && (failure.says("temporary directory")
                        || failure.says("temporary file")
                        || failure.says("No space left on device")
                        || failure.says("Permission denied"))) {
            return new LibCUnavailableException(
                    "JNA cannot unpack its native library into the temporary directory (" + failure.text() + ")",
                    TEMPORARY_DIRECTORY_REMEDY,
                    thrown);
        }
        Availability explained = known == null ? failure.ofType(OLDEST_JNA) : known;
        return of(explained);
    }
}
